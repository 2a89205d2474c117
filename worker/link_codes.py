"""Codes of links: who has the database alone cannot make them, and no row has to hold them."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

LENGTH: Final = 22
"""Characters of 6 bits: 128 bits and more."""


def code_of(subject: str, bot_token: str) -> str:
    """Return the code of what a link leads to; the subject names its kind first, so that no two share one."""
    digest = hmac.new(bot_token.encode(), subject.encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode()[:LENGTH]


def is_code_of(code: str, subject: str, bot_token: str) -> bool:
    """Tell whether a code is the subject's, in a time that tells nothing of how much of it is right."""
    return hmac.compare_digest(code_of(subject, bot_token).encode(), code.encode())
