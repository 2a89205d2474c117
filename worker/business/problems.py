"""What is wrong with a business file, and where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from shared.i18n.marking import Marked
from shared.i18n.translator import Translator
from worker.business.wording import Hint, Wording

type Path = tuple[str | int, ...]
"""The way to a value: keys of mappings and places in lists."""

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text that can be said in every language, filled with words, numbers and other phrases."""

    text: Marked
    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, wording: str, /, **values: object) -> "Phrase":
        """Make a phrase of a text that was marked for the catalogues."""
        return cls(Marked(str(wording)), tuple(values.items()))

    def __str__(self) -> str:
        return self._filled(str, str)

    def said(self, texts: Translator) -> str:
        """Say it in somebody's language."""
        return self._filled(texts.marked, lambda inner: inner.said(texts))

    def _filled(self, words_of: Callable[[Marked], str], say: "Callable[[Phrase], str]") -> str:
        values = {name: say(each) if isinstance(each, Phrase) else each for name, each in self.values}
        return words_of(self.text).format_map(values)


class UnfitError(ValueError):
    """A value is not what its field holds; the phrase says so in one of the sentences of Wording."""

    def __init__(self, wording: Wording, text: str = "", **more: object) -> None:
        self.phrase = Phrase.of(wording, text=cut(text), **more)
        super().__init__(str(self.phrase))


class NotedError(Exception):
    """A value cannot be made, and why has been noted already."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `line` counts from 1."""

    line: int
    path: str
    phrase: Phrase

    @property
    def message(self) -> str:
        """What is wrong, in English, as the command line says it."""
        return str(self.phrase)

    def __lt__(self, other: "Problem") -> bool:
        return (self.line, self.path, self.message) < (other.line, other.path, other.message)


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


def did_you_mean(word: str, known: Iterable[str]) -> Phrase | str:
    """Return '; did you mean …?' for a word that is nearly one of the known, else nothing."""
    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1)
    return Phrase.of(Hint.DID_YOU_MEAN, word=by_folded[near[0]]) if near else ""


def either(words: Iterable[str]) -> Phrase | str:
    """Return 'one, or another' of some words; nothing where there are none."""
    found: Phrase | str = ""
    for word in words:
        found = Phrase.of(Hint.EITHER, one=found, other=word) if found else word
    return found


def _line(name: str, problem: Problem) -> str:
    path = f"{problem.path}: " if problem.path else ""
    return f"{name}:{problem.line}: {path}{problem.message}"
