"""`python -m bot`."""

import sys

from shared import starting

if __name__ == "__main__":
    starting.disable_gc()
    from bot.main import main

    sys.exit(main())
