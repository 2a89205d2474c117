"""The files operators run, read as the tests need them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.running import ROOT

type Json = dict[str, Any]

SINGLE = ROOT / "docker-compose.yml"
OBSERVABILITY = ROOT / "compose/compose.observability.yml"
SHARED = ROOT / "compose/shared-postgres.yml"
HOST = ROOT / "compose/postgres-host/docker-compose.yml"
SWARM = ROOT / "compose/compose.swarm.yml"
SMOKE = ROOT / "tests/compose/smoke/compose.yml"
KUBERNETES = ROOT / "compose/kubernetes"
COMPOSE_FILES = (SINGLE, OBSERVABILITY, SHARED, HOST, SWARM, SMOKE)
DOCKERFILES = (
    "Dockerfile.bot",
    "Dockerfile.worker",
    "Dockerfile.backup",
    "tests/compose/smoke/Dockerfile.emulator",
)
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*))?")


@cache
def documents(path: Path) -> list[Json]:
    """Read a YAML file's documents, anchors and merges resolved."""
    return [dict(each) for each in YAML(typ="safe", pure=True).load_all(path)]


def services(path: Path) -> dict[str, Json]:
    """Return a compose file's services."""
    found: dict[str, Json] = documents(path)[0]["services"]
    return found


def variables(path: Path) -> dict[str, str | None]:
    """Return the variables a file reads, with their defaults."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    return {found["name"]: found["default"] for found in VARIABLE.finditer("\n".join(lines))}


def manifests() -> dict[str, Json]:
    """Return the Kubernetes manifests by kind and name."""
    every = (each for path in sorted(KUBERNETES.glob("*.yaml")) for each in documents(path))
    return {f"{each['kind']}/{each.get('metadata', {}).get('name', '')}": each for each in every}
