"""Ports on loopback."""

import secrets
import socket

from sandbox.errors import SandboxError

LOOPBACK = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections: a process that is
# restarted finds its port still free.
FIRST, LAST = 20_000, 32_000
TRIES = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nothing listens on."""
    return free_ports(1)[0]


def free_ports(count: int, *, besides: int = 0) -> list[int]:
    """Return different ports that nothing listens on, none of them `besides`."""
    found: list[int] = []
    for _ in range(TRIES * count):
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if port not in (besides, *found) and is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise SandboxError(f"Too few ports between {FIRST} and {LAST} are free on {LOOPBACK}.")
