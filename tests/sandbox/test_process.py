import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from sandbox.errors import ProcessStoppedError
from sandbox.process import ManagedProcess, Program, until
from tests.running import ROOT

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def python(tmp_path: Path, code: str) -> ManagedProcess:
    return ManagedProcess(Program("child", [sys.executable, "-c", code], tmp_path / "logs" / "child.log"))


async def ready(process: ManagedProcess) -> None:
    async def probe() -> bool:
        return "up" in process.program.log.read_text()

    await process.wait_ready(probe, seconds=20)


async def test_a_process_that_ends_early_is_explained(tmp_path: Path) -> None:
    process = python(tmp_path, "print('no such table'); raise SystemExit(3)").start()

    async def never() -> bool:
        return False

    with pytest.raises(ProcessStoppedError, match="child stopped with exit code 3") as failure:
        await process.wait_ready(never)
    assert "no such table" in str(failure.value)
    assert str(process.program.log) in str(failure.value)


async def test_a_process_that_is_not_ready_in_time_is_explained(tmp_path: Path) -> None:
    process = python(tmp_path, STUBBORN).start()

    async def never() -> bool:
        return False

    with pytest.raises(ProcessStoppedError, match=r"child was not ready after 0\.1 s"):
        await process.wait_ready(never, seconds=0.1)
    await process.kill()


async def test_a_program_that_does_not_exist_is_explained(tmp_path: Path) -> None:
    process = ManagedProcess(Program("ghost", [str(tmp_path / "ghost")], tmp_path / "log"))
    with pytest.raises(ProcessStoppedError, match=r"ghost cannot be started.*No such file"):
        process.start()


async def test_one_that_ignores_the_request_is_killed_with_its_children(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {STUBBORN}"
    process = python(tmp_path, code).start()
    await ready(process)
    family = [*psutil.Process(process.pid).children(), psutil.Process(process.pid)]
    assert await process.stop(grace=0.2) == -signal.SIGKILL
    await asyncio.wait_for(until(lambda: not any(map(alive, family))), 10)


async def test_a_paused_one_stops_too(tmp_path: Path) -> None:
    process = python(tmp_path, "import time; print('up', flush=True); time.sleep(600)").start()
    await ready(process)
    process.pause()
    assert await process.stop() == -signal.SIGTERM
    assert process.pid is None


async def test_it_starts_again_and_appends_to_its_log(tmp_path: Path) -> None:
    process = python(tmp_path, "print('once more', flush=True)").start()
    assert await process.wait() == 0
    assert await process.start().wait() == 0
    assert process.program.log.read_text() == "once more\n" * 2
    assert process.log_end().count("once more") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
async def test_a_killed_launcher_takes_its_children_along(tmp_path: Path) -> None:
    launcher = f"""
import sys, time
from pathlib import Path
from sandbox.process import ManagedProcess, Program
argv = [sys.executable, "-c", {STUBBORN!r}]
child = ManagedProcess(Program("child", argv, Path({str(tmp_path / "child.log")!r})))
print("up", child.start().pid, flush=True)
time.sleep(600)
"""
    argv = [sys.executable, "-c", launcher]
    process = ManagedProcess(
        Program("launcher", argv, tmp_path / "log", {**os.environ, "PYTHONPATH": str(ROOT)})
    )
    await ready(process.start())
    child = psutil.Process(int(process.program.log.read_text().split()[1]))
    assert child.is_running()
    process.signal(signal.SIGKILL)
    await process.wait()
    await asyncio.wait_for(until(lambda: not alive(child)), 10)


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
