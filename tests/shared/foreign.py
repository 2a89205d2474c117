"""Finds translations that are in another language than their catalogue's."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.messages.catalog import Catalog, Message

from tests.texts import forms

NOT_WORDS = re.compile(r"\{.*?\}|<.*?>|/\w+")
SHORT = 3
"""Letters of a text that may be a unit, the same in each script."""
LONG = 20
"""Letters of a text that two languages do not share by chance."""
TOLERATED = 0.1
"""Share of long texts that close languages may share all the same."""


def letters(text: str) -> str:
    """Return a text's letters, without fields, tags and commands."""
    return "".join(filter(str.isalpha, NOT_WORDS.sub("", text)))


def in_another_script(catalogue: Catalog) -> list[str]:
    """Return the translations of which most letters are of a script that the language is not written in."""
    own = scripts(Locale.parse(catalogue.locale_identifier))
    texts = [letters(form) for message in catalogue if message.id for form in forms(message.string)]
    return [
        text
        for text in texts
        if len(text) > SHORT and sum(script(letter) not in own for letter in text) > len(text) / 2
    ]


@cache
def scripts(locale: Locale) -> frozenset[str]:
    """Return the scripts in which CLDR writes this language's names of days, months and countries."""
    days, months = locale.days["format"]["wide"], locale.months["format"]["wide"]
    names = [*days.values(), *months.values(), *locale.territories.values()]
    counted = Counter(script(letter) for letter in letters("".join(names)))
    return frozenset(name for name, count in counted.items() if count > counted.total() / 100)


def script(letter: str) -> str:
    """Return the script of a letter, the first word of its name in Unicode; both kana are one."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "KANA" if name.endswith(("KATAKANA", "HIRAGANA")) else name


def in_words_of_another(catalogue: Catalog, others: Iterable[Catalog]) -> list[str]:
    """Return the long texts that stand word for word in another language's catalogue, or in the English.

    None where they are few, as two close languages may have them.
    """
    borrowed = {
        key for other in others if not is_same_language(catalogue, other) for key in long_texts(other)
    }
    own = long_texts(catalogue)
    found = [
        text for text, message in own.items() if text in borrowed or text in map(letters, forms(message.id))
    ]
    return found if len(found) > TOLERATED * len(own) else []


def is_same_language(one: Catalog, other: Catalog) -> bool:
    """Return whether two catalogues differ in region or script at most, and may share texts."""
    return Locale.parse(one.locale_identifier).language == Locale.parse(other.locale_identifier).language


def long_texts(catalogue: Catalog) -> dict[str, Message]:
    """Return what is long among the translations, by its letters."""
    translated = {
        letters(form): message for message in catalogue if message.id for form in forms(message.string)
    }
    return {text: message for text, message in translated.items() if len(text) >= LONG}
