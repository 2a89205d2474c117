"""The operator's one command: each tool is found, and what is done on the host is explained."""

import asyncio
import importlib
import io
import re
from datetime import datetime

import pytest

from sandbox.postgres import PostgresCluster
from shared.clock import SystemClock
from tests.compose.files import SINGLE, services
from tests.running import ROOT
from tests.worker.shop import ANNA, FILE, NOW, Shop
from worker import tools
from worker.lost.rules import KnownVisit

USES = [
    ["business", "apply", "--dry-run", "-"],
    ["dead", "list"],
    ["lost"],
    ["people", "export", str(ANNA)],
    ["retention", "--days", "1"],
    ["slots", "Cut", "--from", "2026-11-25", "--to", "2026-11-25"],
]
LOST_VISIT = KnownVisit(
    business_id=1,
    number=7,
    live=True,
    start=NOW,
    end=NOW,
    timezone="Europe/Berlin",
    service="Cut",
    specialist="Alice",
    customer_id=ANNA,
)
PAGE = (ROOT / "docs/operate.md").read_text()


@pytest.mark.parametrize("name", tools.TOOLS)
def test_a_tool_is_what_its_module_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, _ = tools.TOOLS[name]
    with pytest.raises(SystemExit) as ended:
        tools.main([name, "--help"])
    assert ended.value.code == 0
    assert module.removesuffix(".__main__") in capsys.readouterr().out
    assert callable(importlib.import_module(module).main)


@pytest.mark.parametrize("name", tools.TOOLS)
def test_its_help_names_it_as_it_was_typed(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [tools.__file__])
    with pytest.raises(SystemExit):
        tools.main([name, "--help"])
    assert f"usage: bellhop {name} " in capsys.readouterr().out


def test_arguments_and_exit_codes_are_the_tools_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert tools.main(["dead", "retry"]) == 2
    assert "Which commands?" in capsys.readouterr().err


@pytest.mark.parametrize("name", tools.ELSEWHERE)
def test_what_is_done_on_the_host_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert tools.main([name]) == 0
    said = capsys.readouterr().out
    for service in re.findall(r"docker compose run (?:--\S+ )*(\w+)", said):
        assert service in services(SINGLE)
    for script in re.findall(r"compose/deploy/\w+\.sh", said):
        assert (ROOT / script).exists()


@pytest.mark.parametrize("arguments", USES, ids=lambda arguments: arguments[0])
async def test_postgresqls_clock_decides_what_is_over(
    arguments: list[str], shop: Shop, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the clock of the machine: one that is a year ahead would forget who has a visit tomorrow."""

    def not_asked(_: object) -> datetime:
        raise AssertionError("the machine's clock was asked")

    monkeypatch.setenv("DATABASE_URL", shop_url)
    monkeypatch.setenv("BUSINESS_ID", str(shop.business_id))
    monkeypatch.setattr(SystemClock, "now", not_asked)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FILE if "apply" in arguments else b"")))
    assert await asyncio.to_thread(tools.main, arguments) == 0


@pytest.mark.parametrize(
    "arguments", [["business", "export", "-"], *USES], ids=lambda each: " ".join(each[:2])
)
async def test_a_database_that_is_not_migrated_is_a_sentence(
    arguments: list[str],
    postgres_cluster: PostgresCluster,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As after the restore of a dump that is older than the release."""
    monkeypatch.setenv("DATABASE_URL", await postgres_cluster.create_database("bare", template="template0"))
    given = FILE if "apply" in arguments else LOST_VISIT.model_dump_json().encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    try:
        code = await asyncio.to_thread(tools.main, arguments)
    finally:
        await postgres_cluster.drop_database("bare")
    assert code == 1
    assert "docker compose run --rm migrate" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [[], ["--help"], ["help"]])
def test_every_tool_is_listed(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert tools.main(asked) == 0
    said = capsys.readouterr().out
    assert all(re.search(rf"^  {name} ", said, re.MULTILINE) for name in tools.TOOLS | tools.ELSEWHERE)


def test_a_tool_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert tools.main(["dokter"]) == 2
    assert "There is no tool 'dokter'." in capsys.readouterr().err


def test_the_image_has_it_under_its_name() -> None:
    dockerfile = (ROOT / "Dockerfile.worker").read_text()
    assert 'exec python -m worker.tools "$@"' in dockerfile
    assert "/opt/bellhop/bin/bellhop" in dockerfile
    assert services(SINGLE)["bellhop"]["entrypoint"] == ["bellhop"]
