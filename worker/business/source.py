"""A YAML file as a tree that knows its lines, and what is wrong with it.

Only the structure is YAML's: every single value stays the text that stands in the file (see `values`).
"""

import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from shared.cleaning import plain_spaces, reveal, tidy
from worker.business.problems import (
    NotedError,
    Path,
    Phrase,
    Problem,
    RefusedFileError,
    UnfitError,
    write_path,
)
from worker.business.wording import NotYaml, Wording

LARGEST_BYTES = 1024 * 1024
MOST_VALUES = 200_000
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
MERGE = "<<"
CORE = "tag:yaml.org,2002:"
"""What YAML's own tags begin with, where people write `!!`."""
TAGS = frozenset(
    {"", "!"}
    | {CORE + name for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")}
)
"""Tags that change nothing: a value is the text that stands in the file."""
SAID_BY_LIBRARY: Final = (
    (NotYaml.UNKNOWN_ALIAS, "undefined alias"),
    (NotYaml.TWO_DOCUMENTS, "another document"),
    (NotYaml.NOT_CLOSED, "but got"),
    (NotYaml.NOT_CLOSED, "unexpected end of stream"),
    (NotYaml.NOT_CLOSED, "expected the node content"),
    (NotYaml.COLON, "mapping values are not allowed"),
    (NotYaml.COLON, "found unexpected ':'"),
    (NotYaml.COLON, "could not find expected ':'"),
    (NotYaml.INDENTATION, "expected <block end>"),
    (NotYaml.INDENTATION, "entries are not allowed"),
    (NotYaml.INDENTATION, "keys are not allowed"),
    (NotYaml.CHARACTER, "cannot start any token"),
    (NotYaml.ESCAPE, "escape"),
)
"""By a part of what the library says, what that means; the first that is in it."""


@dataclass(slots=True)
class Source:
    """A file while it is read: what is wrong so far, and how many values have been looked at."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    names: defaultdict[type, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """The names read so far by key, by the class of what they name."""
    currency: str | None = None
    """What prices are in, once it is read."""
    count: int = 0

    def refused(self, line: int, wording: Wording, **more: object) -> RefusedFileError:
        """Return the refusal of the file as a whole."""
        return RefusedFileError(self.name, [Problem(line, "", Phrase.of(wording, **more))])


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the file, by line and path; without a node where a field is left out."""

    source: Source
    node: Node | None
    line: int
    path: Path = ()

    def __post_init__(self) -> None:
        self.source.count += 1
        if self.source.count > MOST_VALUES:
            raise self.source.refused(1, Wording.TOO_MUCH)
        tag = str(self.node.tag or "") if self.node else ""
        if tag not in TAGS:
            self.note(UnfitError(Wording.TAG, tag.replace(CORE, "!!")))

    @property
    def empty(self) -> bool:
        """Whether nothing stands there, or one of YAML's words for nothing."""
        node = self.node
        return node is None or (isinstance(node, ScalarNode) and not node.style and node.value in NOTHING)

    def text(self) -> str:
        """Return a single value's text as a person sees it (see `tidy`); raises UnfitError."""
        if self.empty:
            raise UnfitError(Wording.NO_VALUE)
        if not isinstance(self.node, ScalarNode):
            raise UnfitError(Wording.NOT_SINGLE)
        if not _is_text(self.node.value):
            raise UnfitError(Wording.CONTROL)
        written = str(self.node.value)
        text = tidy(written)
        if written.strip() and not text:
            raise UnfitError(Wording.NOTHING_SHOWS, reveal(written))
        return text

    def items(self, wording: Wording = Wording.NOT_A_LIST) -> list["Cursor"]:
        """Return a list's values; raises UnfitError with that wording where it is none."""
        if not isinstance(self.node, SequenceNode):
            raise UnfitError(wording)
        return [self._step(index, node, _line(node)) for index, node in enumerate(self.node.value)]

    def fields(self, wording: Wording = Wording.NOT_A_MAPPING) -> dict[str, "Cursor"]:
        """Return a mapping's values by name; raises UnfitError with that wording where it is none."""
        if not isinstance(self.node, MappingNode):
            raise UnfitError(wording)
        own: dict[str, Cursor] = {}
        merged: dict[str, Cursor] = {}
        for key, value in self.node.value:
            name = tidy(str(key.value))
            line = _line(value) if isinstance(value, ScalarNode) else _line(key)
            if not isinstance(key, ScalarNode) or not _is_text(key.value):
                self.note(UnfitError(Wording.KEY_IS_NO_NAME))
            elif key.value == MERGE and not key.style:
                merged |= _merged(self._step(MERGE, value, line))
            elif name in own:
                self._step(name, value, _line(key)).note(UnfitError(Wording.KEY_TWICE))
            else:
                own[name] = self._step(name, value, line)
        return {**merged, **own}

    def absent(self, name: str) -> "Cursor":
        """Return the place of a field that is left out."""
        return self._step(name, None, self.line)

    def note(self, error: UnfitError) -> None:
        """Take note of what is wrong here."""
        self.source.problems.append(Problem(self.line, write_path(self.path), error.phrase))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the UnfitError of the block here; neither it nor a NotedError goes further."""
        try:
            yield
        except UnfitError as error:
            self.note(error)
        except NotedError:
            pass

    def _step(self, step: str | int, node: Node | None, line: int) -> "Cursor":
        return Cursor(self.source, node, line, (*self.path, step))


def read_source(data: bytes, name: str) -> Cursor:
    """Read a file's bytes; raises RefusedFileError where they are not YAML."""
    source = Source(name)
    if len(data) > LARGEST_BYTES:
        raise source.refused(1, Wording.TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise source.refused(data.count(b"\n", 0, error.start) + 1, Wording.NOT_UTF8) from None
    node = _compose(plain_spaces(text), source)
    if node is None:
        raise source.refused(1, Wording.EMPTY)
    return Cursor(source, node, _line(node))


def _compose(text: str, source: Source) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # YAML allows it: the last one counts
            node: Node | None = YAML(typ="rt", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wording = Wording.TAB if r"'\t'" in str(error.problem) else Wording.NOT_YAML
        raise source.refused(mark.line + 1 if mark else 1, wording, why=_why(str(error.problem))) from None
    except ReaderError as error:
        raise source.refused(text.count("\n", 0, int(error.position)) + 1, Wording.CONTROL_IN_FILE) from None
    except (YAMLError, RecursionError, ValueError, OverflowError):
        raise source.refused(1, Wording.NOT_YAML, why=Phrase.of(NotYaml.UNREADABLE)) from None
    return node


def _why(problem: str) -> Phrase:
    """Say in plain words what the library says of a file that is no YAML."""
    return Phrase.of(next((why for why, said in SAID_BY_LIBRARY if said in problem), NotYaml.UNREADABLE))


def _merged(at: Cursor) -> dict[str, Cursor]:
    """Return what `<<` brings in; of several mappings the first one that has a key wins."""
    found: dict[str, Cursor] = {}
    nodes = at.node.value if isinstance(at.node, SequenceNode) else [at.node]
    for node in reversed(nodes):
        if isinstance(node, MappingNode):
            found |= Cursor(at.source, node, at.line, at.path[:-1]).fields()
        else:
            at.note(UnfitError(Wording.MERGED_NO_MAPPING))
    return found


def _is_text(value: object) -> bool:
    """Tell a text from one that holds halves of surrogate pairs, which an escape can write."""
    return not any("\ud800" <= character <= "\udfff" for character in str(value))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
