"""The shoot screen: who is on set, what comes in of them, and what is doubtful; the heart of a day at the desk.

Begin with ``screen.py``, which joins the view to its presenter. Views paint ``rows.py`` and say what somebody wants;
the presenter asks the studio and acts by its verbs.
"""
