"""What tests of several rooms share: makers of studios, bundles and receipts, people who answer, second opinions.

``from support.shoot import Shoot`` works in every test (``pythonpath`` in pyproject.toml). Nothing here is a test, and
the program never imports it. Programs that tests start as processes of their own stay beside the tests that start them,
except ``found_studio.py``, which many start.

- ``studio_maker``: a studio's archive, filled without the studio's verbs
- ``shoot``, ``guests``: an open studio with everything at hand; somebody who answers at its screen
- ``kiosk/``: the signing screen without a studio, driven and looked at, and the same way by wishes without a window
- ``ceremonies``: a whole way through the questions
- ``bundle_parts``, ``hostile_bundles``, ``deliveries``: honest bundles, spoilt ones, and studios that send them
- ``negatives``: a raw file, with or without what should not leave
- ``receipt_samples``: the content of a receipt
- ``slow_rules``, ``slow_clearance``: second opinions that share no code with the program
"""
