"""TDLib's text functions: the code that Telegram's own Bot API server reads texts with.

Only functions that run without a login and without a thread are called: `td_execute` answers at once.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import tdjson

type Json = dict[str, Any]

PARSE_MODES: dict[str, Json] = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
MARKS = "*_~|`[]"
"""What the Markdown of TDLib's `parseMarkdown` is made of."""
FIRST_PRIVATE, LAST_PRIVATE = 0xE000, 0xF8FF
"""Unicode's private use area: one UTF-16 unit each, and no meaning."""

LEGACY = re.compile(r"\\[_*`\[]|```.*?```|`.*?`|_.*?_|\*.*?\*|\[(?P<text>.*?)\](?P<url>\(.*?\))?", re.DOTALL)
"""What the old Markdown consists of."""
ADDRESS_SIGNS = frozenset(".:")


class TdlibError(Exception):
    """TDLib refuses; the message is its own."""


def parse(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """Return a text without its markup, and the markup's TDLib entities; raises TdlibError."""
    if parse_mode == "markdown" and any(map(_cuts_a_character, LEGACY.finditer(text))):
        raise TdlibError("Strings must be encoded in UTF-8")
    found = _call({"@type": "parseTextEntities", "text": text, "parse_mode": PARSE_MODES[parse_mode]})
    return found["text"], found["entities"]


def fix(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return a text as Telegram keeps it but for blanks at its ends, and entities that nest.

    TDLib checks, cleans, merges and splits entities in `parseMarkdown`, which reads Markdown besides:
    for the call that Markdown's marks give way to characters without a meaning. Raises TdlibError.
    """
    there, back = _disguise(text)
    formatted = {"@type": "formattedText", "text": text.translate(there), "entities": entities}
    fixed = _call({"@type": "parseMarkdown", "text": formatted})
    return fixed["text"].translate(back), fixed["entities"]


def find(text: str) -> list[Json]:
    """Return the TDLib entities that Telegram finds in plain text by itself."""
    found: list[Json] = _call({"@type": "getTextEntities", "text": text})["entities"]
    return [one for one in found if one["type"]["@type"] != "textEntityTypeMediaTimestamp"]


def _cuts_a_character(mark: re.Match[str]) -> bool:
    """Tell whether TDLib may find an address with half a character in it, and abort the process over it.

    TDLib reads the address of a link without one from its text, and a few bytes too late.
    """
    text = mark["text"] or ""
    return not mark["url"] and not text.isascii() and not ADDRESS_SIGNS.isdisjoint(text)


def _disguise(text: str) -> tuple[dict[int, int], dict[int, int]]:
    used = [ord(mark) for mark in MARKS if mark in text]
    if not used:
        return {}, {}
    free = (code for code in range(FIRST_PRIVATE, LAST_PRIVATE + 1) if chr(code) not in text)
    there = dict(zip(used, free, strict=False))
    return there, {code: mark for mark, code in there.items()}


def _call(request: Json) -> Json:
    answer = _library()(json.dumps(request, ensure_ascii=False).encode())
    if answer is None:
        raise TdlibError("Strings must be encoded in UTF-8")
    found: Json = json.loads(answer)
    if found["@type"] == "error":
        raise TdlibError(found["message"])
    return found


@cache
def _library() -> Callable[[bytes], bytes | None]:
    quiet = {"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}
    tdjson.td_execute(json.dumps(quiet).encode())
    return tdjson.td_execute
