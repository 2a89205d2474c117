"""What a worker has imported before it is asked for anything: what draws, or reads a file, comes later."""

import json
import subprocess
import sys

import pytest

from tests.running import ROOT

IMPORTED = "import json, sys, worker.main; print(json.dumps(sorted(sys.modules)))"


@pytest.fixture(scope="module")
def imported() -> set[str]:
    command = [sys.executable, "-c", IMPORTED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "library", ["resvg_py", "ttf_opensans", "fontTools", "segno", "tzfpy", "phonenumbers"]
)
def test_a_library_of_pictures_zones_or_numbers_waits_for_its_first_use(
    imported: set[str], library: str
) -> None:
    assert "worker.capabilities" in imported
    assert library not in imported


@pytest.mark.parametrize("module", ["ruamel.yaml", "worker.business.document", "worker.business.reader"])
def test_the_business_file_waits_for_whoever_changes_the_business(imported: set[str], module: str) -> None:
    assert module not in imported
