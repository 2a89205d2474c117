"""What is wrong with a business file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from worker.business.wording import Wording

type Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and places in lists."""

SHOWN = 40


class UnfitError(ValueError):
    """A value is not what its field holds; the message says so in one of the sentences of Wording."""

    def __init__(self, wording: Wording, text: str = "", **more: object) -> None:
        super().__init__(wording.format(text=cut(text), **more))


class NotedError(Exception):
    """A value cannot be made, and why has been noted already."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong; `line` counts from 1."""

    line: int
    path: str
    message: str


class RefusedFileError(Exception):
    """The file does not describe a business; nothing was changed."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(_line(name, problem) for problem in self.problems))


def write_path(path: Path) -> str:
    """Write a path as 'services[0].duration'."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{cut(step)}"
    return text.removeprefix(".")


def cut(text: str) -> str:
    """Shorten what is quoted in a message."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?' for a word that is nearly one of the known, else nothing."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1)
    return f"; did you mean {by_folded[near[0]]}?" if near else ""


def _line(name: str, problem: Problem) -> str:
    path = f"{problem.path}: " if problem.path else ""
    return f"{name}:{problem.line}: {path}{problem.message}"
