"""The launcher, as people meet it: real runs, what it says, and that it leaves nothing behind."""

import shutil
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from aiohttp import ClientSession

from tests.client import ClientApi
from tests.running import SandboxRun, await_line, launch, make_data_directory, running_sandbox

HANGING_SECONDS = 15


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """One data directory for the runs of this module: each later one starts on the data of the one before."""
    directory = make_data_directory()
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def refused(data: Path, *arguments: str, port: int = 0) -> str:
    """Start a sandbox that cannot run; return its sentence."""
    process = launch(data, *arguments, port=port)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert "Traceback" not in errors
    return errors


def left_behind(data: Path) -> list[psutil.Process]:
    """Return the processes that still write to the sandbox's logs."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(file.path.startswith(str(data)) for file in process.open_files()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def gone(family: Sequence[psutil.Process], data: Path) -> bool:
    """Tell whether these end, and whatever they have started since they were listed."""
    _, alive = psutil.wait_procs(family, timeout=HANGING_SECONDS)
    _, left = psutil.wait_procs(left_behind(data), timeout=HANGING_SECONDS)
    return not alive and not left


async def test_it_describes_itself_and_everything_answers(sandbox_run: SandboxRun) -> None:
    names = {"sandbox", "postgres", "valkey", "telegram", "bot", "worker-1", "worker-2"}
    assert set(sandbox_run.pids) == names
    assert sandbox_run.described["admin_ids"] == [1000]
    assert sandbox_run.database_url.startswith("postgresql+asyncpg://")
    async with ClientSession() as http:
        for url in (
            sandbox_run.webchat,
            f"{sandbox_run.client_api}/health",
            f"{sandbox_run.telegram_api}/bot{sandbox_run.bot_token}/getMe",
            f"{sandbox_run.bot}/health",
            f"{sandbox_run.bot}/ready",
            *sandbox_run.workers,
        ):
            async with http.get(url) as response:
                assert response.status == 200, url
    assert {urlsplit(url).hostname for url in (sandbox_run.webchat, sandbox_run.redis_url)} == {"127.0.0.1"}


async def test_the_demo_people_are_there(client_api: ClientApi) -> None:
    users = {user["id"]: user["first_name"] for user in await client_api.call("GET", "users")}
    expected = {1000: "Olivia", 1001: "Alice", 1002: "Boris", 2001: "Anna", 2002: "Carlos", 2003: "Мария"}
    assert expected.items() <= users.items()


async def test_who_works_there_has_opened_the_bot_already(client_api: ClientApi) -> None:
    for number in (1000, 1001, 1002):
        messages = (await client_api.call("GET", f"chats/{number}"))["messages"]
        assert messages[0]["text"] == "/start"


async def test_a_customer_is_answered(client_api: ClientApi) -> None:
    nora = await client_api.user(90_001, "Nora")
    await nora.say("/start")
    assert await nora.wait_message("Barber & Co")


def test_a_second_one_with_the_same_data_is_refused(sandbox_run: SandboxRun) -> None:
    data = Path(sandbox_run.described["logs"]).parent
    owner = sandbox_run.pids["sandbox"]
    assert f"Another sandbox (process {owner}) is using {data}" in refused(data)
    assert sandbox_run.process.poll() is None


def test_a_setting_of_the_shell_reaches_its_processes(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_PER_SECOND", "many")
    assert "SEND_PER_SECOND has to be a whole number" in refused(data)


def test_a_taken_port_is_named(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refused(data, port=port)
    assert f"Port {port} is taken" in sentence
    assert "--port" in sentence
    assert not left_behind(data)


def test_a_missing_business_file_is_named(data: Path, tmp_path: Path) -> None:
    assert f"There is no business file {tmp_path / 'none.yaml'}" in refused(
        data, "--business", str(tmp_path / "none.yaml")
    )


def test_a_wrong_business_file_is_explained_in_its_own_words(data: Path, tmp_path: Path) -> None:
    business = tmp_path / "business.yaml"
    business.write_text("business: {name: Shop, timezone: Mars/Olympus, currency: EUR}\n")
    sentence = refused(data, "--business", str(business))
    assert "Mars/Olympus" in sentence
    assert "exit code" not in sentence
    assert not left_behind(data)


async def test_ctrl_c_stops_everything_and_keeps_the_data(data: Path) -> None:
    with running_sandbox(data) as run:
        token = run.bot_token
        async with ClientApi(run.client_api) as api:
            anna = await api.known_user(2001)
            await anna.say("/start")
            kept = await anna.wait_message()
        family = run.family()
        run.process.send_signal(signal.SIGINT)
        assert run.wait() == (0, "")
        assert gone(family, data)
    with running_sandbox(data) as run:
        assert run.bot_token == token
        assert not (data / "logs" / "business.log").exists()
        async with ClientApi(run.client_api) as api:
            anna = await api.known_user(2001)
            assert kept["text"] in [message.get("text") for message in await anna.messages()]


def test_sigterm_stops_it_even_when_parts_hang(data: Path) -> None:
    with running_sandbox(data, "--workers", "1") as run:
        family = run.family()
        for name in ("worker-1", "telegram"):
            psutil.Process(run.pids[name]).send_signal(signal.SIGSTOP)
        run.process.terminate()
        assert run.wait(HANGING_SECONDS) == (0, "")
        assert gone(family, data)


def test_a_second_ctrl_c_hurries(data: Path) -> None:
    with running_sandbox(data, "--workers", "1") as run:
        family = run.family()
        psutil.Process(run.pids["bot"]).send_signal(signal.SIGSTOP)
        run.process.send_signal(signal.SIGINT)
        run.process.send_signal(signal.SIGTERM)
        assert run.wait(HANGING_SECONDS) == (0, "")
        assert gone(family, data)


def test_stopping_in_the_middle_of_a_start_leaves_nothing(data: Path) -> None:
    process = launch(data)
    while not (children := psutil.Process(process.pid).children(recursive=True)):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=HANGING_SECONDS) == ("", "")
    assert process.returncode == 0
    assert gone(children, data)


def test_a_part_that_crashes_later_ends_the_run_with_the_reason(data: Path) -> None:
    with running_sandbox(data, "--workers", "1") as run:
        family = run.family()
        psutil.Process(run.pids["worker-1"]).kill()
        code, errors = run.wait()
        assert code == 1
        assert "worker-1 stopped with signal SIGKILL" in errors
        assert str(data / "logs" / "worker-1.log") in errors
        assert "worker started" in errors
        assert gone(family, data)


def test_a_part_that_crashes_at_the_start_is_explained(data: Path) -> None:
    state = data / "telegram" / "state"
    state.parent.mkdir(exist_ok=True)
    state.unlink(missing_ok=True)
    state.write_text("not a state file " * 100)
    try:
        sentence = refused(data)
    finally:
        state.unlink()
    assert "telegram stopped with exit code 1" in sentence
    assert f"{state} cannot be used" in sentence
    assert not left_behind(data)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell children")
def test_nothing_outlives_a_killed_launcher_and_the_next_start_works(data: Path) -> None:
    with running_sandbox(data, "--workers", "1") as run:
        family = run.family()
        run.process.kill()
        run.wait()
        with running_sandbox(data, "--workers", "1") as again:
            assert again.bot_token == run.bot_token
        assert gone(family, data)


def test_a_half_made_database_is_named_and_fresh_heals_it(data: Path) -> None:
    shutil.rmtree(data / "postgres")
    (data / "postgres" / "data").mkdir(parents=True)
    (data / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    sentence = refused(data)
    assert f"{data / 'postgres' / 'data'} holds a half-made database" in sentence
    assert "--fresh" in sentence
    assert not left_behind(data)
    process = launch(data, "--fresh", "--workers", "1")
    run = await_line(process)
    process.terminate()
    assert run.wait() == (0, "")
