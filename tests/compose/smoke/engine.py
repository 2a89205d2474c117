"""The Docker engine: one Compose project, and what its containers tell."""

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.running import ROOT

FILES = ("docker-compose.yml", "tests/compose/smoke/compose.yml")


class EngineError(AssertionError):
    """A docker command failed; the message is what it said."""


def missing() -> str:
    """Say what is missing for a run, or nothing."""
    for command, sentence in (
        (["docker", "info"], "no Docker engine answers"),
        (["docker", "compose", "version"], "docker has no compose plugin"),
    ):
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            return sentence
    return ""


@dataclass(frozen=True)
class Container:
    """One container."""

    id: str
    service: str
    name: str


class Project:
    """A Compose project of its own name; nothing of another one is touched."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self._environment = {**os.environ, **environment}

    async def compose(self, *arguments: str, given: str | None = None) -> str:
        """Run `docker compose` in the project."""
        files = [part for file in FILES for part in ("--file", file)]
        options = ["--project-name", self.name, "--project-directory", ".", "--progress", "quiet"]
        profiles = ["--profile", "*" if "down" in arguments else "backup"]
        return await self.docker("compose", *options, *files, *profiles, *arguments, given=given)

    async def docker(self, *arguments: str, given: str | None = None) -> str:
        """Run `docker`, and return what it wrote. Raises EngineError."""
        return await asyncio.to_thread(self._run, ["docker", *arguments], given)

    def _run(self, command: Sequence[str], given: str | None) -> str:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self._environment,
            input=given or "",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise EngineError(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    async def containers(self, service: str) -> list[Container]:
        """Return a service's running containers."""
        asked = ["--filter", f"label=com.docker.compose.project={self.name}"]
        asked += ["--filter", f"label=com.docker.compose.service={service}"]
        lines = await self.docker("ps", *asked, "--format", "{{.ID}} {{.Names}}")
        found = (line.split() for line in lines.splitlines())
        return [Container(identity, service, name) for identity, name in found]

    async def state(self, container: Container) -> dict[str, Any]:
        """Return what `docker inspect` says of its state."""
        state: dict[str, Any] = (await self.inspect(container))["State"]
        return state

    async def inspect(self, container: Container) -> dict[str, Any]:
        """Return what `docker inspect` says of a container."""
        found: list[dict[str, Any]] = json.loads(await self.docker("inspect", container.id))
        return found[0]

    async def until_healthy(self, container: Container, seconds: float = 120) -> float:
        """Wait until a container is healthy; return how long after its start it answered so."""
        async with asyncio.timeout(seconds):
            while True:
                state = await self.state(container)
                if state["Health"]["Status"] == "healthy":
                    return seconds_to_health(state)
                await asyncio.sleep(0.2)

    async def memory(self, container: Container) -> float:
        """Return the memory it uses, in MB, file cache left out."""
        shown = await self.docker("stats", "--no-stream", "--format", "{{.MemUsage}}", container.id)
        number = shown.split("/")[0].strip()
        for unit, factor in (("GiB", 1073.741824), ("MiB", 1.048576), ("KiB", 0.001048576)):
            if number.endswith(unit):
                return float(number.removesuffix(unit)) * factor
        raise EngineError(f"docker stats says {shown!r}")

    async def image_size(self, image: str) -> float:
        """Return an image's size, in MB."""
        return int(await self.docker("image", "inspect", "--format", "{{.Size}}", image)) / 1e6

    async def sql(self, statement: str) -> str:
        """Ask the database, as its superuser."""
        psql = ["psql", "--username=postgres", "--dbname=bellhop", "--tuples-only", "--no-align"]
        answer = await self.compose("exec", "--no-TTY", "postgres", *psql, "--command", statement)
        return answer.strip()


def seconds_to_health(state: dict[str, Any]) -> float:
    """Return how long after its start a container first answered that it is well."""
    start = _instant(state["StartedAt"])
    for check in state["Health"]["Log"]:
        if check["ExitCode"] == 0 and (ended := _instant(check["End"])) > start:
            return (ended - start).total_seconds()
    return float("nan")


def _instant(text: str) -> datetime:
    """Read Docker's time: nanoseconds, and `Z` or an offset."""
    head, _, tail = text.partition(".")
    zone = "+00:00" if tail.endswith("Z") else tail[-6:]
    digits = tail.removesuffix("Z") if tail.endswith("Z") else tail[:-6]
    return datetime.fromisoformat(f"{head}.{digits[:6]:0<6}{zone}")
