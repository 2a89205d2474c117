"""`python -m shared.health bot|worker`: asks this container's own process whether it lives.

The image's health check: it needs no curl, and imports next to nothing, for it runs often.
"""

import os
import socket
import sys
from collections.abc import Sequence
from typing import Final

PORTS: Final = {"bot": ("BOT_PORT", "8080"), "worker": ("WORKER_METRICS_PORT", "9101")}
SECONDS: Final = 4.0
QUESTION: Final = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"


def status(port: int) -> int:
    """Ask /health on loopback and return its status code. Raises OSError when nothing answers."""
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.sendall(QUESTION)
        line = connection.makefile("rb").readline(100).split()
    return int(line[1]) if len(line) > 1 and line[1].isdigit() else 0


def main(arguments: Sequence[str]) -> int:
    """Return 0 when the process answers that it lives; else say why not."""
    name = arguments[0] if arguments else ""
    if name not in PORTS:
        sys.stderr.write("usage: python -m shared.health bot|worker\n")
        return 2
    variable, default = PORTS[name]
    try:
        code = status(int(os.environ.get(variable) or default))
    except OSError as error:
        sys.stderr.write(f"{name} does not answer: {error}\n")
        return 1
    sys.stdout.write(f"{name} answers {code}\n")
    return 0 if code == 200 else 1  # noqa: PLR2004 - the status code of OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
