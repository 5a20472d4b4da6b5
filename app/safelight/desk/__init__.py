"""The photographer's desk: the window a studio works at all day.

It may import ``qt``, ``studio``, ``agency``, ``settings`` and ``domain``; never another door, and nothing that lies
below the studio. ``bootstrap`` hands in what it cannot see: the signing screen (``signing_screen.py``) and the
demonstration (``demonstration.py``).

Read ``desk.py`` first: it is what every screen is given. Then ``screen.py``, what every screen keeps to, and
``screens.py``, where they are named in the order of their tabs. ``opening.py`` says how a start goes: the first window
is painted before anything of a studio is loaded, so nothing it imports may import ``studio`` at its top.
``making.py`` says when the screens are made: each in a turn of its own (``turns.py``), so that the window never stops
for 50 ms; ``open_screen`` keeps below that, and leaves to the first look what is not seen at once.

A screen is a package of its own:

    <key>.screen         ``open_screen(desk) -> Screen``: makes view and presenter and connects them
    <key>.view           widgets; signals ``…_asked`` go out, ``show…(rows)`` comes in; asks nobody
    <key>.presenter      a QObject without widgets: asks ``studio/queries`` by ``desk.jobs.read``, acts by a verb in
                         ``desk.jobs.write``, looks again on ``desk.jobs.changed``
    <key>.rows           frozen values the view shows

Its words are ``resources/desk/<language>/<key>.json``, read by ``desk.words.get("<key>.thing")``. Long work goes
through ``desk.status.long`` and gets its bar, count and cancel at the foot of the window. An act that can be taken back
is pushed on ``desk.undo`` once its verb succeeded. A sentence for people is ``desk.say(title, hint)``, an error
``desk.failed(error)`` (``failures.told`` where a page shows it itself); there are no message boxes. ``desk.signing``
hands the signing screen over and takes it back. Shortcuts come from ``keys.bind``, letters of a grid from
``keys.letter_act``. When the desk is covered the window calls the screen's ``forget``: pixmaps and names go; ``opened``
follows when somebody is back.
"""
