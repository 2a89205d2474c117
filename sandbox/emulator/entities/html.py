"""parse_mode HTML, as the Bot API documents it."""

import html
import re
from dataclasses import dataclass, field

from sandbox.emulator.entities.links import LinkError, checked, mentioned_user
from sandbox.emulator.entities.moments import date_time
from sandbox.emulator.entities.text import Entity, Formatted, utf16
from sandbox.emulator.errors import ApiError, cannot_parse

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
SPECIAL = frozenset({"a", "span", "tg-emoji", "tg-time", "blockquote"})
INTERESTING = re.compile(r"[<&]")
REFERENCE = re.compile(r"&(?:#[xX]([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
BARE_VALUE = re.compile(r"[a-zA-Z0-9.\-]*")
SPACE = " \t\n\r\v\f"
LANGUAGE = "language-"
HIGHEST_CODE = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
REFERENCE_LIMIT = 10
EMOJI_ID = re.compile(r"[0-9]{1,19}")
LARGEST_EMOJI_ID = 2**63 - 1


@dataclass(slots=True)
class OpenTag:
    """A start tag whose end has not come yet."""

    name: str
    attributes: dict[str, str]
    offset: int
    text_at: int


@dataclass(slots=True)
class HtmlParser:
    """One pass over a text; byte offsets are worked out only for a refusal."""

    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    open: list[OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> Formatted:
        """Return the text without its markup, and the entities."""
        while found := INTERESTING.search(self.source, self.at):
            self._emit(self.source[self.at : found.start()])
            self.at = found.start()
            if found[0] == "&":
                self._reference()
            elif self.source.startswith("/", self.at + 1):
                self._end_tag()
            else:
                self._start_tag()
        self._emit(self.source[self.at :])
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        for entity in self.entities:
            if entity.type == "code":
                entity.details = {}
        return Formatted("".join(self.out), self.entities)

    def _emit(self, text: str) -> None:
        if text:
            self.out.append(text)
            self.length += utf16(text)

    def _reference(self) -> None:
        char, end = decode_reference(self.source, self.at)
        if char is None:
            self._emit("&")
            self.at += 1
            return
        if ord(char) in SURROGATES:
            raise cannot_parse(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        self._emit(char)
        self.at = end

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _refuse(self, reason: str, position: int) -> ApiError:
        return cannot_parse(f"{reason} at byte offset {self._byte(position)}")

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._until(f"{SPACE}>").lower()
        if self.at >= len(self.source):
            raise self._refuse("Unclosed start tag", begin)
        if name not in SIMPLE and name not in SPECIAL:
            raise self._refuse(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(OpenTag(name, attributes, self.length, len(self.out)))

    def _until(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in SPACE:
            self.at += 1

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.at >= len(self.source):
                raise self._refuse("Unclosed start tag", begin)
            if self.source[self.at] == ">":
                self.at += 1
                return attributes
            name, value = self._attribute(tag, begin)
            attributes[name] = value

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._until(f"{SPACE}=>" if tag == "blockquote" else f"{SPACE}=")
        if not name:
            raise self._refuse(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_space()
        if tag == "blockquote" and not self.source.startswith("=", self.at):
            return name.lower(), ""
        if not self.source.startswith("=", self.at):
            if self.at >= len(self.source) and ">" not in name:
                raise self._refuse(f'Unclosed start tag "{tag}"', begin)
            raise self._refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin
            )
        self.at += 1
        self._skip_space()
        if self.at >= len(self.source):
            raise self._refuse(f'Unclosed start tag "{tag}"', begin)
        return name.lower(), self._value(begin)

    def _value(self, begin: int) -> str:
        quote = self.source[self.at]
        if quote not in "'\"":
            return self._bare_value()
        end = self.source.find(quote, self.at + 1)
        if end < 0:
            raise self._refuse("Unclosed start tag", begin)
        raw, self.at = self.source[self.at + 1 : end], end + 1
        return decode(raw)

    def _bare_value(self) -> str:
        begin = self.at
        found = BARE_VALUE.match(self.source, self.at)
        self.at = found.end() if found else self.at
        if self.at >= len(self.source) or self.source[self.at] not in f"{SPACE}>":
            raise self._refuse("Unexpected end of name token", begin)
        return self.source[begin : self.at]

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._refuse("Unexpected end tag", begin)
        self.at += 2
        name = self._until(f"{SPACE}>").lower()
        self._skip_space()
        if not self.source.startswith(">", self.at):
            raise self._refuse("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            expected = f'expected "</{tag.name}>", found "</{name}>"'
            raise cannot_parse(f"Unmatched end tag at byte offset {self._byte(begin)}, {expected}")
        self._close(tag)

    def _close(self, tag: OpenTag) -> None:
        length = self.length - tag.offset
        if length <= 0 or (entity := self._entity(tag, length)) is None:
            return
        inner = self.entities[-1] if self.entities else None
        if entity.type in {"pre", "code"} and inner is not None and _same_code(entity, inner):
            self.entities.pop()
            language = entity.details.get("language") or inner.details.get("language")
            entity = Entity("pre", entity.offset, length, {"language": language} if language else {})
        self.entities.append(entity)

    def _entity(self, tag: OpenTag, length: int) -> Entity | None:
        if tag.name in SIMPLE:
            return Entity(SIMPLE[tag.name], tag.offset, length, _language(tag))
        if tag.name == "span":
            return Entity("spoiler", tag.offset, length)
        if tag.name == "blockquote":
            kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
            return Entity(kind, tag.offset, length)
        if tag.name == "tg-emoji":
            details = {"custom_emoji_id": emoji_id(tag.attributes.get("emoji-id", ""))}
            return Entity("custom_emoji", tag.offset, length, details)
        if tag.name == "tg-time":
            moment = date_time(tag.attributes.get("unix", ""), tag.attributes.get("format", ""))
            return Entity("date_time", tag.offset, length, moment)
        return link(tag.attributes.get("href") or "".join(self.out[tag.text_at :]), tag.offset, length)


def _language(tag: OpenTag) -> dict[str, str]:
    name = tag.attributes.get("class", "")
    if tag.name == "code" and name.startswith(LANGUAGE) and len(name) > len(LANGUAGE):
        return {"language": name.removeprefix(LANGUAGE)}
    return {}


def _same_code(outer: Entity, inner: Entity) -> bool:
    return (
        inner.type in {"pre", "code"}
        and inner.type != outer.type
        and (inner.offset, inner.length) == (outer.offset, outer.length)
    )


def link(url: str, offset: int, length: int) -> Entity | None:
    """Return the entity of a link, None for an address that is none."""
    try:
        if (user_id := mentioned_user(url)) is not None:
            return Entity("text_mention", offset, length, {"user": {"id": user_id}})
        return Entity("text_link", offset, length, {"url": checked(url)})
    except LinkError:
        return None


def emoji_id(text: str) -> str:
    """Return a custom emoji's id; raises ApiError when it is none."""
    if not EMOJI_ID.fullmatch(text) or not 0 < int(text) <= LARGEST_EMOJI_ID:
        raise cannot_parse("Invalid custom emoji identifier specified")
    return text


def decode_reference(source: str, at: int) -> tuple[str | None, int]:
    """Return the character a reference such as `&lt;` stands for, None for none, and where it ends."""
    found = REFERENCE.match(source, at)
    if found is None:
        return None, at
    sixteen, ten, name = found.groups()
    if name:
        return NAMED[name], found.end()
    digits = sixteen or ten
    code = int(digits, 16 if sixteen else 10) if len(digits) < REFERENCE_LIMIT else 0
    return (chr(code), found.end()) if 0 < code <= HIGHEST_CODE else (None, at)


def decode(text: str) -> str:
    """Return an attribute's value with its references decoded."""
    parts, at = [], 0
    while (found := text.find("&", at)) >= 0:
        char, end = decode_reference(text, found)
        parts += [text[at:found], char if char is not None else "&"]
        at = end if char is not None else found + 1
    return "".join([*parts, text[at:]])


def escape(text: str) -> str:
    """Return a text that parses to itself."""
    return html.escape(text, quote=False)
