import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.options import Options
from sandbox.system import Sandbox
from tests.browser import browser
from tests.client import ClientApi
from tests.e2e.stage import PATIENT, UNLIMITED, Stage
from tests.prepared import data_directory

__all__ = ["browser"]

WORKERS = 4
FIGURES = pytest.StashKey[list[str]]()
MEASURED = "measured end to end"
LAST = "test_the_whole_runs_logs.py"


@asynccontextmanager
async def running_stage(data: Path, figures: list[str]) -> AsyncIterator[Stage]:
    """Run a sandbox in this process, so that its parts can be broken one by one."""
    sandbox = Sandbox(Options(data=data, port=0, workers=WORKERS, environment=PATIENT))
    try:
        await sandbox.start()
        async with ClientApi(sandbox.addresses.client_api) as api, aiohttp.ClientSession() as http:
            await api.call("PUT", "limits", UNLIMITED)
            yield Stage(sandbox, api, http, figures)
        await sandbox.stop()
    finally:
        await sandbox.kill()
        await asyncio.to_thread(sandbox.data.empty)
        await asyncio.to_thread(shutil.rmtree, sandbox.data.path)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(pytestconfig: pytest.Config, prepared: Path) -> AsyncIterator[Stage]:
    """One running system for all these tests."""
    figures: list[str] = []
    pytestconfig.stash[FIGURES] = figures
    async with running_stage(data_directory(prepared), figures) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def webhook(stage: Stage) -> AsyncIterator[Stage]:
    """Let the bot receive by webhook while a module's tests run."""
    await stage.receive_by("webhook")
    yield stage
    await stage.receive_by("polling")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the test that reads the whole run's logs come after the others."""
    items.sort(key=lambda item: item.path.name == LAST)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was measured to the process that prints, where tests run in several."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output[MEASURED] = session.config.stash.get(FIGURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - pytest-xdist is not typed
    """Take what a process measured."""
    if figures := getattr(node, "workeroutput", {}).get(MEASURED):
        node.config.stash[FIGURES] = figures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was measured on the way."""
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("end to end")
        for figure in figures:
            terminalreporter.write_line(figure)
