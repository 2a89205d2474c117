"""`python -m worker`."""

import sys

from shared import starting

if __name__ == "__main__":
    starting.disable_gc()
    from worker.main import main

    sys.exit(main())
