"""A worker of a release that does not know one kind of command: `python -m … KIND`."""

import sys

from shared.envelope import COMMANDS
from worker.main import main

if __name__ == "__main__":
    del COMMANDS[sys.argv[1]]
    sys.exit(main())
