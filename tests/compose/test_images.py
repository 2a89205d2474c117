import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compose.files import DOCKERFILES, SINGLE, variables
from tests.running import ROOT

BIN = Path(sys.executable).parent
SHIPPED = ("Dockerfile.bot", "Dockerfile.worker", "Dockerfile.backup")


def instructions(file: str) -> list[str]:
    """A Dockerfile's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / file).read_text())
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def last_stage(file: str) -> list[str]:
    lines = instructions(file)
    start = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    return lines[start:]


def test_hadolint_has_nothing_to_say() -> None:
    read = subprocess.run(
        [BIN / "hadolint", *DOCKERFILES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stdout


@pytest.mark.parametrize("file", SHIPPED)
def test_an_image_runs_as_nobody_knows_whom_says_how_it_is_and_what_it_is(file: str) -> None:
    stage = last_stage(file)
    assert re.fullmatch(r"USER \d+:\d+", next(line for line in stage if line.startswith("USER")))
    health = next(line for line in stage if line.startswith("HEALTHCHECK"))
    assert "curl" not in health
    assert '["python' in health
    assert next(line for line in stage if line.startswith("CMD")).startswith('CMD ["')
    labels = next(line for line in stage if line.startswith("LABEL"))
    assert 'org.opencontainers.image.revision="${BELLHOP_REVISION}"' in labels
    assert "BELLHOP_REVISION=${BELLHOP_REVISION}" in next(line for line in stage if line.startswith("ENV"))


@pytest.mark.parametrize("file", DOCKERFILES)
def test_bases_are_named_by_arguments_with_exact_tags(file: str) -> None:
    """An argument may name a mirror; the default stands in a FROM of its own, where update bots see it."""
    lines = instructions(file)
    bases = [line.removeprefix("FROM ").partition(" AS ") for line in lines if line.startswith("FROM ")]
    default = next(line for line in lines if line.startswith("ARG ") and "_IMAGE=" in line)
    if default == "ARG PYTHON_IMAGE=pinned":
        (image, _, name), *bases = bases
        assert name == "pinned"
        assert re.fullmatch(r"python:\d+\.\d+\.\d+-[\w-]+", image)
    else:  # the server's own version, which Compose hands over: compose files are seen too
        assert default == f"ARG POSTGRES_IMAGE={variables(SINGLE)['POSTGRES_IMAGE']}"
    assert bases
    assert all(re.fullmatch(r"\$\{[A-Z]+_IMAGE\}", image) for image, _, _ in bases)
    assert not any("syntax=" in line for line in lines)


@pytest.mark.parametrize("name", ["bot", "worker"])
def test_packages_come_from_the_lock_with_hashes_into_the_first_stage_only(name: str) -> None:
    lines = instructions(f"Dockerfile.{name}")
    install = next(line for line in lines if "uv pip sync" in line)
    assert "--require-hashes" in install
    assert f"{name}.txt" in install
    stage = last_stage(f"Dockerfile.{name}")
    copied = [line for line in stage if line.startswith(("COPY", "ADD"))]
    assert copied == ["COPY --from=build /opt/bellhop /opt/bellhop", "COPY --from=build /app /app"]
    assert not any("apt-get" in line or "pip install" in line for line in stage)


def test_each_image_holds_its_own_rooms_only() -> None:
    bot = "\n".join(instructions("Dockerfile.bot"))
    worker = "\n".join(instructions("Dockerfile.worker"))
    assert "COPY worker" not in bot
    assert "COPY bot" not in worker
    assert not any(room in bot + worker for room in ("COPY sandbox", "COPY tests", "COPY . "))


def test_what_is_not_named_does_not_reach_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().split()
    assert "*" in lines
    allowed = {line[1:].split("/")[0] for line in lines if line.startswith("!")}
    assert allowed == {"bot", "worker", "shared", "compose", "requirements", "pyproject.toml"}
