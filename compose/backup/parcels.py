"""Dumps on their way to another machine and back: a tar of what belongs to each, by pipe."""

import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from compose.backup.dumps import NAME, PARTIAL, Dump, DumpError

BESIDE = ("", ".sha256", ".json")


def send(dumps: Iterable[Dump], pipe: IO[bytes]) -> None:
    """Write dumps with what belongs to them. Raises OSError."""
    with tarfile.open(fileobj=pipe, mode="w|") as tar:
        for dump in dumps:
            for path in (dump.path, dump.checksum, dump.manifest):
                tar.add(path, arcname=path.name, recursive=False)


def receive(pipe: IO[bytes], directory: Path) -> list[Dump]:
    """Take in the dumps of a tar and return them; nothing of one that is not whole stays.

    Raises DumpError and OSError.
    """
    try:
        with tarfile.open(fileobj=pipe, mode="r|*") as tar:
            arrived = [_take_in(tar, member, directory) for member in tar if member.isfile()]
    except tarfile.TarError as error:
        raise DumpError(f"what came in is no tar of dumps: {error}") from error
    received = sorted({path for path in arrived if NAME.fullmatch(path.name.removesuffix(PARTIAL))})
    if not received:
        raise DumpError("what came in holds no dump: `export` writes one")
    return [_put_in_place(path, directory) for path in received]


def _take_in(tar: tarfile.TarFile, member: tarfile.TarInfo, directory: Path) -> Path:
    name = Path(member.name).name
    base = next((name.removesuffix(end) for end in BESIDE[1:] if name.endswith(end)), name)
    content = tar.extractfile(member)
    if content is None or not NAME.fullmatch(base):
        raise DumpError(f"what came in holds {member.name}, which is no part of a dump")
    path = directory / f"{name}{PARTIAL}"
    with path.open("wb") as file:
        shutil.copyfileobj(content, file)
    return path


def _put_in_place(partial: Path, directory: Path) -> Dump:
    dump = Dump(directory / partial.name.removesuffix(PARTIAL))
    parts = [directory / f"{dump.path.name}{end}" for end in BESIDE]
    try:
        for part in reversed(parts):  # it has its name when the rest is there
            part.with_name(part.name + PARTIAL).replace(part)
        dump.verify()
        dump.held()
    except (OSError, DumpError) as error:
        dump.remove()
        raise DumpError(f"{dump.path.name} came in damaged, and is not kept: {error}") from error
    return dump
