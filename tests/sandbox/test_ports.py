import socket
import sys

import pytest

from sandbox import ports
from sandbox.errors import SandboxError

linux = pytest.mark.skipif(sys.platform != "linux", reason="ports are held on Linux alone")


def narrow(monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """Leave so many ports to pick from, all of them free."""
    while True:
        first = ports.free_port()
        several = list(range(first, first + count))
        if all(map(ports.is_free, several)):
            break
    monkeypatch.setattr(ports, "FIRST", first)
    monkeypatch.setattr(ports, "LAST", first + count)
    return several


def test_the_ports_of_one_sandbox_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    several = narrow(monkeypatch, 6)
    assert sorted(ports.HeldPorts(6).numbers) == several
    assert several[0] not in ports.HeldPorts(5, besides=several[0]).numbers
    with pytest.raises(SandboxError, match="Too few ports"):
        ports.HeldPorts(7)


@linux
def test_a_held_port_is_for_its_holder_s_servers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    [port] = narrow(monkeypatch, 1)
    held = ports.HeldPorts()
    assert held.numbers == [port]
    for _ in range(2):  # a server that is started, killed, and started again
        with pytest.raises(SandboxError, match="Too few ports"):
            ports.HeldPorts()
        with socket.create_server((ports.LOOPBACK, port)):
            assert not ports.is_free(port)
        assert ports.is_free(port)
    del held
    assert ports.free_port() == port


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        assert not ports.is_free(server.getsockname()[1])
