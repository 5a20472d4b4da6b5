"""Everything on paper: the receipt, the person's proof, drawn as PDF/A-3b and signed as PAdES; forms, cards, sheets.

It may import keys, documents, settings and domain, and it is the only room that touches reportlab, pikepdf, pyhanko,
uharfbuzz and bidi. It holds no wording: every sentence a person reads lies in ``resources/texts`` and, for cards and
recovery sheets, in ``resources/sheets``. Names and other people's words are data: nothing here ever parses markup.

Read ``page.py`` first (what a receipt says), then ``issue.py`` (``render_receipt``, ``sign_receipt``,
``verify_receipt``, ``attached_record``), then ``story.py`` (how it is told). ``cards.py`` and ``recovery_sheets.py``
are what is printed before a shoot.
"""
