"""Dumps in a directory: each whole or not there, with its checksum and what it held."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from compose.backup import fingerprint
from compose.backup.fingerprint import Fingerprint
from compose.backup.server import Server

STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"bellhop-(\d{8}T\d{6}Z)\.dump")
PARTIAL = ".part"
ESSENTIAL = "business"
"""The table without whose row nothing else has a meaning."""


class DumpError(Exception):
    """A dump is not what it was when it was made."""


class NothingToDumpError(Exception):
    """The database holds no business yet: a dump of it would be the newest, and bring nothing back."""


@dataclass(frozen=True)
class Dump:
    """One dump: `bellhop-20261122T030000Z.dump`, with `.dump.sha256` and `.dump.json` beside it."""

    path: Path

    @property
    def at(self) -> datetime:
        """When it was begun."""
        found = NAME.fullmatch(self.path.name)
        if found is None:
            raise DumpError(f"{self.path.name} is not called like a dump of ours")
        return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)

    @property
    def checksum(self) -> Path:
        """The file that `sha256sum --check` takes."""
        return self.path.with_name(f"{self.path.name}.sha256")

    @property
    def manifest(self) -> Path:
        """The file that says what the database held."""
        return self.path.with_name(f"{self.path.name}.json")

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    def held(self) -> Fingerprint:
        """Return what the database held. Raises DumpError."""
        try:
            return Fingerprint.from_json(json.loads(self.manifest.read_text()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DumpError(f"{self.manifest.name} cannot be read: {error}") from error

    def verify(self) -> None:
        """Raise DumpError if the file is not what was written."""
        try:
            wanted = self.checksum.read_text().split()[0]
            found = _sha256(self.path)
        except (OSError, IndexError) as error:
            raise DumpError(f"{self.path.name} cannot be checked: {error}") from error
        if found != wanted:
            raise DumpError(f"{self.path.name} is damaged: its SHA-256 is {found}, not {wanted}")

    def remove(self) -> None:
        """Remove it with what belongs to it."""
        for path in (self.path, self.checksum, self.manifest):
            path.unlink(missing_ok=True)


def make(server: Server, directory: Path, now: datetime) -> Dump:
    """Dump the database; the dump gets its name when it is whole and on the disk. Raises ServerError."""
    dump = Dump(directory / f"bellhop-{now:{STAMP}}.dump")
    partial = dump.path.with_name(dump.path.name + PARTIAL)
    with server.snapshot() as snapshot:
        held = fingerprint.take(snapshot)
        if not held.holds(ESSENTIAL):
            raise NothingToDumpError("there is no business in the database yet: no dump is made of nothing")
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot.name}"]
        server.run("pg_dump", *options, f"--file={partial}")
    _write(dump.manifest, json.dumps(held.as_json(), indent=1))
    _write(dump.checksum, f"{_sha256(partial)}  {dump.path.name}\n")
    _publish(partial, dump.path)
    return dump


def every(directory: Path) -> list[Dump]:
    """Return the dumps there are, the newest first."""
    found = [Dump(path) for path in directory.iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda dump: dump.at, reverse=True)


def newest(dumps: Iterable[Dump], now: datetime) -> Dump | None:
    """Return the newest dump there is; one that a clock which was ahead has dated into the future is not."""
    return max((dump for dump in dumps if dump.at <= now), key=lambda dump: dump.at, default=None)


def outdated(dumps: list[Dump], now: datetime, keep: timedelta, keep_least: int) -> Iterator[Dump]:
    """Choose what may go: older than `keep`, and not among the `keep_least` newest."""
    for dump in sorted(dumps, key=lambda dump: dump.at, reverse=True)[keep_least:]:
        if now - dump.at > keep:
            yield dump


def clear_partial(directory: Path) -> None:
    """Remove what interrupted runs left."""
    for path in directory.glob(f"bellhop-*{PARTIAL}"):
        path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    partial = path.with_name(path.name + PARTIAL)
    partial.write_text(text)
    _publish(partial, path)


def _publish(partial: Path, path: Path) -> None:
    for name, then in ((partial, path), (path.parent, None)):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if then is not None:
            partial.rename(then)
