import socket
import threading

import pytest

from shared import health


def answering(answer: bytes) -> int:
    """Serve one connection; return its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("answer", "code"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", 0), (b"HTTP/1.1 503 No\r\n\r\n", 1), (b"", 1), (b"nonsense\r\n", 1)],
)
def test_only_a_clear_answer_is_healthy(answer: bytes, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKER_METRICS_PORT", str(answering(answer)))
    assert health.main(["worker"]) == code


def test_nobody_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("BOT_PORT", str(port))
    assert health.main(["bot"]) == 1
    assert "bot does not answer" in capsys.readouterr().err


def test_whose_health() -> None:
    assert health.main([]) == 2
