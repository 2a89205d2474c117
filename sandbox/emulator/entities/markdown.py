"""parse_mode MarkdownV2, as the Bot API documents it."""

from dataclasses import dataclass, field

from sandbox.emulator.entities.html import emoji_id, link
from sandbox.emulator.entities.links import telegram_query
from sandbox.emulator.entities.moments import date_time
from sandbox.emulator.entities.text import Entity, Formatted, utf16
from sandbox.emulator.errors import ApiError, cannot_parse

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
LAST_ASCII = 126
NAMES = {
    "*": ("Bold", "bold"),
    "_": ("Italic", "italic"),
    "__": ("Underline", "underline"),
    "~": ("Strikethrough", "strikethrough"),
    "||": ("Spoiler", "spoiler"),
    "`": ("Code", "code"),
    "```": ("Pre", "pre"),
}
FENCE = "```"
LINE_ENDS = "\r\n"


@dataclass(slots=True)
class OpenMark:
    """A mark whose end has not come yet."""

    mark: str
    begin: int
    offset: int
    text_at: int
    language: str | None = None


@dataclass(slots=True)
class MarkdownParser:
    """One pass over a text; byte offsets are worked out only for a refusal."""

    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    open: list[OpenMark] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    quote: OpenMark | None = None

    def parse(self) -> Formatted:
        """Return the text without its markup, and the entities."""
        while self.at < len(self.source):
            if self._line_starts():
                self._quote_edge()
                if self.at >= len(self.source):
                    break
            self._step(self.source[self.at])
        if self.open:
            raise self._no_end(self.open[-1])
        self._end_quote()
        return Formatted("".join(self.out), self.entities)

    def _step(self, char: str) -> None:
        if char == "\\" and self._escapes():
            self._emit(self.source[self.at + 1], 2)
        elif self.open and self.open[-1].mark in {"`", FENCE}:
            self._in_code(char)
        elif char in RESERVED:
            self._reserved(char)
        else:
            self._emit(char, 1)

    def _escapes(self) -> bool:
        following = self.source[self.at + 1 : self.at + 2]
        return bool(following) and 0 < ord(following) <= LAST_ASCII

    def _emit(self, text: str, consumed: int) -> None:
        self.out.append(text)
        self.length += utf16(text)
        self.at += consumed

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _no_end(self, mark: OpenMark) -> ApiError:
        if mark.mark == "[":
            name = "TextUrl"
        elif mark.mark == "![":
            name = "CustomEmoji"
        else:
            name = NAMES[mark.mark][0]
        if mark.language:
            name = "PreCode"
        return cannot_parse(f"Can't find end of {name} entity at byte offset {self._byte(mark.begin)}")

    def _in_code(self, char: str) -> None:
        mark = self.open[-1].mark
        if self.source.startswith(mark, self.at):
            self.at += len(mark)
            self._close()
        elif char == "`":
            self._push(char)
        else:
            self._emit(char, 1)

    def _reserved(self, char: str) -> None:
        if self._closes(char):
            return
        if char in "_*~|`":
            self._open_mark(char)
        elif char == "[":
            self._push("[")
        elif char == "!" and self.source.startswith("![", self.at):
            self._push("![")
        else:
            raise cannot_parse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")

    def _closes(self, char: str) -> bool:
        if not self.open:
            return False
        mark = self.open[-1].mark
        if char == "]" and mark in {"[", "!["}:
            self.at += 1
            self._close_link()
            return True
        if mark in {"[", "!["} or not self.source.startswith(mark, self.at):
            return False
        if mark == "_" and self.source.startswith("__", self.at):
            return False
        self.at += len(mark)
        self._close()
        return True

    def _open_mark(self, char: str) -> None:
        if char == "|":
            if not self.source.startswith("||", self.at):
                raise cannot_parse("Character '|' is reserved and must be escaped with the preceding '\\'")
            self._push("||")
        elif char == "_" and self.source.startswith("__", self.at):
            self._push("__")
        elif char == "`" and self.source.startswith(FENCE, self.at):
            self._push(FENCE)
            self._fence_language()
        else:
            self._push(char)

    def _push(self, mark: str) -> None:
        self.open.append(OpenMark(mark, self.at, self.length, len(self.out)))
        self.at += len(mark)

    def _fence_language(self) -> None:
        end = self.at
        while end < len(self.source) and self.source[end] not in " \t\r\n`":
            end += 1
        if end < len(self.source) and self.source[end] != "`":
            self.open[-1].language = self.source[self.at : end] or None
            self.at = end
        self._skip_line_end()

    def _skip_line_end(self) -> None:
        here = self.source[self.at : self.at + 2]
        if here[:1] and here[0] in LINE_ENDS:
            self.at += 2 if here in {"\r\n", "\n\r"} else 1

    def _close(self) -> None:
        mark = self.open.pop()
        length = self.length - mark.offset
        if length > 0:
            details = {"language": mark.language} if mark.language else {}
            self.entities.append(Entity(NAMES[mark.mark][1], mark.offset, length, details))

    def _close_link(self) -> None:
        mark = self.open.pop()
        url = self._url()
        text = "".join(self.out[mark.text_at :])
        length = self.length - mark.offset
        entity = (
            link(url or text, mark.offset, length) if mark.mark == "[" else _special(url, mark.offset, length)
        )
        if entity is not None and length > 0:
            self.entities.append(entity)

    def _url(self) -> str:
        if not self.source.startswith("(", self.at):
            return ""
        begin, self.at = self.at, self.at + 1
        parts: list[str] = []
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == ")":
                self.at += 1
                return "".join(parts)
            escaped = char == "\\" and self._escapes()
            parts.append(self.source[self.at + escaped])
            self.at += 1 + escaped
        raise cannot_parse(f"Can't find end of a URL at byte offset {self._byte(begin + 1)}")

    def _line_starts(self) -> bool:
        if self.open and self.open[-1].mark in {"`", FENCE}:
            return False
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _quote_edge(self) -> None:
        expandable = self.source.startswith("**>", self.at)
        if self.source.startswith(">", self.at) or expandable:
            if self.quote is None or expandable:
                self._end_quote()
                self.quote = OpenMark(">", self.at, self.length, len(self.out))
            self.at += 3 if expandable else 1
        elif self.quote is not None:
            self._end_quote()

    def _end_quote(self) -> None:
        if self.quote is None:
            return
        quote, self.quote = self.quote, None
        length = self.length - quote.offset
        if self.out and self.out[-1] == "\n" and self.at < len(self.source):
            length -= 1
        if length > 0:
            self.entities.append(Entity("blockquote", quote.offset, length))


def _special(url: str, offset: int, length: int) -> Entity:
    if moment := telegram_query(url, "time"):
        details = date_time(moment.get("unix", ""), moment.get("format", ""))
        return Entity("date_time", offset, length, details)
    identifier = telegram_query(url, "emoji").get("id", "")
    return Entity("custom_emoji", offset, length, {"custom_emoji_id": emoji_id(identifier)})
