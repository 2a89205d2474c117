"""What a process is told: its environment variables, and below them the lines of a `.env` file."""

import os
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

ENV_FILE: Final = "BELLHOP_ENV_FILE"
"""Names the file; `.env` in the working directory unless given, none where it is empty."""

USUAL_FILE: Final = ".env"


class InvalidSettingsError(Exception):
    """The environment does not describe a process that can run; the message says what to change."""


def environment() -> dict[str, str]:
    """Return every variable that is not empty; the process's own win over those of the file.

    So does a NAME_FILE of the process over a NAME of the file. Raises InvalidSettingsError where the file
    cannot be read.
    """
    own = {name: value for name, value in os.environ.items() if value}
    lines = {
        name: value
        for name, value in _env_file(os.environ.get(ENV_FILE)).items()
        if value and f"{name}_FILE" not in own
    }
    return {**lines, **own}


def setting(name: str, variables: Mapping[str, str]) -> str | None:
    """Return what `NAME` says, or else the text of the file that `NAME_FILE` names; None without both.

    Docker and Kubernetes hand over secrets as files. Raises InvalidSettingsError where that cannot be read.
    """
    path = variables.get(f"{name}_FILE")
    if name in variables or path is None:
        return variables.get(name)
    return _text(path, f"{name}_FILE names {path}, which").strip()


def _env_file(named: str | None) -> dict[str, str | None]:
    if named:
        return _lines(_text(named, f"{ENV_FILE} names {named}, which"))
    if named is None and Path(USUAL_FILE).is_file():
        return _lines(_text(USUAL_FILE, f"The working directory holds {USUAL_FILE}, which"))
    return {}


def _lines(text: str) -> dict[str, str | None]:
    return dotenv_values(stream=StringIO(text))


def _text(path: str, subject: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidSettingsError(f"{subject} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise InvalidSettingsError(f"{subject} holds no text") from None
