import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


SILENT = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    input()
"""


@contextmanager
def silent_process() -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """Run a process that listens and never answers, like one that is stopped."""
    command = [sys.executable, "-c", SILENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGSTOP)
        yield process, port
        process.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The note of a silence, and little patience within one question."""
    monkeypatch.setattr(health, "SECONDS", 0.2)
    monkeypatch.setattr(health, "NOTES", tmp_path)
    return tmp_path / "bellhop-worker-silent"


def test_a_process_that_is_silent_for_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, impatient: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with silent_process() as (process, port):
        monkeypatch.setenv("WORKER_METRICS_PORT", port)
        assert health.main(["worker", "60"]) == 1
        assert health.main(["worker", "60"]) == 1
        assert process.poll() is None, "it is given its time"
        impatient.write_text(str(float(impatient.read_text()) - 60))
        assert health.main(["worker", "60"]) == 1
        assert process.wait(10) == -signal.SIGKILL
    assert f"process {process.pid} is ended" in capsys.readouterr().err
    assert not impatient.exists(), "the next one begins anew"


def test_without_a_limit_nothing_is_ended(monkeypatch: pytest.MonkeyPatch, impatient: Path) -> None:
    with silent_process() as (process, port):
        monkeypatch.setenv("WORKER_METRICS_PORT", port)
        impatient.write_text("0")
        assert health.main(["worker"]) == 1
        assert process.poll() is None


def test_an_answer_ends_the_silence(monkeypatch: pytest.MonkeyPatch, impatient: Path) -> None:
    impatient.write_text("0")
    monkeypatch.setenv("WORKER_METRICS_PORT", str(answering(b"HTTP/1.1 200 OK\r\n\r\n")))
    assert health.main(["worker", "60"]) == 0
    assert not impatient.exists()


@pytest.mark.parametrize("patience", ["soon", "-1"])
def test_how_long_is_a_number_of_seconds(patience: str) -> None:
    assert health.main(["worker", patience]) == 2
