"""Entities Telegram finds by itself in plain text."""

import re

from sandbox.emulator.entities.text import Entity, utf16

LETTER = r"\w"
PATTERNS = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    (
        "email",
        re.compile(r"(?<![\w.@+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@])"),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@.-])(?:https?://[^\s<>\"']*[^\s<>\"'.,:;!?)\]}]"
            r"|(?:[A-Za-z0-9-]{1,63}\.)+(?:com|org|net|io|me|dev|app|de|ru|info|eu|uk)(?![\w.-]*\w)"
            r"(?:[/?#][^\s<>\"']*[^\s<>\"'.,:;!?)\]}])?)"
        ),
    ),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#&])#(?=\w*[^\W\d])\w{1,256}(?![#\w])")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?!\w)")),
)
TRIGGERS = frozenset("/@.#$")
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})


def find(text: str, known: list[Entity]) -> list[Entity]:
    """Return what Telegram would highlight besides the `known` entities."""
    if TRIGGERS.isdisjoint(text):
        return []
    taken = [(one.offset, one.end) for one in known if one.type in OPAQUE]
    found: list[Entity] = []
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            begin = utf16(text[: match.start()])
            end = begin + utf16(match[0])
            if all(end <= first or begin >= last for first, last in taken):
                taken.append((begin, end))
                found.append(Entity(kind, begin, end - begin))
    return found
