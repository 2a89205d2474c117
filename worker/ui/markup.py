"""HTML as Telegram reads it in messages: how long it is, and how it is cut."""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Final

from shared.i18n.translator import Html
from worker.ui.graphemes import cut, utf16

_PIECE: Final = re.compile(r"<(?P<closes>/?)(?P<tag>[a-z-]+)[^>]*>|[^<]+|<", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


def words_of(text: str) -> str:
    """Return what is read of a text, without its markup: its length is what Telegram bounds."""
    return unescape(_TAG.sub("", text))


def bounded(text: Html, longest: int) -> Html:
    """Cut a text to so many UTF-16 units of what is read of it; what was marked up stays well-formed."""
    if 2 * len(text) <= longest or utf16(words_of(text)) <= longest:
        return text
    return Html("".join(_pieces(text, longest)))


def _pieces(text: str, longest: int) -> Iterator[str]:
    """Give the pieces that have room, the end of the last one cut off, and close what is open then."""
    open_tags: list[str] = []
    left = longest
    for piece in _PIECE.finditer(text):
        if (tag := piece["tag"]) is not None:
            yield piece[0]
            if piece["closes"]:
                open_tags.pop()
            else:
                open_tags.append(tag)
            continue
        words = unescape(piece[0])
        if utf16(words) > left - 1:
            yield escape(cut(words, left), quote=False)
            break
        left -= utf16(words)
        yield piece[0]
    yield from (f"</{tag}>" for tag in reversed(open_tags))
