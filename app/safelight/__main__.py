"""``python -m safelight``: the same as the ``safelight`` command."""

import sys

from safelight.bootstrap import main

if __name__ == "__main__":
    sys.exit(main())
