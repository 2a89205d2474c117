import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from structlog.testing import capture_logs

from shared.i18n.marking import text_noop
from shared.i18n.translator import Html, Translator, load_translators


def write(path: Path, *, complete: bool = False, **texts: str) -> None:
    """Write a small catalogue, as somebody would by hand."""
    head = "# Complete: yes\n" if complete else ""
    entries = (f'msgid "{message}"\nmsgstr "{translation}"\n' for message, translation in texts.items())
    path.write_text(f'{head}msgid ""\nmsgstr ""\n\n' + "\n".join(entries), encoding="utf-8")


def speak(language: str) -> Translator:
    return load_translators().choose(language)


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
        ("en", "3.675", "BHD", "BHD 3.675"),
        ("en", "3.5", "BHD", "BHD 3.500"),
        ("ru", "3.67500", "BHD", "3,675 BHD"),
        ("en", "35.5", "JPY", "¥35.5"),  # what was kept before is told as it is
        ("en", "1E+3", "EUR", "€1,000"),
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
    assert speak("en").short_day(day) == speak("en").in_year(2026).short_day(day) == "Wed, Nov 25"
    assert speak("en").in_year(2027).short_day(day) == "Wed, Nov 25, 2026"
    assert (speak("en").weekday(day), speak("ru").weekday(day)) == ("Wed", "Ср")
    assert (speak("en").place_of("Europe/Berlin"), speak("ru").place_of("Europe/Berlin")) == (
        "Berlin",
        "Берлин",
    )
    assert [speak("ru").place_of(each) for each in ("Europe/Kyiv", "Asia/Kolkata")] == ["Киев", "Калькутта"]
    january = date(2027, 1, 3)
    assert speak("en").months(day, day) == "November"
    assert speak("en").in_year(2026).months(day, january) == "Nov – Jan 2027"
    assert speak("ru").in_year(2027).months(day, january) == "Нояб. 2026 – янв."
    assert speak("ru").weekdays()[0] == "пн"
    assert speak("ru").title(speak("ru").day(day)).startswith("Среда, 25 ноября 2026")
    assert speak("en").days(day, date(2026, 12, 1)) == "Nov 25\u2009–\u2009Dec 1"
    assert speak("en").in_year(2026).days(day, january) == "Nov 25, 2026\u2009–\u2009Jan 3, 2027"
    assert speak("ru").time(datetime(2026, 11, 25, 9, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("ru-RU",), "ru"),
        (("RU",), "ru"),
        ((None, "ru"), "ru"),
        (("xx", "ru"), "ru"),
        (("not a language", "-", "ru"), "ru"),
        ((), "en"),
        (("",), "en"),
    ],
)
def test_the_first_language_that_is_spoken_is_chosen(wishes: tuple[str | None, ...], language: str) -> None:
    assert load_translators().choose(*wishes).language == language


@pytest.mark.parametrize(
    ("files", "wish", "language"),
    [
        ("pt_BR", "pt-br", "pt_BR"),
        ("pt-br", "pt-br", "pt_BR"),
        ("pt pt_BR", "pt-br", "pt_BR"),
        ("pt pt_BR", "pt-BR-raw", "pt_BR"),
        ("pt pt_BR", "pt", "pt"),
        ("pt pt_BR", "pt-pt", "pt"),
        ("pt", "pt-br", "pt"),
        ("pt_BR", "pt", "pt_BR"),
        ("pt_PT", "pt", "en"),
        ("zh_Hans zh_Hant", "zh-hans", "zh_Hans"),
        ("zh_Hans zh_Hant", "zh-hant-raw", "zh_Hant"),
        ("zh_Hans zh_Hant", "zh-TW", "zh_Hant"),
        ("zh_Hans zh_Hant", "zh-hk", "zh_Hant"),
        ("zh_Hans zh_Hant", "zh", "zh_Hans"),
        ("zh_TW", "zh-hant", "zh_Hant_TW"),
        ("de", "zh-hans", "en"),
        ("sr_Latn", "sr", "en"),
        ("he", "iw", "he"),
    ],
)
def test_a_region_or_a_script_is_chosen_where_there_is_one(
    tmp_path: Path, files: str, wish: str, language: str
) -> None:
    for stem in files.split():
        write(tmp_path / f"{stem}.po")
    assert load_translators(tmp_path).choose("xx-yy", wish).language == language


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("klingon.po", ""),
        ("..po", ""),
        ("de.po", "msgid no quotes\n"),
        ("de.po", 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=many;\\n"\n'),
        ("de.po", 'msgid ""\nmsgstr "Plural-Forms: nplurals=lots; plural=0;\\n"\n'),
        ("de.po", b'msgid "Menu"\nmsgstr "Men\xfc"\n'),
    ],
)
def test_what_is_no_catalogue_is_left_out_and_the_others_speak(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    write(tmp_path / "ru.po", Menu="Меню")
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with capture_logs() as logs:
        translators = load_translators(tmp_path)
    assert translators.languages == ["en", "ru"]
    assert [(entry["event"], name in entry["error"]) for entry in logs] == [("catalogue left out", True)]


def test_a_catalogue_may_be_partial(tmp_path: Path) -> None:
    write(tmp_path / "de.po", Menu="Menü")
    write(tmp_path / "ru.po", complete=True, Menu="Меню")
    translators = load_translators(tmp_path)
    german = translators.choose("de-AT")
    said = (german.text("Menu"), german.text("Confirm"), german.html("<b>{day}</b>", day="<1>"))
    assert said == ("Menü", "Confirm", "<b>&lt;1&gt;</b>")
    assert [german.plural("{number} visit", "{number} visits", number) for number in (1, 2)] == [
        "1 visit",
        "2 visits",
    ]
    offered = {
        texts.language: [other.language for other in translators.offered(texts)]
        for texts in translators.all()
    }
    assert offered == {"en": ["en", "ru"], "de": ["en", "de", "ru"], "ru": ["en", "ru"]}


def test_a_fuzzy_translation_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text('#, fuzzy\nmsgid "Menu"\nmsgstr "Speisekarte"\n', encoding="utf-8")
    assert load_translators(tmp_path).choose("de").text("Menu") == "Menu"


def test_one_english_word_has_a_translation_for_each_context(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(
        'msgid "Cancel"\nmsgstr "Abbrechen"\n\nmsgctxt "visit"\nmsgid "Cancel"\nmsgstr "{who} sagt ab"\n',
        encoding="utf-8",
    )
    german, english = (load_translators(tmp_path).choose(code) for code in ("de", "en"))
    assert german.text("Cancel") == "Abbrechen"
    assert german.text_in("visit", "Cancel", who="Ann") == "Ann sagt ab"
    assert german.text_in("form", "Cancel") == english.text_in("visit", "Cancel") == "Cancel"


def test_a_marked_text_is_said_later(tmp_path: Path) -> None:
    write(tmp_path / "de.po", Menu="Menü")
    marked = text_noop("Menu")
    assert marked == "Menu"
    assert load_translators(tmp_path).choose("de").marked(marked) == "Menü"


def test_menus_are_for_codes_of_two_letters(tmp_path: Path) -> None:
    for stem in ("pt_BR", "zh_Hans", "zh_Hant", "fil", "de"):
        write(tmp_path / f"{stem}.po")
    told = load_translators(tmp_path).by_two_letters()
    assert {code: texts.language for code, texts in told.items()} == {
        "en": "en",
        "de": "de",
        "pt": "pt_BR",
        "zh": "zh_Hans",
    }


def test_languages_call_themselves_by_their_own_names() -> None:
    names = [texts.own_name() for texts in load_translators().all()]
    assert names[0] == "English"
    assert "Русский" in names


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_zone_is_somebodys_clock(language: str) -> None:
    said = {zone: speak(language).place_of(zone) for zone in available_timezones()}
    assert all(said.values())
    assert [said[zone] for zone in ("UTC", "EST", "Etc/GMT+3")] == ["UTC", "EST", "GMT+3"]
