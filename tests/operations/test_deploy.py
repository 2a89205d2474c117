import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.page import ROOT

OLD, NEW = "a" * 40, "b" * 40


def images(revision: str) -> list[str]:
    """A release's images; a digest is the revision's letter, so that the stand-in can tell them apart."""
    return [f"ghcr.io/somebody/bellhop-{name}@sha256:{revision[0]}" for name in ("bot", "worker", "backup")]


DOCKER = """#!/usr/bin/env bash
# A stand-in: writes down what it is asked, and fails where the test says so. Its containers are those of
# whatever .env names, and so is the revision that they say.
echo "$*" >> "$HOST_LOG"
running=$(sed -n 's/^WORKER_IMAGE=.*:\\(.\\)$/\\1/p' .env)
new=; if [ "$running" = "${NEW:0:1}" ]; then new=yes; fi
case "$*" in
  *" pull "*) [ "$BROKEN" != pull ] ;;
  *" backup now") [ "$BROKEN" != dump ] ;;
  *" migrate") [ "$BROKEN" != migrate ] || [ -z "$new" ] ;;
  *" bellhop doctor") case "$BROKEN$new" in doctoryes | schemayes) exit 2 ;; esac
                   exit "${WARNING:-0}" ;;
  *" up "*" --remove-orphans") case "$BROKEN$new" in upyes | schema) exit 1 ;; esac ;;
  *" up "*) [ "$BROKEN" != up ] || [ -z "$new" ] ;;
  *" ps --services"*) printf '%s\\n' bot worker postgres ${SERVICES:-} ;;
  *" ps "*"--quiet postgres") if [ -n "${POSTGRES-runs}" ]; then echo postgres-1; fi ;;
  *" ps "*"--quiet bot") seq --format 'bot-%g' "${BOTS:-1}" ;;
  *" ps "*"--quiet worker") if [ -n "${WORKERS:-}" ]; then seq --format 'worker-%g' "$WORKERS"; fi ;;
  *" config --services") printf '%s\\n' keys migrate bot worker bellhop postgres redis ;;
  "exec "*) if [ "$BROKEN" = health ] && [ -n "$new" ]; then running=other; fi
            printf '{"status": "alive", "revision": "%s"}\\n' "${SAYS:-$(printf "%0.s$running" {1..40})}" ;;
esac
"""


class Host:
    """A directory that holds what a deployment brings, and nothing else, with a stand-in for Docker."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / ".env").write_text("BOT_TOKEN=made-up")
        (directory / ".env").chmod(0o600)
        self.receive(directory)
        programs = directory / "programs"
        programs.mkdir()
        (programs / "docker").write_text(DOCKER)
        (programs / "docker").chmod(0o755)
        self._log = directory / "log"

    def receive(self, place: Path) -> Path:
        """Have what CI's tar holds; return where."""
        shutil.copytree(ROOT / "compose", place / "compose")
        shutil.copy(ROOT / "docker-compose.yml", place)
        shutil.copy(ROOT / ".env.example", place)
        return place

    def deploy(self, revision: str, *given: str, **state: str) -> "subprocess.CompletedProcess[str]":
        """Deploy, with something broken."""
        script = ".incoming/compose/deploy/deploy.sh"
        if not (self.directory / script).exists():
            script = script.removeprefix(".incoming/")
        return self.run(script, revision, *(given or images(revision)), **state)

    def run(self, script: str, *arguments: str, **state: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the scripts."""
        self._log.write_text("")
        path = f"{self.directory / 'programs'}:{os.environ['PATH']}"
        environment = {"PATH": path, "HOST_LOG": str(self._log), "BROKEN": "", "NEW": NEW, "WORKERS": "1"}
        return subprocess.run(
            ["bash", script, *arguments],
            cwd=self.directory,
            env={**environment, **state},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def release(self) -> str:
        """What is described as running."""
        file = self.directory / ".release"
        return file.read_text() if file.exists() else ""

    @property
    def dotenv(self) -> dict[str, str]:
        """What every `docker compose …` on this host reads."""
        lines = (self.directory / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def log(self) -> list[str]:
        """Every Docker command, in order."""
        return self._log.read_text().splitlines()

    def asked(self, words: str) -> int:
        """Count Docker commands that hold these words."""
        return sum(words in line for line in self.log())


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def named(revision: str) -> dict[str, str]:
    return dict(zip(("BOT_IMAGE", "WORKER_IMAGE", "BACKUP_IMAGE"), images(revision), strict=True))


def test_a_release_is_fetched_dumped_migrated_started_and_verified(host: Host) -> None:
    done = host.deploy(NEW)
    assert done.returncode == 0, done.stderr
    assert f"BELLHOP_REVISION={NEW}" in host.release
    steps = [" pull ", " backup now", " --no-deps --no-TTY migrate", " up ", " bellhop doctor"]
    places = [next(place for place, line in enumerate(host.log()) if step in line) for step in steps]
    assert places == sorted(places)


def test_every_plain_command_means_the_release_that_runs(host: Host) -> None:
    assert host.deploy(OLD).returncode == 0
    assert host.deploy(NEW).returncode == 0
    assert host.dotenv == {"BOT_TOKEN": "made-up", **named(NEW)}
    assert (host.directory / ".env").stat().st_mode & 0o777 == 0o600
    assert host.asked("--env-file") == 0


def test_what_env_says_of_other_things_stays(host: Host) -> None:
    mine = "BOT_TOKEN=made-up\n# mine\nSEND_PER_SECOND=25\n"
    (host.directory / ".env").write_text(f"BELLHOP_REVISION=old\n{mine}")
    assert host.deploy(NEW).returncode == 0
    text = (host.directory / ".env").read_text()
    assert text.startswith(f"{mine}BOT_IMAGE=")
    assert "BELLHOP_REVISION" not in text, "or every container would say it, whatever runs in it"


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
    assert host.dotenv == {"BOT_TOKEN": "made-up", **named(OLD)}
    assert host.asked("downgrade") == 0


def test_a_release_that_cannot_migrate_on_the_newer_schema_comes_back_too(host: Host) -> None:
    """Its `migrate` fails, and bot and worker start after that one."""
    assert host.deploy(OLD).returncode == 0
    failed = host.deploy(NEW, BROKEN="schema")
    assert "The release before runs again" in failed.stdout
    assert host.asked(" --no-deps bot worker") == 1


@pytest.mark.parametrize("broken", ["", "doctor"])
def test_the_files_of_a_release_come_and_go_with_it(host: Host, broken: str) -> None:
    assert host.deploy(OLD).returncode == 0
    kept = host.directory / "compose" / "alertmanager" / "mine"
    kept.write_text("https://alerts.example")
    came = host.receive(host.directory / ".incoming")
    with (came / "docker-compose.yml").open("a") as file:
        file.write("# of the new release\n")
    host.deploy(NEW, BROKEN=broken)
    assert ("# of the new release" in (host.directory / "docker-compose.yml").read_text()) is not bool(broken)
    assert kept.exists()


@pytest.mark.parametrize(("broken", "says"), [("pull", "cannot be fetched"), ("dump", "No dump can be made")])
def test_what_fails_before_anything_is_touched_changes_nothing(host: Host, broken: str, says: str) -> None:
    assert host.deploy(OLD).returncode == 0
    before = host.release
    failed = host.deploy(NEW, BROKEN=broken)
    assert failed.returncode == 1
    assert says in failed.stdout
    assert host.release == before
    assert host.dotenv == {"BOT_TOKEN": "made-up", **named(OLD)}
    assert host.asked(" up ") == host.asked(" migrate") == 0


def test_a_first_release_that_cannot_be_fetched_leaves_nothing(host: Host) -> None:
    assert host.deploy(NEW, BROKEN="pull").returncode == 1
    assert host.release == ""
    assert host.dotenv == {"BOT_TOKEN": "made-up"}


def test_no_room_for_a_dump_is_no_prison(host: Host) -> None:
    assert host.deploy(NEW, BROKEN="dump", SKIP_DUMP="yes").returncode == 0
    assert host.asked("backup now") == 0


def test_where_nothing_runs_and_no_dump_is_wanted_the_migration_has_its_postgres(host: Host) -> None:
    host.deploy(NEW, WORKERS="", POSTGRES="", SKIP_DUMP="yes")
    steps = [" --no-build postgres", " migrate"]
    places = [next(place for place, line in enumerate(host.log()) if step in line) for step in steps]
    assert places == sorted(places)


def test_where_nothing_runs_the_data_is_dumped_all_the_same(host: Host) -> None:
    """After `down`, say. What an empty host holds is no business, and no failure."""
    host.deploy(NEW, WORKERS="", POSTGRES="")
    steps = [" up --detach --wait --wait-timeout 180 --no-build postgres", " backup now", " migrate"]
    places = [next(place for place, line in enumerate(host.log()) if step in line) for step in steps]
    assert places == sorted(places)


def test_a_postgres_that_cannot_be_started_changes_nothing(host: Host) -> None:
    assert host.deploy(NEW, BROKEN="up", POSTGRES="").returncode == 1
    assert host.asked(" migrate") == 0


def test_workers_are_replaced_one_at_a_time_the_new_one_first(host: Host) -> None:
    assert host.deploy(NEW, WORKERS="2").returncode == 0
    log = host.log()
    order = [line for line in log if "--scale worker" in line or line.startswith(("stop ", "rm "))]
    more = next(line for line in order if "--scale worker=3" in line)
    assert "--no-recreate" in more
    assert order == [more, "stop worker-1", "rm worker-1", more, "stop worker-2", "rm worker-2"]


@pytest.mark.parametrize(("bots", "replaced"), [("1", 0), ("2", 2)])
def test_a_bot_that_polls_is_alone_and_several_are_replaced_in_turn(
    host: Host, bots: str, replaced: int
) -> None:
    assert host.deploy(NEW, BOTS=bots).returncode == 0
    assert host.asked("--scale bot=3") == replaced


def test_what_reads_files_of_the_release_reads_them_anew(host: Host) -> None:
    assert host.deploy(NEW, SERVICES="prometheus caddy redis").returncode == 0
    assert [line for line in host.log() if " restart " in line] == ["compose restart prometheus caddy"]
    assert host.deploy(NEW).returncode == 0
    assert host.asked(" restart ") == 0


def test_a_first_release_that_fails_says_that_there_is_none_before(host: Host) -> None:
    failed = host.deploy(NEW, BROKEN="health")
    assert failed.returncode == 1
    assert "no release to go back to" in failed.stdout


@pytest.mark.parametrize(("given", "says"), [(["a:1", "b:1", "c:1"], "by digest"), (["a:1"], "usage")])
def test_only_images_by_digest_are_taken(host: Host, given: list[str], says: str) -> None:
    refused = host.deploy(NEW, *given)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert host.release == ""


@pytest.mark.parametrize(("renew", "pulls"), [("", 1), ("no", 0)])
def test_an_upgrade_from_source_renews_the_bases_too(host: Host, renew: str, pulls: int) -> None:
    done = host.run("compose/deploy/upgrade.sh", RENEW=renew, SAYS="unknown")
    assert done.returncode == 0, done.stderr
    (build,) = [line for line in host.log() if line.startswith("compose build")]
    assert build.endswith("bot worker backup")
    assert ("--pull" in build) is bool(pulls)
    assert host.asked("compose pull --quiet keys postgres redis") == host.asked(" pull ") == pulls
    assert host.asked("backup now") == host.asked(" migrate") == host.asked("bellhop doctor") == 1


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("dump", "nothing has changed. SKIP_DUMP=yes"),
        ("migrate", "what ran before still runs"),
        ("up", "Back: check out the release before"),
        ("doctor", "is not well. Back: check out the release before"),
    ],
)
def test_an_upgrade_from_source_that_fails_says_what_stands_and_what_to_do(
    host: Host, broken: str, says: str
) -> None:
    host.deploy(NEW)
    failed = host.run("compose/deploy/upgrade.sh", BROKEN=broken, SAYS="unknown")
    assert failed.returncode == 1
    assert says in failed.stdout.splitlines()[-1]


def test_an_upgrade_that_makes_no_dump_changes_nothing(host: Host) -> None:
    assert host.run("compose/deploy/upgrade.sh", BROKEN="dump").returncode == 1
    assert host.asked(" up ") == host.asked(" migrate") == 0
