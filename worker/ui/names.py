"""What people and visits are called: names from Telegram as they can be shown, and several services."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final
from unicodedata import category, normalize

from worker.ui.graphemes import cut

LONGEST: Final = 64
"""UTF-16 units of a shown name; Telegram's own first and last names have up to 64 each."""
JOINERS: Final = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
"""They bind letters and emoji; by themselves they are nothing."""
BLANKS: Final = frozenset(
    "\N{HANGUL FILLER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}\N{COMBINING GRAPHEME JOINER}"
)
"""Letters and signs that show as nothing."""
TAGS: Final = range(0xE0020, 0xE0080)
"""They tell flags of regions apart."""
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
SPACES: Final = frozenset({"Zs", "Zl", "Zp"})
BOUND: Final = frozenset({"Mn", "Me", "Cf"})
"""What is seen only on something else."""
LIKE: Final = 0.6
"""From so much likeness on two names may be one person's, where they share no word."""
NO_LETTERS: Final = re.compile(r"[\W_]+")


def tidy(name: str) -> str:
    """Return a name as it is seen: composed (NFC), in one line, without what shows as nothing.

    Soft hyphens, marks of direction and byte order, and characters of no width go; spaces of any kind become
    one. Empty where nothing is left to be seen.
    """
    seen = normalize("NFC", "".join(map(_seen, name)))
    line = " ".join(seen.split())
    return cut(line, LONGEST) if any(_shows(each) for each in line) else ""


def shown_name(parts: Sequence[str | None]) -> str:
    """Return what to call a person by first name, last name and user name; empty where none of them shows."""
    first, last, username = parts
    full = tidy(f"{first or ''} {last or ''}")
    if full:
        return full
    return f"@{username}" if username else ""


def joined(services: Sequence[str]) -> str:
    """Return what to call several services of one visit: 'Haircut + Beard'."""
    return " + ".join(services)


def _seen(character: str) -> str:
    if character.isspace() or category(character) in SPACES:
        return " "
    if character in JOINERS or ord(character) in TAGS:
        return character
    return "" if character in BLANKS or category(character) in UNSEEN else character


def _shows(character: str) -> bool:
    return not character.isspace() and category(character) not in BOUND


def may_be_one_person(first: str, second: str) -> bool:
    """Tell whether names share a word or nearly are the same: else they are two people's."""
    one, other = (NO_LETTERS.sub(" ", name.casefold()) for name in (first, second))
    shared = {*one.split()} & {*other.split()}
    return bool(shared) or SequenceMatcher(None, one, other).ratio() >= LIKE
