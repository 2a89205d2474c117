"""The file that an export writes: all of it, or nothing."""

import os
from pathlib import Path

import pytest

from worker.business.__main__ import FileRefusedError, _write


def test_what_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FileRefusedError, match="cannot be written: No space left"):
        _write(tmp_path / "business.yaml", "business: {}\n")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_plain_file_is_left_alone(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (tmp_path, pipe):
        with pytest.raises(FileRefusedError, match="is no plain file"):
            _write(target, "business: {}\n")
    assert pipe.is_fifo()


def test_a_link_leads_to_what_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "business.yaml", tmp_path / "link.yaml"
    target.write_text("old")
    link.symlink_to(target)
    _write(link, "business: {}\n")
    assert link.is_symlink()
    assert target.read_text() == "business: {}\n"


def test_what_is_written_is_all_there_is(tmp_path: Path) -> None:
    target = tmp_path / "business.yaml"
    target.write_text("old")
    _write(target, "business: {}\n")
    assert target.read_text() == "business: {}\n"
    assert list(tmp_path.iterdir()) == [target]
