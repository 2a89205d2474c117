"""The file that an export writes: all of it, or nothing."""

from pathlib import Path

import pytest

from worker.business.__main__ import RefusedError, _write


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "business.yaml"
    target.mkdir()
    with pytest.raises(RefusedError, match="cannot be written"):
        _write(target, "business: {}\n")
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_written_is_all_there_is(tmp_path: Path) -> None:
    target = tmp_path / "business.yaml"
    target.write_text("old")
    _write(target, "business: {}\n")
    assert target.read_text() == "business: {}\n"
    assert list(tmp_path.iterdir()) == [target]
