"""`python -m shared.health bot|worker [SECONDS]`: asks this container's own process whether it lives.

The image's health check: it needs no curl, and imports next to nothing, for it runs often. With SECONDS it
ends a process that has not answered for so long: Compose starts again what ends, and not what hangs.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

PORTS: Final = {"bot": ("BOT_PORT", "8080"), "worker": ("WORKER_METRICS_PORT", "9101")}
SECONDS: Final = 4.0
QUESTION: Final = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"
LISTENS: Final = "0A"
NOTES: Final = Path("/tmp")  # noqa: S108 - the container's own # nosec B108
USAGE: Final = "usage: python -m shared.health bot|worker [SECONDS]\n"


def status(port: int) -> int:
    """Ask /health on loopback and return its status code. Raises OSError when nothing answers."""
    ends = time.monotonic() + SECONDS
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.settimeout(max(0.1, ends - time.monotonic()))
        connection.sendall(QUESTION)
        line = connection.makefile("rb").readline(100).split()
    return int(line[1]) if len(line) > 1 and line[1].isdigit() else 0


def main(arguments: Sequence[str]) -> int:
    """Return 0 when the process answers that it lives; else say why not."""
    name, patience = (*arguments, "", "")[:2]
    if name not in PORTS or not (patience or "1").isdigit():
        sys.stderr.write(USAGE)
        return 2
    variable, default = PORTS[name]
    port = int(os.environ.get(variable) or default)
    if _answers(name, port):
        _note(name).unlink(missing_ok=True)
        return 0
    if patience and _silent_for(name) >= int(patience):
        _end(name, port)
    return 1


def _answers(name: str, port: int) -> bool:
    try:
        code = status(port)
    except OSError as error:
        sys.stderr.write(f"{name} does not answer: {error}\n")
        return False
    sys.stdout.write(f"{name} answers {code}\n")
    return code == 200  # noqa: PLR2004 - the status code of OK


def _note(name: str) -> Path:
    """Return where it is noted since when the process has been silent."""
    return NOTES / f"bellhop-{name}-silent"


def _silent_for(name: str) -> float:
    """Return for how many seconds it has been silent: from now on, where no silence was noted."""
    now, note = time.monotonic(), _note(name)
    try:
        return now - float(note.read_text())
    except (OSError, ValueError):
        note.write_text(str(now))
        return 0.0


def _end(name: str, port: int) -> None:
    for process in _listeners(port):
        sys.stderr.write(f"{name} has been silent for too long: process {process} is ended\n")
        os.kill(process, signal.SIGKILL)
    _note(name).unlink(missing_ok=True)


def _listeners(port: int) -> Iterator[int]:
    """Find who listens on a port, among the processes that this one may end."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                yield int(process.name)


def _listening(port: int) -> Iterator[str]:
    """Return the inodes of the listening sockets on a port: columns 2, 4 and 10 of the kernel's tables."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[1].endswith(f":{port:04X}") and columns[3] == LISTENS:
                    yield columns[9]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
