import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.compose.files import COMPOSE_FILES, DOCKERFILES, OBSERVABILITY, SHARED, SINGLE, SMOKE, services
from tests.operations.page import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
PINNED = re.compile(r"^\s+(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
BIN = ROOT / ".venv" / "bin"
# Put together here, so that this file holds no token itself.
TOKEN = "8123456789:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"[:34] + "x"


def workflow(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(path.read_text())
    return document


def jobs() -> dict[str, dict[str, Any]]:
    return {f"{path.stem}.{name}": job for path in WORKFLOWS for name, job in workflow(path)["jobs"].items()}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit_with_its_version(path: Path) -> None:
    used = [line for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.match(line)] == []


def test_one_version_of_each_action() -> None:
    lines = {
        re.sub(r"^[\s-]+", "", line)
        for path in WORKFLOWS
        for line in path.read_text().splitlines()
        if "uses:" in line
    }
    names = [line.partition("@")[0] for line in lines]
    assert len(set(names)) == len(names)


def test_nobody_has_rights_that_are_not_named() -> None:
    for path in WORKFLOWS:
        assert workflow(path)["permissions"] == {}
        assert workflow(path)["concurrency"]
    rights = {
        name: {k: v for k, v in job["permissions"].items() if v != "read"} for name, job in jobs().items()
    }
    assert {name: right for name, right in rights.items() if right} == {"ci.build": {"packages": "write"}}


def test_every_job_ends() -> None:
    assert all(0 < job["timeout-minutes"] <= 60 for job in jobs().values())


def test_no_checkout_keeps_the_token() -> None:
    for job in jobs().values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_one_after_the_other() -> None:
    found = jobs()
    chain = [("ci.build", "test"), ("ci.deploy", "build"), ("ci.verify", "deploy")]
    assert all(before in found[job]["needs"] for job, before in chain)
    assert found["ci.deploy"]["concurrency"] == {"group": "deploy", "cancel-in-progress": False}


def test_what_a_job_hangs_on_is_a_variable_of_the_repository_and_documented_so() -> None:
    """A job's `if` is decided before its environment, and so the environment's variables, are known."""
    page = (ROOT / "docs" / "operate.md").read_text()
    for job in jobs().values():
        for name in re.findall(r"vars\.(\w+)", str(job.get("if", ""))):
            (sentence,) = [line for line in page.splitlines() if f"`{name}`" in line and "variables" in line]
            assert "repository" in sentence.partition(f"`{name}`")[0].lower()


def test_a_deployment_brings_beside_what_runs_here() -> None:
    """deploy.sh puts it in place, so that it can be given back."""
    steps = str(jobs()["ci.deploy"]["steps"])
    assert "docker-compose.yml compose .env.example" in steps
    assert "$DIRECTORY/.incoming" in steps
    assert ".incoming/compose/deploy/deploy.sh" in steps


def test_every_service_of_every_profile_is_started_somewhere() -> None:
    steps = str(jobs()["ci.containers"]["steps"])
    assert "make compose-smoke" in steps
    started = set(re.findall(r'ALSO="([^"]+)"', steps)[0].split())
    profiled = {
        name
        for path in (SINGLE, OBSERVABILITY)
        for name, service in services(path).items()
        if service.get("profiles") not in (None, ["backup"], ["tools"])
    }
    assert started == profiled


SEEN_IN_COMPOSE = re.compile(r"(docker-)?compose(-\w+)?(\.[\w-]+)?\.ya?ml", re.IGNORECASE)
"""File names that Dependabot reads in the ecosystem docker-compose."""


def test_update_bots_see_every_image_and_propose_no_new_postgresql() -> None:
    updates = workflow(ROOT / ".github" / "dependabot.yml")["updates"]
    places = {each["package-ecosystem"]: each for each in updates}
    for path in COMPOSE_FILES:
        if path not in (SMOKE, SHARED):  # these name no image that is not named elsewhere
            assert SEEN_IN_COMPOSE.search(path.name), path
            directory = "/" + str(path.parent.relative_to(ROOT)).removeprefix(".")
            assert directory in places["docker-compose"]["directories"], path
    for file in DOCKERFILES:
        directory = "/" + str(Path(file).parent).removeprefix(".")
        assert directory in places["docker"]["directories"]
    for ecosystem in ("docker", "docker-compose"):
        (ignored,) = places[ecosystem]["ignore"]
        assert ignored["dependency-name"] == "postgres"
        assert ignored["update-types"] == ["version-update:semver-major"]


def test_make_targets_that_workflows_call_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for path in WORKFLOWS:
        for target in re.findall(r"run: make ([\w-]+)", path.read_text()):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def scan(directory: Path) -> int:
    return subprocess.run(
        [BIN / "gitleaks", "dir", directory, "-c", ROOT / ".gitleaks.toml", "--no-banner", "--redact"],
        capture_output=True,
        check=False,
    ).returncode


def test_a_bot_token_is_found(tmp_path: Path) -> None:
    (tmp_path / "notes.env").write_text(f"BOT_TOKEN={TOKEN}\n")
    assert scan(tmp_path) == 1


def test_the_tests_own_tokens_are_no_finding_in_tests_and_one_elsewhere(tmp_path: Path) -> None:
    made_up = "1000000001:" + "AA" + "test" * 9
    (tmp_path / "notes.env").write_text(f"BOT_TOKEN={made_up}\n")
    assert scan(tmp_path) == 1
