"""Texts in a person's language: gettext catalogues, and CLDR for plurals, dates and prices.

The English text is the message's id, so English is complete by construction. A language is a file
`catalogues/<code>.po`; dropping one in is all it takes (docs/contributing.md walks through it).
"""

import gettext
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency

CATALOGUES = Path(__file__).with_name("catalogues")
DEFAULT_LANGUAGE = "en"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


class Translator:
    """Speaks one language."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._catalogue = catalogue

    def text(self, message: str, /, **values: object) -> str:
        """Translate plain text: a button, a toast, a file's line."""
        return self._catalogue.gettext(message).format_map(values)

    def html(self, message: str, /, **values: object) -> Html:
        """Translate a message whose own tags are kept while its values are escaped."""
        safe = {
            name: value if isinstance(value, Html) else escape(str(value)) for name, value in values.items()
        }
        return Html(self._catalogue.gettext(message).format_map(safe))

    def plural(self, one: str, many: str, /, number: int, **values: object) -> str:
        """Translate plain text that counts something; `{number}` is the count."""
        return self._catalogue.ngettext(one, many, number).format_map({"number": number, **values})

    def day(self, day: date) -> str:
        """Write a day in full: 'Wednesday, November 25, 2026'."""
        return str(format_date(day, "full", locale=self.locale))

    def short_day(self, day: date) -> str:
        """Write a day with its weekday for a button: 'Wed, Nov 25'."""
        return str(format_skeleton("MMMEd", day, locale=self.locale))

    def days(self, first: date, last: date) -> str:
        """Write a stretch of days: 'Nov 22 – 28'."""
        return str(format_interval(first, last, "MMMd", locale=self.locale))

    def month(self, day: date) -> str:
        """Write a month and its year, as a heading: 'November 2026'."""
        return self.title(str(format_date(day, "LLLL y", locale=self.locale)))

    @staticmethod
    def title(phrase: str) -> str:
        """Write a phrase as it begins a line or a button: many languages' days begin small in a sentence."""
        return phrase[:1].upper() + phrase[1:]

    def time(self, moment: datetime) -> str:
        """Write a time of day as HH:MM in the zone `moment` carries.

        In the hour that clocks show twice, when they are set back, it says which of the two is meant.
        """
        twice = moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()
        return f"{moment:%H:%M} ({moment:%Z})" if twice else f"{moment:%H:%M}"

    def weekdays(self) -> list[str]:
        """Return two-letter names of Monday to Sunday, for a calendar's heading."""
        names: Mapping[int, str] = self.locale.days["stand-alone"]["short"]
        return [names[weekday] for weekday in range(7)]

    def price(self, amount: Decimal, currency: str) -> str:
        """Write a price, without the cents where there are none: '€35', '35 €'."""
        pattern = self.locale.currency_formats["standard"].pattern
        if amount == amount.to_integral_value():
            pattern = pattern.replace(".00", "")
        return str(format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False))

    def own_name(self) -> str:
        """Return the language's name in itself."""
        return self.title(self.locale.get_display_name(self.locale) or self.language)


class Translators:
    """All languages there are."""

    def __init__(self, by_language: Mapping[str, Translator]) -> None:
        self._by_language = by_language

    @property
    def languages(self) -> list[str]:
        """The codes, English first."""
        return sorted(self._by_language, key=lambda code: (code != DEFAULT_LANGUAGE, code))

    def all(self) -> Iterable[Translator]:
        """Every translator, English first."""
        return (self._by_language[code] for code in self.languages)

    def choose(self, *wishes: str | None) -> Translator:
        """Return the first wish that is spoken here (`pt-BR` is content with `pt`), else English."""
        for wish in wishes:
            code = (wish or "").replace("_", "-").partition("-")[0].casefold()
            if code in self._by_language:
                return self._by_language[code]
        return self._by_language[DEFAULT_LANGUAGE]


@cache
def load_translators(folder: Path = CATALOGUES) -> Translators:
    """Read every catalogue once; raises UnknownLocaleError for a file that is named after no language."""
    by_language = {DEFAULT_LANGUAGE: Translator(DEFAULT_LANGUAGE, gettext.NullTranslations())}
    for path in sorted(folder.glob("*.po")):
        by_language[path.stem] = Translator(path.stem, _compile(path))
    return Translators(by_language)


def _compile(path: Path) -> gettext.GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=path.stem))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


__all__ = ["Html", "Translator", "Translators", "load_translators"]
