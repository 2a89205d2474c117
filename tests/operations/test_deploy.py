import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.page import ROOT

OLD, NEW = "a" * 40, "b" * 40
DIGEST = "@sha256:" + "0" * 64
IMAGES = [f"ghcr.io/somebody/bellhop-{name}{DIGEST}" for name in ("bot", "worker", "backup")]
DOCKER = """#!/usr/bin/env bash
# A stand-in: writes down what it is asked, and fails where the test says so.
echo "$*" >> "$HOST_LOG"
running=$(sed -n 's/^BELLHOP_REVISION=//p' .release 2>/dev/null)
case "$*" in
  *" pull "*) [ "$BROKEN" != pull ] ;;
  *" run --rm "*) [ "$BROKEN" != migrate ] || [ "$running" != "$NEW" ] ;;
  *" up "*) [ "$BROKEN" != up ] || [ "$running" != "$NEW" ] ;;
  *" ps --quiet "*) echo container-1 ;;
  *worker.doctor*) if [ "$BROKEN" = doctor ] && [ "$running" = "$NEW" ]; then exit 2; fi
                   exit "${WARNING:-0}" ;;
  "exec "*) if [ "$BROKEN" = health ] && [ "$running" = "$NEW" ]; then running=other; fi
            echo "{\\"status\\": \\"alive\\", \\"revision\\": \\"$running\\"}" ;;
esac
"""


class Host:
    """A directory that holds what a host holds, with a stand-in for Docker."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        shutil.copytree(ROOT / "compose" / "deploy", directory / "compose" / "deploy")
        (directory / ".env").write_text("BOT_TOKEN=made-up\n")
        programs = directory / "programs"
        programs.mkdir()
        (programs / "docker").write_text(DOCKER)
        (programs / "docker").chmod(0o755)
        self._log = directory / "log"

    def deploy(self, revision: str, *images: str, **state: str) -> "subprocess.CompletedProcess[str]":
        """Deploy, with something broken."""
        self._log.write_text("")
        path = f"{self.directory / 'programs'}:{os.environ['PATH']}"
        environment = {"PATH": path, "HOST_LOG": str(self._log), "BROKEN": "", "NEW": NEW, **state}
        command = ["bash", "compose/deploy/deploy.sh", revision, *(images or IMAGES)]
        return subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, check=False
        )

    @property
    def release(self) -> str:
        """What is described as running."""
        file = self.directory / ".release"
        return file.read_text() if file.exists() else ""

    def asked(self, words: str) -> int:
        """Count Docker commands that hold these words."""
        return sum(words in line for line in self._log.read_text().splitlines())


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_release_is_fetched_migrated_started_and_verified(host: Host) -> None:
    done = host.deploy(NEW)
    assert done.returncode == 0, done.stderr
    assert f"BELLHOP_REVISION={NEW}" in host.release
    assert all(image in host.release for image in IMAGES)
    assert [host.asked(words) for words in (" pull ", " run --rm ", " up ", "worker.doctor")] == [1, 1, 1, 1]


def test_a_doctors_warning_is_no_failure(host: Host) -> None:
    assert host.deploy(NEW, WARNING="1").returncode == 0


@pytest.mark.parametrize("broken", ["migrate", "up", "health", "doctor"])
def test_what_does_not_work_goes_back_to_the_release_before(host: Host, broken: str) -> None:
    assert host.deploy(OLD).returncode == 0
    before = host.release
    failed = host.deploy(NEW, BROKEN=broken)
    assert failed.returncode == 1
    assert "The release before runs again" in failed.stdout
    assert host.release == before
    assert host.asked("downgrade") == 0


def test_what_cannot_be_fetched_changes_nothing(host: Host) -> None:
    assert host.deploy(OLD).returncode == 0
    before = host.release
    assert host.deploy(NEW, BROKEN="pull").returncode == 1
    assert host.release == before
    assert host.asked(" up ") == 0


def test_a_first_release_that_fails_says_that_there_is_none_before(host: Host) -> None:
    failed = host.deploy(NEW, BROKEN="health")
    assert failed.returncode == 1
    assert "no release to go back to" in failed.stdout


@pytest.mark.parametrize(("images", "says"), [(["a:1", "b:1", "c:1"], "by digest"), (["a:1"], "usage")])
def test_only_images_by_digest_are_taken(host: Host, images: list[str], says: str) -> None:
    refused = host.deploy(NEW, *images)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert host.release == ""
