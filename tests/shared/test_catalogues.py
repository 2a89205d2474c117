"""What holds for each catalogue there is; a new one is looked at without being named here."""

import gettext
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from shared.i18n.catalogue import CATALOGUES, is_complete, read_catalogue
from shared.i18n.translator import load_translators
from tests import texts
from tests.shared.foreign import in_another_script, in_words_of_another
from tests.texts import begin, forms, plural_forms, template, untranslated, updated

PATHS = sorted(CATALOGUES.glob("*.po"))
REFERENCE = read_catalogue(CATALOGUES / "ru.po")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogue(request.param)


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


def filled(locale: str, source: Catalog) -> Catalog:
    """Fill a language's catalogue with another's translations."""
    made = Catalog(locale)
    for message in filter(lambda message: message.id, source):
        made.add(message.id, message.string, context=message.context)
    return made


def test_each_catalogue_is_a_language_of_its_own() -> None:
    assert len(load_translators().languages) == 1 + len(PATHS), [path.name for path in PATHS]


def test_the_code_says_something() -> None:
    said = template()
    assert said["Confirm"].locations == [("worker/summary/views.py", 0)]
    assert said["You have {number} visit ahead:"].pluralizable


def test_a_catalogue_holds_nothing_that_the_code_does_not_say(catalogue: Catalog) -> None:
    held, said = ({(message.id, message.context) for message in one} for one in (catalogue, template()))
    assert held <= said, "run: make texts"


def test_a_complete_catalogue_translates_all_that_the_code_says(catalogue: Catalog) -> None:
    if is_complete(catalogue):
        catalogue.update(template(), no_fuzzy_matching=True)
        lacking = [message.id for message in untranslated(catalogue)]
        assert lacking == [], "run: make texts, and translate these"


def test_something_is_complete() -> None:
    assert any(is_complete(read_catalogue(path)) for path in PATHS)


def test_translations_keep_fields_and_tags(catalogue: Catalog) -> None:
    for message in catalogue:
        for form in filter(None, forms(message.string) if message.id else ()):
            assert fields(form) == fields(forms(message.id)[-1]), message.id
            assert tags(form) == tags(forms(message.id)[-1]), message.id


def test_plural_forms_are_those_of_the_language(catalogue: Catalog) -> None:
    locale, index = Locale.parse(catalogue.locale_identifier), gettext.c2py(catalogue.plural_expr)
    pairs = {(locale.plural_form(number), index(number)) for number in range(1000)}
    assert len(pairs) == len({tag for tag, _ in pairs}) == catalogue.num_plurals, plural_forms(locale)


def test_translations_are_in_the_language_of_their_catalogue(catalogue: Catalog) -> None:
    assert in_another_script(catalogue) == []
    others = [read_catalogue(path) for path in PATHS]
    assert in_words_of_another(catalogue, others) == []


@pytest.mark.parametrize("locale", ["de", "el", "ja", "ar"])
def test_a_catalogue_in_another_script_is_found(locale: str) -> None:
    assert len(in_another_script(filled(locale, REFERENCE))) > len(REFERENCE) * 0.8


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de", "Ändern Sie Ihre Buchung."),
        ("sr_Latn", "Otkaži posetu."),
        ("sr", "Откажи посету."),
        ("uk", "Ще нічого немає в Telegram."),
        ("ja", "予約をキャンセルしますか"),
        ("ja", "やめる"),
        ("ko", "예약을 취소할까요?"),
        ("zh_Hant", "取消預約"),
        ("th", "ยกเลิกการจอง"),
        ("hi", "बुकिंग रद्द करें"),
        ("he", "לבטל את הביקור?"),
        ("fa", "نوبت را لغو کنید"),
        ("el", "{minutes} min"),
    ],
)
def test_a_text_in_the_scripts_of_its_language_is_left_alone(locale: str, text: str) -> None:
    catalogue = Catalog(locale)
    catalogue.add("A text", text)
    assert in_another_script(catalogue) == []


def test_a_catalogue_in_the_words_of_another_is_found() -> None:
    english = filled("de", Catalog("en"))
    for message in template():
        english.add(message.id, message.id)
    assert len(in_words_of_another(english, [])) > len(REFERENCE) * 0.3
    assert len(in_words_of_another(filled("uk", REFERENCE), [REFERENCE])) > len(REFERENCE) * 0.3
    assert in_words_of_another(filled("ru_UA", REFERENCE), [REFERENCE]) == []


def test_a_language_is_begun_with_all_texts_and_its_plurals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path)
    begun = read_catalogue(begin("pt-br"))
    assert begun.locale_identifier == "pt_BR"
    assert len(untranslated(begun)) == len(begun) == len(template())
    assert begun.plural_forms == plural_forms(Locale("pt", "BR"))
    assert not is_complete(begun)
    with pytest.raises(FileExistsError):
        begin("pt_BR")
    with pytest.raises(ValueError, match="klingon"):
        begin("klingon")


def test_an_update_keeps_what_is_said_and_marks_what_is_like_it() -> None:
    said, held = Catalog(), Catalog("de", header_comment="# German.\n# Complete: yes")
    held.add("Choose a day.", "Wählen Sie einen Tag.")
    held.add("Gone", "Weg")
    held.add("Cancel", "Absagen", context="visit")
    for message in ("Choose a day!", "Entirely new"):
        said.add(message, locations=[("worker/views.py", 0)])
    said.add("Cancel", context="visit")
    written = updated(held, said).decode()
    assert is_complete(held)
    assert '#: worker/views.py\n#, fuzzy\n#| msgid "Choose a day."\nmsgid "Choose a day!"\n' in written
    assert 'msgctxt "visit"\nmsgid "Cancel"\nmsgstr "Absagen"\n' in written
    assert 'msgid "Entirely new"\nmsgstr ""\n' in written
    assert "Gone" not in written
    assert [message.id for message in untranslated(held)] == ["Choose a day!", "Entirely new"]


def test_what_a_fuzzy_text_was_goes_with_the_mark(tmp_path: Path) -> None:
    said, held = Catalog(), Catalog("de", header_comment="# German.\n# Complete: yes")
    held.add("Choose a day.", "Wählen Sie einen Tag.")
    held.add(("{number} visit", "{number} visits"), ("{number} Termin", "{number} Termine"))
    for message in ("Choose a day!", ("{number} visit!", "{number} visits!"), "Choose another day!"):
        said.add(message)
    path = tmp_path / "de.po"
    path.write_bytes(updated(held, said))
    once = path.read_text("utf-8")
    assert once.count("#| msgid ") == once.count("#, fuzzy") == 3
    assert once.count("#| msgid_plural ") == 1
    path.write_bytes(updated(read_catalogue(path), said))
    assert path.read_text("utf-8") == once
    path.write_text(once.replace("#, fuzzy\n", "").replace("fuzzy, ", ""), "utf-8")
    written = updated(read_catalogue(path), said).decode()
    assert "fuzzy" not in written
    assert "|" not in written


def test_what_says_something_is_read_from_the_code(tmp_path: Path) -> None:
    module = tmp_path / "views.py"
    module.write_text(
        'texts.html("<b>{a}</b>", a=f(texts.text("Menu")))\n'
        'context.texts.plural("{number} visit", "{number} visits", len(visits))\n'
        'texts.text_in("visit", "Cancel")\n'
        'Typed("book", text_noop("Book a visit"))\n'
        'statement = text("SELECT 1")\n'
        'call.params.text("caption")\n',
        encoding="utf-8",
    )
    with module.open("rb") as file:
        found = {
            tuple(arguments) for _, _, arguments, _ in texts.extract(file, texts.KEYWORDS, (), options={})
        }
    assert found == {
        ("<b>{a}</b>",),
        ("Menu",),
        ("{number} visit", "{number} visits"),
        ("visit", "Cancel"),
        ("Book a visit",),
    }


def test_a_message_that_is_put_together_is_refused(tmp_path: Path) -> None:
    module = tmp_path / "views.py"
    module.write_text('texts.text("A " + name)\n', encoding="utf-8")
    with module.open("rb") as file, pytest.raises(ValueError, match=r"views\.py:1: a message is written out"):
        list(texts.extract(file, texts.KEYWORDS, (), options={}))
