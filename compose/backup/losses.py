"""What restores have lost, kept beside the dumps until the customers are told."""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from compose.backup.dumps import PARTIAL, STAMP

NAME = re.compile(r"lost-(\d{8}T\d{6}Z)\.jsonl")


def keep(records: Iterable[str], directory: Path, now: datetime) -> Path:
    """Write a restore's list, readable by nobody else: it has people's numbers at Telegram."""
    path = directory / f"lost-{now:{STAMP}}.jsonl"
    partial = path.with_name(path.name + PARTIAL)
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"{record}\n" for record in records)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    return path


def every(directory: Path) -> list[Path]:
    """Return the lists there are, the oldest first."""
    return sorted(path for path in directory.iterdir() if NAME.fullmatch(path.name))


def outdated(directory: Path, now: datetime, keep_for: timedelta) -> Iterator[Path]:
    """Choose the lists that are older than dumps are kept."""
    for path in every(directory):
        found = NAME.fullmatch(path.name)
        if found and now - datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) > keep_for:
            yield path
