import socket

import pytest

from sandbox import ports
from sandbox.errors import SandboxError


def test_the_ports_of_one_sandbox_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LAST", ports.FIRST + 6)
    monkeypatch.setattr(ports, "is_free", lambda _port: True)
    assert sorted(ports.free_ports(6)) == list(range(ports.FIRST, ports.FIRST + 6))
    assert ports.FIRST not in ports.free_ports(5, besides=ports.FIRST)
    with pytest.raises(SandboxError, match="Too few ports"):
        ports.free_ports(7)


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])
