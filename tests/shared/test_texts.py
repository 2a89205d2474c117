import gettext
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale

from shared.i18n.translator import CATALOGUES, Html, Translator, load_translators
from tests.texts import forms, plural_forms, read, template, untranslated

PATHS = sorted(CATALOGUES.glob("*.po"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def speak(language: str) -> Translator:
    return load_translators().choose(language)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def tags(text: str) -> list[str]:
    found: list[str] = []

    class Collector(HTMLParser):
        def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
            found.append(tag)

        def handle_endtag(self, tag: str) -> None:
            found.append(f"/{tag}")

    Collector().feed(text)
    return sorted(found)


def test_there_is_a_second_language() -> None:
    assert [path.stem for path in PATHS] == ["ru"]


def test_the_code_says_something() -> None:
    said = template()
    assert said["Confirm"].locations == [("worker/booking/views.py", 0)]
    assert said["You have {number} visit ahead:"].pluralizable


def test_a_catalogue_holds_just_what_the_code_says(path: Path) -> None:
    held, said = ({(message.id, message.context) for message in one} for one in (read(path), template()))
    assert held == said, "run: make texts"


def test_nothing_is_left_untranslated(path: Path) -> None:
    assert [message.id for message in untranslated(read(path))] == []


def test_translations_keep_fields_and_tags(path: Path) -> None:
    for message in read(path):
        for form in forms(message.string) if message.id else ():
            assert fields(form) == fields(forms(message.id)[-1]), message
            assert tags(form) == tags(forms(message.id)[-1]), message


def test_plural_forms_are_those_of_the_language(path: Path) -> None:
    catalogue, locale = read(path), Locale.parse(path.stem)
    index = gettext.c2py(catalogue.plural_expr)
    pairs = {(locale.plural_form(number), index(number)) for number in range(1000)}
    assert len(pairs) == len({tag for tag, _ in pairs}) == catalogue.num_plurals, plural_forms(locale)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 предстоящий визит"), (3, "3 предстоящих визита"), (5, "5 предстоящих"), (21, "21 предстоящий")],
)
def test_russian_counts_by_its_own_rules(number: int, words: str) -> None:
    texts = speak("ru")
    said = texts.plural("You have {number} visit ahead:", "You have {number} visits ahead:", number)
    assert words in said


def test_english_counts_by_its_own_rules() -> None:
    texts = speak("en")
    said = [
        texts.plural("You have {number} visit ahead:", "You have {number} visits ahead:", n) for n in (1, 2)
    ]
    assert said == ["You have 1 visit ahead:", "You have 2 visits ahead:"]


def test_values_are_escaped_and_marked_html_is_not() -> None:
    texts = speak("en")
    assert texts.html("<b>{business}</b>", business="<i>&") == "<b>&lt;i&gt;&amp;</b>"
    assert texts.html("<b>{business}</b>", business=Html("<i>x</i>")) == "<b><i>x</i></b>"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "35", "EUR", "€35"),
        ("en", "35.50", "EUR", "€35.50"),
        ("ru", "1035.5", "RUB", "1 035,50 ₽"),
        ("ru", "35.00", "EUR", "35 €"),
        ("en", "1035", "JPY", "¥1,035"),
    ],
)
def test_prices_are_written_as_the_language_does(
    language: str, amount: str, currency: str, words: str
) -> None:
    assert re.sub(r"\s", " ", speak(language).price(Decimal(amount), currency)) == words


def test_dates_are_written_as_the_language_does() -> None:
    day = date(2026, 11, 25)
    assert speak("en").day(day) == "Wednesday, November 25, 2026"
    assert speak("ru").day(day).startswith("среда, 25 ноября 2026")
    assert speak("en").month(day) == "November 2026"
    assert speak("ru").month(day) == "Ноябрь 2026"
    assert speak("ru").weekdays()[0] == "пн"
    assert speak("ru").title(speak("ru").day(day)).startswith("Среда, 25 ноября 2026")
    assert speak("en").days(day, date(2026, 12, 1)) == "Nov 25\u2009–\u2009Dec 1"
    assert speak("ru").time(datetime(2026, 11, 25, 9, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("ru-RU",), "ru"),
        (("RU",), "ru"),
        (("pt-BR",), "en"),
        ((None, "ru"), "ru"),
        (("xx", "ru"), "ru"),
        ((), "en"),
        (("",), "en"),
    ],
)
def test_the_first_language_that_is_spoken_is_chosen(wishes: tuple[str | None, ...], language: str) -> None:
    assert load_translators().choose(*wishes).language == language


def test_languages_call_themselves_by_their_own_names() -> None:
    assert [texts.own_name() for texts in load_translators().all()] == ["English", "Русский"]
