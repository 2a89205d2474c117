"""Strings and JSON as they come from outside, made harmless where they enter."""

import json
import re
from typing import Final

from pydantic_core import from_json

_HARMFUL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What PostgreSQL, JSON or UTF-8 cannot hold, and control characters that nobody sees."""


class DeepJsonError(ValueError):
    """It is JSON, and too deep or with a number too long to be read."""


def clean(text: str, longest: int) -> str:
    """Return at most so many characters of a text, and none that nobody can store or see.

    Zero bytes, other control characters and halves of surrogate pairs go; tabs and line ends stay.
    """
    return _HARMFUL.sub("", text[:longest])


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
