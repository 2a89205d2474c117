"""Strings and JSON as they come from outside, made harmless where they enter."""

import json
import re
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from pydantic_core import from_json

MOST_NAMES: Final = 4096
"""So many are compared with one another in a business of the largest kind."""

_HARMFUL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What PostgreSQL, JSON or UTF-8 cannot hold, and control characters that nobody sees."""

_ODD: Final = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_UNSEEN: Final = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_BOUND: Final = r"\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS: Final = r"\U000e0000-\U000e00ff"
_ODD_SPACE: Final = re.compile(f"[{_ODD}]")
_SPACES: Final = re.compile(f"[ \\t{_ODD}]+")
_STRAY: Final = re.compile(f"(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[{_UNSEEN}{_TAGS}]")
"""What shows as nothing anywhere; in the group a flag such as Scotland's, which is written with tags."""
_LOOSE: Final = re.compile(f"(?:^|(?<=[ A-Za-z]))[{_BOUND}]+")
"""What changes how its neighbour looks, where it has none that it could change."""
_JOINED: Final = r"\u0590-\u1dff\u2190-\U0010ffff"
_JOINERS: Final = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}])")
"""Joiners outside of emoji and of the scripts whose letters they shape."""
_HIDDEN: Final = re.compile(f"[{_UNSEEN}{_BOUND}{_TAGS}\\t{_ODD}]")


UNWANTED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""The categories of what no line may hold: controls, halves of surrogate pairs, separators of lines."""


class DeepJsonError(ValueError):
    """It is JSON, and too deep or with a number too long to be read."""


def clean(text: str, longest: int) -> str:
    """Return at most so many characters of a text, and none that nobody can store or see.

    Zero bytes, other control characters and halves of surrogate pairs go; tabs and line ends stay.
    """
    return _HARMFUL.sub("", text[:longest])


def tidy(text: str) -> str:
    """Return a line as a person sees it: in Unicode's composed form, one space between its words.

    Characters that show as nothing go: zero-width spaces, soft hyphens, byte order marks, fillers, marks of
    direction, and joiners with nothing to join. Tabs and odd spaces are spaces; line ends stay.
    """
    text = _SPACES.sub(" ", _STRAY.sub(r"\1", normalize("NFC", text)))
    text = _JOINERS.sub("", _LOOSE.sub("", text))
    return normalize("NFC", _SPACES.sub(" ", text)).strip()


def plain_spaces(text: str) -> str:
    """Return lines as they are, with a plain space for every odd one, and without what shows as nothing."""
    return _STRAY.sub(r"\1", _ODD_SPACE.sub(" ", text))


@lru_cache(MOST_NAMES)
def name_key(text: str) -> str:
    """Return what names have in common that people take for the same: capitals and joiners do not count."""
    folded = normalize("NFC", tidy(text).casefold())
    return tidy(re.sub(f"[{_BOUND}]", "", folded))


def reveal(text: str) -> str:
    """Write out the characters of a line that do not show: 'Hair<U+200B>cut'."""
    return _HIDDEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def read_json(body: bytes) -> object:
    """Read JSON, also with halves of surrogate pairs in its texts: `clean` takes them out.

    Raises DeepJsonError, and another ValueError for what is no JSON.
    """
    try:
        return from_json(body)
    except ValueError:
        return _read_slowly(body)


def _read_slowly(body: bytes) -> object:
    """Read what the fast reader refuses: it knows no halves of surrogate pairs, and less depth."""
    text = body.decode()
    try:
        return json.loads(text)
    except RecursionError:
        raise DeepJsonError("too deep") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise DeepJsonError("a number is too long") from None
