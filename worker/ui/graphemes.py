"""What readers take for one character, and texts that are cut between two of them.

A letter with its marks, a flag and a family of emoji are several code points each; Unicode's annex 29 says
which belong together. Conjuncts stay whole, too, which it leaves open.
"""

from collections.abc import Iterator
from typing import Final
from unicodedata import category, combining

ELLIPSIS: Final = "…"
MARKS: Final = frozenset({"Mn", "Mc", "Me"})
JOINERS: Final = frozenset("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
VIRAMA: Final = 9
"""The combining class of what binds a consonant to the next."""
FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
TAGS: Final = range(0xE0020, 0xE0080)
INITIAL_JAMO: Final = range(0x1100, 0x1160)
LATER_JAMO: Final = range(0x1160, 0x1200)
SYLLABLES: Final = range(0xAC00, 0xD7A4)


def utf16(text: str) -> int:
    """Return a text's length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """Cut a text to so many UTF-16 units, with '…' for what is left out."""
    if utf16(text) <= most:
        return text
    kept, room = "", most - utf16(ELLIPSIS)
    for one in graphemes(text):
        room -= utf16(one)
        if room < 0:
            break
        kept += one
    return kept.rstrip() + ELLIPSIS


def graphemes(text: str) -> Iterator[str]:
    """Yield what readers take for one character each."""
    cluster = text[:1]
    for character in text[1:]:
        if _belongs(cluster, character):
            cluster += character
        else:
            yield cluster
            cluster = character
    if cluster:
        yield cluster


def _belongs(cluster: str, character: str) -> bool:
    last, code = cluster[-1], ord(character)
    if category(character) in MARKS or character in JOINERS or code in SKIN_TONES or code in TAGS:
        return True
    if last == "\N{ZERO WIDTH JOINER}" or combining(last) == VIRAMA:
        return True
    if code in FLAG_LETTERS:
        return len(cluster) == 1 and ord(last) in FLAG_LETTERS
    return _is_one_syllable(ord(last), code)


def _is_one_syllable(last: int, code: int) -> bool:
    """Tell whether two of the letters of Korean are written as one."""
    if code in LATER_JAMO:
        return last in INITIAL_JAMO or last in LATER_JAMO or last in SYLLABLES
    return code in INITIAL_JAMO and last in INITIAL_JAMO
