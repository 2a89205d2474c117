"""parse_mode Markdown: the old one, without nesting."""

from sandbox.emulator.entities.html import link
from sandbox.emulator.entities.text import Entity, Formatted, utf16
from sandbox.emulator.errors import ApiError, cannot_parse

MARKS = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}
ESCAPABLE = frozenset("_*`[")


class LegacyParser:
    """One pass over a text in the old Markdown."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._length = 0
        self._entities: list[Entity] = []

    def parse(self) -> Formatted:
        """Return the text without its markup, and the entities."""
        while self._at < len(self._source):
            char = self._source[self._at]
            following = self._source[self._at + 1 : self._at + 2]
            if char == "\\" and following in ESCAPABLE:
                self._emit(following)
                self._at += 2
            elif char in ESCAPABLE:
                self._entity(char)
            else:
                self._emit(char)
                self._at += 1
        return Formatted("".join(self._out), self._entities)

    def _emit(self, text: str) -> None:
        self._out.append(text)
        self._length += utf16(text)

    def _entity(self, char: str) -> None:
        mark = "```" if self._source.startswith("```", self._at) else char
        begin = self._at
        closing = "]" if mark == "[" else mark
        end = self._source.find(closing, begin + len(mark))
        if end < 0:
            raise self._no_end(begin)
        content = self._source[begin + len(mark) : end]
        self._at = end + len(closing)
        offset = self._length
        details: dict[str, str] = {}
        if mark == "```":
            content, details = _language(content)
        self._emit(content)
        if mark == "[":
            self._link(content, offset, begin)
        elif content:
            self._entities.append(Entity(MARKS[mark], offset, utf16(content), details))

    def _link(self, text: str, offset: int, begin: int) -> None:
        url = text
        if self._source.startswith("(", self._at):
            end = self._source.find(")", self._at)
            if end < 0:
                raise self._no_end(begin)
            url, self._at = self._source[self._at + 1 : end], end + 1
        entity = link(url, offset, utf16(text))
        if entity is not None and text:
            self._entities.append(entity)

    def _no_end(self, begin: int) -> ApiError:
        offset = len(self._source[:begin].encode())
        return cannot_parse(f"Can't find end of the entity starting at byte offset {offset}")


def _language(content: str) -> tuple[str, dict[str, str]]:
    head, newline, rest = content.partition("\n")
    if newline and head and not head.isspace() and " " not in head:
        return rest, {"language": head}
    return (rest if newline and not head.strip() else content), {}
