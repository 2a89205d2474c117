import asyncio
import shutil
from asyncio.subprocess import PIPE
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from compose.backup.figures import Figures
from shared.metrics import render
from tests.operations.page import Described, described
from tests.operations.registries import bot_registry, families, labels, worker_registry

EVERY, BOT = "Every process", "Bot"
WORKER = ("Worker: commands", "Worker: queues", "Worker: delivery")


def real(registry: CollectorRegistry) -> dict[str, Described]:
    return {
        name: Described(family.type, labels(registry, name)) for name, family in families(registry).items()
    }


async def test_the_page_describes_the_bot() -> None:
    assert real(bot_registry()) == described(EVERY, BOT)


async def test_the_page_describes_the_worker() -> None:
    assert real(worker_registry()) == described(EVERY, *WORKER)


def test_the_page_describes_the_backup() -> None:
    families = text_string_to_metric_families(Figures().text())
    found = {family.name + ("_total" if family.type == "counter" else ""): family.type for family in families}
    assert found == {name: it.type for name, it in described("Backup").items()}


@pytest.mark.parametrize("make", [bot_registry, worker_registry])
async def test_promtool_finds_nothing_to_say(make: Callable[[], CollectorRegistry]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (on Debian and Ubuntu: apt-get install prometheus)")
    check = await asyncio.create_subprocess_exec(
        promtool, "check", "metrics", stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    said = await check.communicate(render(make()))
    assert (check.returncode, said) == (0, (b"", b""))
