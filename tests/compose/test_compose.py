import subprocess
import sys
from pathlib import Path

import pytest

from compose.backup.migrating import MIGRATIONS
from shared import health
from shared.settings import WorkerSettings
from tests.compose.environments import interpolate
from tests.compose.files import (
    COMPOSE_FILES,
    HOST,
    KUBERNETES,
    OBSERVABILITY,
    SHARED,
    SINGLE,
    SMOKE,
    SWARM,
    Json,
    documents,
    services,
    variables,
)
from tests.compose.test_images import instructions
from tests.running import ROOT

BIN = Path(sys.executable).parent
RUNNING = (SINGLE, OBSERVABILITY, HOST, SWARM)
OURS = [(path, name) for path in RUNNING for name in services(path)]
DATA = ("postgres", "redis")
IDS = [f"{path.stem}-{name}" for path, name in OURS]


def run(*command: object) -> None:
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_are_of_the_compose_specification() -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *COMPOSE_FILES)


def test_compose_lint_finds_nothing_that_is_not_explained() -> None:
    run(
        BIN / "compose-lint",
        "check",
        "--no-env",
        "--fail-on",
        "low",
        "--config",
        ".compose-lint.yml",
        *RUNNING,
    )


def test_shellcheck_has_nothing_to_say() -> None:
    run(BIN / "shellcheck", *sorted((ROOT / "compose").rglob("*.sh")))


@pytest.mark.parametrize(("path", "name"), OURS, ids=IDS)
def test_every_container_is_locked_down_and_bounded(path: Path, name: str) -> None:
    service = services(path)[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "container_name" not in service
    assert "privileged" not in service
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= limits.keys()
    if "logging" in service:
        assert service["logging"]["options"]["max-size"]
    if path != SWARM:
        assert service["security_opt"] == ["no-new-privileges:true"]


WRITES = {
    "prom/prometheus": (None, "/prometheus"),
    "prom/alertmanager": (None, "/alertmanager"),
    "grafana/grafana": (None, "/var/lib/grafana"),
    "grafana/loki": (None, "/loki"),
    "grafana/alloy": ("473:473", "/var/lib/alloy/data"),
    "tecnativa/docker-socket-proxy": (None, "/run"),
    "quay.io/prometheuscommunity/postgres-exporter": (None, None),
    "oliver006/redis_exporter": (None, None),
    "caddy": (None, "/data"),
    "redis": ("999:999", "/data"),
    "postgres": ("999:999", "/var/lib/postgresql/data"),
}
"""By image: the user it has to be given (None: its own will do), and the directory that user writes to.

Without capabilities not even root writes where another owns: socket-proxy and Caddy run as root and write to
what is root's, Alloy's root to what is Alloy's."""


def test_every_image_runs_as_somebody_who_may_write_where_it_writes() -> None:
    for path in (SINGLE, OBSERVABILITY):
        for name, service in services(path).items():
            image = interpolate(service["image"], {}).rpartition(":")[0]
            if image.startswith("bellhop-") or name == "keys":
                continue
            user, directory = WRITES[image]
            assert service.get("user") == user, name
            volumes = [str(each).removesuffix(":ro") for each in service.get("volumes", [])]
            mounted = [each.rpartition(":")[2] for each in volumes]
            mounted += [each.split(":")[0] for each in service.get("tmpfs", [])]
            assert directory is None or directory in mounted, f"{name} writes to {directory}"


def test_both_examples_of_alertmanager_send_alike() -> None:
    """The one to Telegram differs in where it sends, and in nothing else."""
    plain, telegram = (
        documents(ROOT / "compose/alertmanager" / name)[0] for name in ("alertmanager.yml", "telegram.yml")
    )
    for part in ("route", "inhibit_rules"):
        assert plain[part] == telegram[part]
    (receiver,) = telegram["receivers"]
    (settings,) = receiver["telegram_configs"]
    mounted = services(OBSERVABILITY)["alertmanager"]["secrets"]
    assert settings["bot_token_file"].rpartition("/")[2] in mounted
    assert isinstance(settings["chat_id"], int)


@pytest.mark.parametrize(("path", "name"), OURS, ids=IDS)
def test_what_stays_up_says_how_it_is_or_why_not(path: Path, name: str) -> None:
    service = services(path)[name]
    one_shot = service.get("restart") == "no" or service["deploy"].get("mode") == "replicated-job"
    from_our_image = "bellhop-" in service["image"] or "_IMAGE:?" in service["image"]
    assert one_shot or from_our_image or "healthcheck" in service


def test_what_hangs_is_ended_and_what_ends_is_started_again() -> None:
    """Docker restarts no container for being unhealthy: the check itself ends a process that is silent."""
    for name in ("bot", "worker"):
        service = services(SINGLE)[name]
        check = service["healthcheck"]
        *command, patience = check["test"]
        assert command == ["CMD", "python", "-m", "shared.health", name]
        assert int(patience) > seconds(check["start_period"]), "a slow start is no silence"
        assert seconds(check["timeout"]) > health.SECONDS
        assert service["restart"] == "unless-stopped"
        assert service["init"] is True, "what is first in a container cannot be ended from within"


def test_nothing_but_caddy_is_open_to_the_world() -> None:
    for path in RUNNING:
        for name, service in services(path).items():
            for port in service.get("ports", []):
                assert name == "caddy" or str(port).startswith("127.0.0.1:"), f"{path.name} {name}: {port}"


def test_data_is_on_networks_without_a_way_out() -> None:
    for path in (SINGLE, SWARM):
        networks: Json = documents(path)[0]["networks"]
        for name in DATA:
            assert all(networks[each]["internal"] for each in services(path)[name]["networks"])
    bot = services(SINGLE)["bot"]
    assert "database" not in bot["networks"]
    assert not any("database" in str(volume) for volume in bot["volumes"])
    outside = {name for name, each in services(SINGLE).items() if "egress" in each.get("networks", [])}
    assert outside == {"bot", "worker", "bellhop", "caddy"}


def test_redis_forgets_nothing() -> None:
    kubernetes = documents(KUBERNETES / "redis.yaml")[0]["spec"]["template"]["spec"]["containers"][0]["args"]
    for command in (services(SINGLE)["redis"]["command"], services(SWARM)["redis"]["command"], kubernetes):
        text = " ".join(command)
        for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"):
            assert option in text
    assert "redis-data:/data" in services(SINGLE)["redis"]["volumes"]


def test_nothing_starts_before_what_it_needs() -> None:
    single = services(SINGLE)
    assert single["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("bot", "worker"):
        needs = single[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["redis"]["condition"] == "service_healthy"
    core = {name for name, service in single.items() if "profiles" not in service}
    for name in core:
        assert single[name].get("depends_on", {}).keys() <= core


def test_no_migration_begins_without_its_dump() -> None:
    """By no profile: Compose goes on without what is optional where that has failed."""
    single = services(SINGLE)
    assert single["migrate"]["depends_on"]["dump"] == {"condition": "service_completed_successfully"}
    assert single["dump"]["command"] == ["before-migration"]
    assert single["dump"]["depends_on"].keys() == {"postgres"}
    for part in ("image", "build", "volumes"):
        assert single["dump"][part] == single["backup"][part]
    for line in instructions("Dockerfile.backup"):
        if line.startswith("COPY worker"):
            assert line.split()[1:] == [str(here := MIGRATIONS.relative_to(ROOT)), f"/app/{here}"]
            return
    pytest.fail("the image does not know which migrations there are")


def test_the_optional_is_in_profiles() -> None:
    found = {name: service["profiles"] for name, service in services(SINGLE).items() if "profiles" in service}
    assert found == {
        "bellhop": ["tools"],
        "caddy": ["webhook"],
        "backup": ["backup"],
        "postgres-exporter": ["observability"],
    }
    assert all(service["profiles"] == ["observability"] for service in services(OBSERVABILITY).values())
    assert documents(SINGLE)[0]["include"] == ["compose/compose.observability.yml"]


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_stopping_waits_for_the_drain() -> None:
    drain = WorkerSettings.model_fields["worker_drain_seconds"].default
    for path in (SINGLE, SWARM):
        assert seconds(services(path)["worker"]["stop_grace_period"]) > drain + 10
    pod = documents(KUBERNETES / "worker.yaml")[0]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > drain + 10


def test_one_value_is_enough() -> None:
    needed = [
        line for line in SINGLE.read_text().splitlines() if ":?" in line and not line.lstrip().startswith("#")
    ]
    assert needed
    assert all("${BOT_TOKEN:?" in line for line in needed)
    assert services(SINGLE)["worker"]["deploy"]["replicas"] == "${WORKER_REPLICAS:-1}"
    assert ":?" not in OBSERVABILITY.read_text()


def test_a_copied_example_breaks_nothing() -> None:
    """.env.example names addresses on one's own machine; in containers others hold."""
    bot, worker = services(SINGLE)["bot"]["environment"], services(SINGLE)["worker"]["environment"]
    for name in ("BOT_HOST", "BOT_PORT", "REDIS_URL", "DATABASE_URL"):
        assert name in bot
    for name in ("WORKER_METRICS_HOST", "WORKER_METRICS_PORT", "REDIS_URL", "DATABASE_URL"):
        assert name in worker
    assert worker["DATABASE_URL"] == worker["REDIS_URL"] == bot["REDIS_URL"] == ""
    assert worker["REDIS_URL_FILE"] == bot["REDIS_URL_FILE"] == "/keys/queue/url"
    assert worker["DATABASE_URL_FILE"] == "/keys/database/url"


def test_prometheus_reaches_every_replica() -> None:
    for name in ("bot", "worker", "backup"):
        assert "metrics" in services(SINGLE)[name]["networks"]
    mine, theirs = documents(SINGLE)[0]["networks"], documents(OBSERVABILITY)[0]["networks"]
    for name in mine.keys() & theirs.keys():
        assert mine[name] == theirs[name]


def test_several_bots_share_a_server_and_nothing_else() -> None:
    shared = services(SHARED)
    assert shared["postgres"]["profiles"] == ["own-postgres"]
    assert shared["postgres-exporter"]["deploy"]["replicas"] == 0
    for name in ("migrate", "worker", "dump", "backup"):
        assert shared[name]["depends_on"]["postgres"]["required"] is False
        assert shared[name]["networks"] == ["bellhop-postgres"]
    assert variables(SHARED)["DATABASE_POOL"] == "2"
    assert documents(SHARED)[0]["networks"] == documents(HOST)[0]["networks"]


def test_the_smoke_run_differs_only_by_telegram() -> None:
    changed = services(SMOKE)
    assert changed.keys() == {"emulator", "bot", "worker", "dump", "backup"}
    for name in ("bot", "worker", "dump", "backup"):
        assert changed[name].keys() <= {"build", "environment", "depends_on"}
    assert documents(SMOKE)[0]["networks"]["egress"] == {"internal": True}


def test_caddy_lets_telegram_in_and_nothing_else() -> None:
    text = (ROOT / "compose/caddy/Caddyfile").read_text()
    assert "path /telegram/webhook" in text
    assert "dynamic a bot 8080" in text
    assert "respond 404" in text
    assert "caddy-data:/data" in services(SINGLE)["caddy"]["volumes"]
