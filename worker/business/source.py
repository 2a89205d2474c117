"""YAML text into plain values that remember their lines.

Only the structure is YAML's: every scalar stays the text that stands in the file (see `values`).
"""

from dataclasses import dataclass, field
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from worker.business.problems import Path, Problem, RefusedFileError, cut, write_path

LARGEST_BYTES = 1024 * 1024
MOST_VALUES = 200_000
DEEPEST = 20
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
MERGE = "<<"
TABS = "is indented with a tab; YAML wants spaces"

type Plain = str | list[Plain] | dict[str, Plain] | None


class _TooMuchError(Exception):
    """Aliases make more of the file than anyone can mean."""


@dataclass(slots=True)
class Source:
    """A file's content: plain values, the line of each, and what was wrong already."""

    name: str
    content: Plain = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def line(self, path: Path) -> int:
        """Return the line of a value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, path: Path, message: str) -> None:
        """Take note of a problem."""
        self.problems.append(Problem(self.line(path), write_path(path), message))


def read_source(data: bytes, name: str) -> Source:
    """Read a file's bytes; raises RefusedFileError where they are not YAML."""
    if len(data) > LARGEST_BYTES:
        raise RefusedFileError(name, [Problem(1, "", "is larger than 1 MiB")])
    source = Source(name)
    node = _compose(_decode(data, name), name)
    if node is None:
        raise RefusedFileError(name, [Problem(1, "", "is empty")])
    try:
        source.content = _plain(source, node, ())
    except _TooMuchError:
        message = "holds too much: aliases that repeat one another, or lists within lists"
        raise RefusedFileError(name, [Problem(1, "", message)]) from None
    return source


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedFileError(name, [Problem(line, "", "is not UTF-8 text")]) from None


def _compose(text: str, name: str) -> Node | None:
    try:
        node: Node | None = YAML(typ="rt", pure=True).compose(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise RefusedFileError(name, [Problem(line, "", _syntax(str(error.problem)))]) from None
    except ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise RefusedFileError(name, [Problem(line, "", "holds a control character")]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise RefusedFileError(name, [Problem(1, "", f"is not YAML: {type(error).__name__}")]) from None
    return node


def _syntax(problem: str) -> str:
    if r"'\t'" in problem:
        return TABS
    return f"is not YAML: {problem}"


def _plain(source: Source, node: Node, path: Path) -> Plain:
    source.count += 1
    if source.count > MOST_VALUES or len(path) > DEEPEST:
        raise _TooMuchError
    source.lines[path] = node.start_mark.line + 1
    tag = str(node.tag or "")
    if tag.startswith("!") and tag != "!":
        source.complain(path, f"has the tag {cut(tag)}, which means nothing here")
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_plain(source, child, (*path, index)) for index, child in enumerate(node.value)]
    return _mapping(source, node, path)


def _scalar(node: ScalarNode) -> str | None:
    quoted = bool(node.style)
    return None if not quoted and node.value in NOTHING else str(node.value)


def _mapping(source: Source, node: Node, path: Path) -> dict[str, Plain]:
    own: dict[str, Plain] = {}
    merged: dict[str, Plain] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            source.complain(path, "has a list or a mapping where a name belongs")
        elif key.value == MERGE and not key.style:
            merged |= _merged(source, value, path)
        elif key.value in own:
            source.lines[*path, key.value] = key.start_mark.line + 1
            source.complain((*path, key.value), "stands here twice")
        else:
            own[key.value] = _plain(source, value, (*path, key.value))
            if not isinstance(value, ScalarNode):
                source.lines[*path, key.value] = key.start_mark.line + 1
    return {**merged, **own}


def _merged(source: Source, node: Node, path: Path) -> dict[str, Plain]:
    """Read what `<<` brings in; of several mappings the first one that has a key wins."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    found: dict[str, Plain] = {}
    for part in reversed(nodes):
        if isinstance(part, MappingNode):
            found |= _mapping(source, part, path)
        else:
            source.complain((*path, MERGE), "brings in something that is not a mapping")
    return found
