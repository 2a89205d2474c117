"""The operator's one command: each tool is found, and what is done on the host is explained."""

import importlib
import re

import pytest

from tests.compose.files import SINGLE, services
from tests.running import ROOT
from worker import tools

PAGE = (ROOT / "docs/operate.md").read_text()


@pytest.mark.parametrize("name", tools.TOOLS)
def test_a_tool_is_what_its_module_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, _ = tools.TOOLS[name]
    with pytest.raises(SystemExit) as ended:
        tools.main([name, "--help"])
    assert ended.value.code == 0
    assert module.removesuffix(".__main__") in capsys.readouterr().out
    assert callable(importlib.import_module(module).main)


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
