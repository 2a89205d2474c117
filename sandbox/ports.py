"""Ports on loopback."""

import secrets
import socket
import sys
import weakref

from sandbox.errors import SandboxError

LOOPBACK = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections.
FIRST, LAST = 20_000, 32_000
TRIES = 200


class HeldPorts:
    """Different ports that nobody else gets as long as this object lives, none of them `besides`.

    A process that is killed and started again finds its port still free. The ports are held by
    sockets that are bound and never listen: a server may bind beside them with SO_REUSEADDR,
    as all of ours do; another holder may not. Only Linux allows that, so elsewhere the ports were
    free when they were picked, and no more.
    """

    def __init__(self, count: int = 1, *, besides: int = 0) -> None:
        held: dict[int, socket.socket] = {}
        weakref.finalize(self, _release, held)
        tries = 0
        while len(held) < count:
            if (tries := tries + 1) > TRIES * count:
                raise SandboxError(f"Too few ports between {FIRST} and {LAST} are free on {LOOPBACK}.")
            port = FIRST + secrets.randbelow(LAST - FIRST)
            if port not in (besides, *held) and (holder := _hold(port)) is not None:
                held[port] = holder
        if sys.platform != "linux":
            _release(held)
        self.numbers = list(held)


def free_port() -> int:
    """Return a port that nobody listens on or holds, for a server that is about to start."""
    return HeldPorts().numbers[0]


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _hold(port: int) -> socket.socket | None:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        holder.bind((LOOPBACK, port))
    except OSError:
        holder.close()
        return None
    # Allowed only now: two holders that allowed it from the start would get the same port.
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return holder


def _release(held: dict[int, socket.socket]) -> None:
    for holder in held.values():
        holder.close()
