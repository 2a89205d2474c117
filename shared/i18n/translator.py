"""Texts in a person's language: gettext catalogues, and CLDR for plurals, dates and prices.

The English text is the message's id, so English is complete by construction, and what a catalogue lacks is
said in English. A language is a file in `catalogues/` (docs/contributing.md walks through it).
"""

import gettext
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path

import structlog
from babel import Locale
from babel.core import get_global, parse_locale
from babel.dates import format_date, format_interval, format_skeleton, get_timezone_location
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

from shared.i18n.catalogue import CATALOGUES, Catalogue, CatalogueError, compile_catalogue
from shared.i18n.marking import Marked

log = structlog.get_logger()

DEFAULT_LANGUAGE = "en"
NO_BREAK = "\N{NO-BREAK SPACE}"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


class Translator:
    """Speaks one language; in a year, where one is said, whose days need no year named."""

    def __init__(self, catalogue: Catalogue, year: int | None = None) -> None:
        self._own = catalogue
        self._year = year
        self.language = str(catalogue.locale)
        self.locale = catalogue.locale
        self.complete = catalogue.complete
        self._catalogue = catalogue.texts

    def in_year(self, year: int) -> "Translator":
        """Return who speaks the same in a year."""
        return Translator(self._own, year)

    def text(self, message: str, /, **values: object) -> str:
        """Translate plain text: a button, a toast, a file's line."""
        return self._catalogue.gettext(message).format_map(values)

    def text_in(self, context: str, message: str, /, **values: object) -> str:
        """Translate plain text of which the English is short of sense: 'Cancel' as in a visit's button."""
        return self._catalogue.pgettext(context, message).format_map(values)

    def marked(self, message: Marked) -> str:
        """Translate plain text that was marked elsewhere."""
        return self._catalogue.gettext(message)

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
        """Write a day with its weekday for a button: 'Wed, Nov 25'; with the year where it is another one."""
        if not self._is_of_another(day):
            return self.day_among_days(day)
        return str(format_skeleton("yMMMEd", day, locale=self.locale))

    def day_among_days(self, day: date) -> str:
        """Write a day with its weekday beside others of which the year is plain: 'Wed, Nov 25'."""
        return str(format_skeleton("MMMEd", day, locale=self.locale))

    def day_of_month(self, day: date) -> str:
        """Write a day without its weekday: 'Nov 25'."""
        return str(format_skeleton("MMMd", day, locale=self.locale))

    def day_of_year(self, day: date) -> str:
        """Write a day without its weekday, with its year: 'Nov 25, 2026'."""
        return str(format_skeleton("yMMMd", day, locale=self.locale))

    def weekday_in_full(self, number: int) -> str:
        """Write a weekday in full as it stands alone, Monday is 0: 'Monday'."""
        return str(self.locale.days["stand-alone"]["wide"][number])

    def weekday(self, day: date) -> str:
        """Write a day's weekday as short as it is understood, as it stands alone: 'Mon'."""
        return self.title(str(format_date(day, "ccc", locale=self.locale)).rstrip("."))

    def days(self, first: date, last: date) -> str:
        """Write a stretch of days: 'Nov 22 – 28'; with the year where one of them is of another."""
        form = "yMMMd" if self._is_of_another(first) or self._is_of_another(last) else "MMMd"
        return str(format_interval(first, last, form, locale=self.locale))

    def months(self, first: date, last: date) -> str:
        """Write the months of a stretch of days, as a heading: 'November', 'Nov – Dec', 'Dec – Jan 2027'."""
        one = (first.year, first.month) == (last.year, last.month)
        ends = [self._month(day, "LLLL" if one else "LLL") for day in (first, last)]
        return self.title(" – ".join(dict.fromkeys(ends)))

    def _month(self, day: date, form: str) -> str:
        return str(format_date(day, f"{form} y" if self._is_of_another(day) else form, locale=self.locale))

    def _is_of_another(self, day: date) -> bool:
        return self._year is not None and day.year != self._year

    def place_of(self, zone: str) -> str:
        """Write whose clock a time zone is: 'Berlin'; one of no place keeps its name: 'UTC'."""
        if "/" not in zone:
            return zone
        zones = self.locale.time_zones
        cities = [zones[each]["city"] for each in (zone, *_former(zone)) if "city" in zones.get(each, {})]
        return str(cities[0]) if cities else get_timezone_location(zone, locale=self.locale, return_city=True)

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
        """Write a price with the currency's own decimals, without any where it is whole: '€35', '35 €'.

        CLDR has letters stand apart from digits, 'BHD 35', which Babel leaves out.
        """
        pattern = self.locale.currency_formats["standard"].pattern
        symbol = get_currency_symbol(currency, self.locale)
        pattern = pattern.replace("¤#", f"¤{NO_BREAK}#") if symbol[-1].isalpha() else pattern
        pattern = pattern.replace("0¤", f"0{NO_BREAK}¤") if symbol[0].isalpha() else pattern
        written = -int(amount.normalize().as_tuple().exponent)
        decimals = max(written, get_currency_precision(currency)) if written > 0 else 0
        pattern = pattern.replace(".00", f".{'0' * decimals}" if decimals else "")
        return str(format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False))

    def own_name(self) -> str:
        """Return the language's name in itself."""
        return self.title(self.locale.get_display_name(self.locale) or self.language)


class Translators:
    """All languages there are."""

    def __init__(self, translators: Iterable[Translator]) -> None:
        self._by_language = {texts.language: texts for texts in translators}
        self._by_code = {_in_full(texts.locale): texts for texts in self.all()}
        self._by_code |= self._by_language
        self._by_two_letters = self.by_two_letters()
        self._in_years: dict[int, Translators] = {}

    def in_year(self, year: int) -> "Translators":
        """Return those who name every year but this one; the same for as long as the process lives."""
        if year not in self._in_years:
            self._in_years[year] = Translators(texts.in_year(year) for texts in self.all())
        return self._in_years[year]

    @property
    def languages(self) -> list[str]:
        """The codes, English first."""
        return sorted(self._by_language, key=lambda code: (code != DEFAULT_LANGUAGE, code))

    def all(self) -> Iterable[Translator]:
        """Every translator, English first."""
        return (self._by_language[code] for code in self.languages)

    def offered(self, spoken: Translator) -> list[Translator]:
        """Return the languages to choose from: those that are complete, and the one spoken now."""
        return [texts for texts in self.all() if texts.complete or texts is spoken]

    def by_two_letters(self) -> dict[str, Translator]:
        """Return who speaks to whom where only ISO 639-1 codes are known, as in Telegram's command menus."""
        codes = dict.fromkeys(texts.locale.language for texts in self.all())
        return {code: self.choose(code) for code in codes if len(code) == len("en")}

    def of_public_menu(self, code: str | None) -> Translator:
        """Return in which language Telegram shows the public command menu to whose app speaks `code`."""
        language = (code or "").partition("-")[0].lower()
        return self._by_two_letters.get(language, self._by_language[DEFAULT_LANGUAGE])

    def choose(self, *wishes: str | None) -> Translator:
        """Return the first wish that is spoken here, else English.

        A wish is a language's code as Telegram or CLDR writes it: `pt-br` is content with `pt`, and `zh-hk`
        with `zh_Hant`; `pt` itself is content with `pt_BR`, which is where most speak it.
        """
        for wish in wishes:
            for code in _lookups(wish or ""):
                if code in self._by_code:
                    return self._by_code[code]
        return self._by_language[DEFAULT_LANGUAGE]


def _former(zone: str) -> list[str]:
    """Return under which names CLDR may still have a zone that was renamed."""
    return sorted(old for old, new in get_global("zone_aliases").items() if new == zone)


def _lookups(wish: str) -> Iterator[str]:
    """Write a wish as CLDR does, then ever shorter, each with the script and region that CLDR has for it."""
    language, *rest = wish.replace("-", "_").lower().split("_")
    subtags = [part.title() if len(part) == len("Hant") else part.upper() for part in rest]
    # Old Android says `iw` for Hebrew.
    code = "_".join([get_global("language_aliases").get(language, language), *subtags])
    for shorter in _shortened(code):
        yield from (shorter, *_shortened(get_global("likely_subtags").get(shorter, shorter)))


def _shortened(code: str) -> Iterator[str]:
    parts = code.split("_")
    return ("_".join(parts[:length]) for length in range(len(parts), 0, -1))


def _in_full(locale: Locale) -> str:
    """Return a language's code with the script and the region that CLDR has for it: `pt_Latn_BR` for `pt`."""
    likely = get_global("likely_subtags")
    known = likely.get(str(locale)) or likely.get(locale.language) or str(locale)
    _, region, script, *_ = parse_locale(known)
    return "_".join(filter(None, (locale.language, locale.script or script, locale.territory or region)))


@cache
def load_translators(folder: Path = CATALOGUES) -> Translators:
    """Read every catalogue once; one that cannot be read is left out and logged, and the others speak."""
    translators = [Translator(Catalogue(Locale(DEFAULT_LANGUAGE), gettext.NullTranslations(), complete=True))]
    for path in sorted(folder.glob("*.po")):
        try:
            translators.append(Translator(compile_catalogue(path)))
        except CatalogueError as error:
            log.error("catalogue left out", error=str(error))  # noqa: TRY400 - the error says it all
    return Translators(translators)


__all__ = ["Html", "Translator", "Translators", "load_translators"]
