"""A blind person's hands: reads and presses what a window tells the accessibility bus, one JSON command a line.

Run by the system's Python, which has the bindings (``python3-gi``, ``gir1.2-atspi-2.0``). Commands: ``["tree"]``,
``["press", NAME]``, ``["type", NAME, TEXT]``, ``["see", TEXT]``, ``["until", NAME, TEXT]`` (press until it is seen).
Each answers with one JSON line: whether it was done, and everything that is on the screen now.
"""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")
import gi  # noqa: E402

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 40.0
BUTTONS = {"push button", "toggle button", "check box", "radio button"}


def window():
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(number)
        if program is not None and program.get_name() == "safelight" and program.get_child_count():
            return program
    return None


def shown(node, found):
    """Every element that is on the screen, in reading order."""
    for number in range(node.get_child_count()):
        child = node.get_child_at_index(number)
        if child is not None and child.get_state_set().contains(Atspi.StateType.SHOWING):
            found.append(child)
            shown(child, found)
    return found


def elements():
    program = window()
    return shown(program, []) if program is not None else []


def told(element):
    states = element.get_state_set()
    return {
        "role": element.get_role_name(),
        "name": element.get_name() or "",
        "enabled": states.contains(Atspi.StateType.SENSITIVE),
        "checked": states.contains(Atspi.StateType.CHECKED),
    }


def awaited(fits, patience=PATIENCE):
    end = time.monotonic() + patience
    while True:
        found = steadily(lambda: [each for each in elements() if fits(each)])
        if found:
            return found[0]
        if time.monotonic() > end:
            return None
        time.sleep(0.1)


def press(name):
    found = awaited(lambda each: each.get_role_name() in BUTTONS and each.get_name() == name and told(each)["enabled"])
    return found is not None and bool(found.do_action(0))


def write(name, text):
    def fits(each):
        return each.get_role_name() in ("text", "password text", "entry") and each.get_name() == name

    found = awaited(fits)
    return found is not None and bool(found.set_text_contents(text))


def see(text):
    return awaited(lambda each: text in (each.get_name() or "")) is not None


def until(name, text):
    for _ in range(8):
        if not press(name):
            return False
        if awaited(lambda each: text in (each.get_name() or ""), 3.0):
            return True
    return False


def steadily(work, *arguments):
    """Does it again when what it worked on went away meanwhile, as a page that is replaced does."""
    for _ in range(20):
        try:
            return work(*arguments)
        except GLib.Error:
            time.sleep(0.1)
    return None


def main():
    Atspi.init()
    doing = {"press": press, "type": write, "see": see, "until": until}
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        done = verb == "tree" or steadily(doing[verb], *arguments)
        tree = steadily(lambda: [told(each) for each in elements()])
        print(json.dumps({"done": bool(done), "tree": tree}), flush=True)


main()
