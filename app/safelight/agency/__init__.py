"""What an agency can do: one plain function per verb, each taking the open agency first.

An agency trusts studios, takes their bundles into a sealed catalogue, and asks: may we use this picture for that,
there, on that day? The decision is ``domain``'s; this room brings the facts together and keeps account of what was
asked. It may import every room below it, not ``studio``, and is imported by the doors. Read ``open_agency.py`` first,
then ``imports.py`` (how a bundle comes in) and ``questions.py`` (how an answer is found). What doors list is asked of
``queries``.
"""
