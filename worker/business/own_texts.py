"""The type of fields that hold the business's own words by language, in place of ours."""

from collections.abc import Iterator, Mapping
from typing import Final
from unicodedata import category

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from shared.cleaning import UNWANTED
from shared.i18n.marking import text_noop
from shared.i18n.translator import load_translators
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType, ValueKind, field
from worker.business.problems import UnfitError
from worker.business.source import Cursor
from worker.business.values import LANGUAGE
from worker.business.wording import Wording
from worker.db.models.texts import OwnWords, ServiceWords
from worker.own_texts.rules import (
    MEANINGS,
    MOST_FILLED,
    PLACEHOLDERS,
    OwnTextKind,
    broken,
    in_lines,
    longest_filled,
)

type OwnTexts = dict[str, str]
"""Own words by the code of their language."""

FORM: Final = 'texts by language, `{en: "Hello {name}!"}`'
WORDS: Final = "words"
"""The column that holds them."""


def own_words(kind: OwnTextKind) -> FieldType[str]:
    """Make the type of an own text of a kind: words in lines, with the placeholders that it may hold."""
    known = PLACEHOLDERS[kind]
    return FieldType(
        form=f"up to {MOST_FILLED} characters with the longest names filled in",
        read=lambda at: _read_words(at.text(), known),
        write=DoubleQuotedScalarString,
        show=_on_one_line,
        kind=ValueKind.WORDS,
        placeholders={name: MEANINGS[name] for name in known},
    )


def own_texts(kind: OwnTextKind, rows: MemberRows) -> MembersType[OwnTexts]:
    """Make the type of own texts of a kind by language, each a row."""
    words = own_words(kind)
    return MembersType(
        form=FORM,
        read=lambda at: _read(at, words),
        write=lambda value: CommentedMap({code: words.write(said) for code, said in value.items()}),
        show=lambda value: ", ".join(value) or "none",
        tell=_tell,
        rows=rows,
        split=lambda value: {code: {WORDS: said} for code, said in value.items()},
        join=lambda members: {code: members[code][WORDS] for code in sorted(members)},
        key=LANGUAGE,
        offered=lambda: load_translators().languages,
        parts={WORDS: words},
        blank={WORDS: ""},
    )


def _read(at: Cursor, words: FieldType[str]) -> OwnTexts:
    found: OwnTexts = {}
    for code, inner in at.fields(Wording.NOT_BY_LANGUAGE).items():
        with inner.noting():
            if code not in load_translators().languages:
                raise UnfitError(Wording.NOT_A_LANGUAGE, code, known=", ".join(load_translators().languages))
            found[code] = words.read(inner)
    return {code: found[code] for code in sorted(found)}


def _read_words(text: str, known: tuple[str, ...]) -> str:
    words, names = in_lines(text), ", ".join(f"{{{name}}}" for name in known)
    if not words:
        raise UnfitError(Wording.EMPTY)
    if any(category(character) in UNWANTED for character in words.replace("\n", "")):
        raise UnfitError(Wording.CONTROL)
    if wrong := next(broken(words, known), None):
        sentence = Wording.UNKNOWN_PLACEHOLDER if wrong[1] else Wording.LONE_BRACE
        raise UnfitError(sentence, _on_one_line(wrong[0]), known=names)
    if (length := longest_filled(words)) > MOST_FILLED:
        raise UnfitError(Wording.TOO_LONG_FILLED, length=length, most=MOST_FILLED)
    return words


def _tell(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for code in sorted(old.keys() | new.keys()):
        if old.get(code) != new.get(code):
            before, after = (_on_one_line(each.get(code, "")) or "ours" for each in (old, new))
            yield f", {code}: {before} → {after}"


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


def _of(kind: OwnTextKind) -> MembersType[OwnTexts]:
    return own_texts(kind, MemberRows(OwnWords, "language", constant=(("kind", kind.value),)))


REMINDER_TEXTS: Final = own_texts(OwnTextKind.REMINDER, MemberRows(ServiceWords, "language", "service_id"))


class TextsEntry(FileEntry):
    """The business's own words."""

    label = text_noop("texts")

    welcome: OwnTexts = field(
        _of(OwnTextKind.WELCOME), "what `/start` says; may hold `{name}` and `{business}`", default={}
    )
    reminder: OwnTexts = field(
        _of(OwnTextKind.REMINDER),
        "what reminders begin with, above the time and the place; may hold `{name}`, `{service}`, "
        "`{specialist}`, `{day}`, `{time}`, `{place}` and `{business}`",
        default={},
    )
    after_visit: OwnTexts = field(
        _of(OwnTextKind.AFTER_VISIT),
        "what the question how a visit was begins with; may hold the same",
        default={},
    )
