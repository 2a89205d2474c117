"""What the code says to people, and the catalogues that translate it.

`python -m tests.texts` brings every catalogue up to date with the code; with a language's code it begins one.
Babel does the work. Only which calls say something is told here: Babel's own reader of Python would take
SQLAlchemy's `text(…)` for a message, too.
"""

import argparse
import ast
import sys
from collections.abc import Collection, Iterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from babel.plural import PluralRule, to_gettext

from shared.i18n.catalogue import CATALOGUES, read_catalogue

ROOT = Path(__file__).parent.parent
SPEAKERS = ("bot", "shared", "worker")
KEYWORDS = {"text": (1,), "html": (1,), "plural": (1, 2), "text_in": ((1, "c"), 2), "text_noop": (1,)}
"""What says something, in Babel's terms: which arguments are the message, and which is its context."""
PLURALS = ("zero", "one", "two", "few", "many", "other")
"""CLDR's categories in the order in which gettext numbers them."""
MARKERS = {"text_noop"}
"""Keywords that are functions of their own; the others are a Translator's methods."""


def extract(
    file: IO[bytes], keywords: Collection[str], _comment_tags: object, **_: object
) -> Iterator[tuple[int, str, list[str], list[str]]]:
    """Read one module for Babel: line, keyword, arguments and comments of each call that says something."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and (keyword := _keyword(node.func)) in keywords:
            arguments = node.args[: len(KEYWORDS[keyword])]
            yield node.lineno, keyword, [_literal(argument, file.name) for argument in arguments], []


def _keyword(function: ast.expr) -> str:
    """`texts.html(…)`, `context.texts.text(…)`: a Translator is called texts wherever it goes."""
    match function:
        case ast.Name(id=name) if name in MARKERS:
            return name
        case ast.Attribute(attr=name, value=ast.Name(id="texts") | ast.Attribute(attr="texts")):
            return name
    return ""


def _literal(node: ast.expr, path: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{path}:{node.lineno}: a message is written out where it is said, not put together")


def template() -> Catalog:
    """Return all that the code says, with the files that say it."""
    said = Catalog()
    for package in SPEAKERS:
        found = extract_from_dir(ROOT / package, [("**.py", "tests.texts:extract")], keywords=KEYWORDS)
        for path, _line, message, _comments, context in found:
            said.add(message, locations=[(f"{package}/{path}", 0)], context=context)
    return said


def updated(catalogue: Catalog, said: Catalog) -> bytes:
    """Write a catalogue that holds just what the code says, in one order, each line of a message on a line.

    What is new is empty or, where it is close to something that is gone, carries that one's translation and
    is marked as fuzzy. The header says no more than what is read.
    """
    catalogue.update(said)
    for message in catalogue:
        _take_previous(message)
    header = f"""{catalogue.header_comment}
msgid ""
msgstr ""
"Language: {catalogue.locale_identifier}\\n"
"Plural-Forms: {catalogue.plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
    file = BytesIO()
    write_po(
        file,
        catalogue,
        width=0,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_previous=True,
        include_lineno=False,
    )
    return header.encode() + file.getvalue().rstrip() + b"\n"


def _take_previous(message: Message) -> None:
    """Keep what a fuzzy translation was made for as just that, until the mark is taken off.

    Babel writes it as `#|`, reads it as a comment, and would keep the comment for ever.
    """
    lines = [comment for comment in message.user_comments if comment.startswith("|")]
    message.user_comments = [comment for comment in message.user_comments if comment not in lines]
    if message.fuzzy and lines and not message.previous_id:
        message.previous_id = _message_of("\n".join(line.removeprefix("|").strip() for line in lines))


def _message_of(entry: str) -> list[str]:
    """Read the `msgid` of an entry without a translation, and its plural."""
    nothing = 'msgstr[0] ""' if "msgid_plural " in entry else 'msgstr ""'
    [message] = [each for each in read_po(StringIO(f"{entry}\n{nothing}")) if each.id]
    return list(forms(message.id))


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages that are said in English for now: without a translation, or with a fuzzy one."""
    return [
        message for message in catalogue if message.id and (message.fuzzy or not all(forms(message.string)))
    ]


def forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the forms of a message or of a translation, one unless it counts something."""
    return (words or "",) if words is None or isinstance(words, str) else tuple(words)


def plural_forms(locale: Locale) -> str:
    """Return gettext's header for CLDR's plurals, of which Babel's own table is behind.

    Left out are the categories that no count in a chat meets, those of fractions and of a million.
    """
    rules = locale.plural_form
    met = {rules(number) for number in range(1000)}
    tags = [tag for tag in PLURALS if tag in met]
    return to_gettext(PluralRule({tag: rules.rules[tag] for tag in tags[:-1]}))


def begin(code: str) -> Path:
    """Begin the catalogue of a language; raises FileExistsError, or ValueError for no language."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except UnknownLocaleError as error:
        raise ValueError(str(error)) from None
    path = CATALOGUES / f"{locale}.po"
    new = Catalog(locale, header_comment=f"# {locale.english_name}.\n# Complete: no")
    new.mime_headers = [("Plural-Forms", plural_forms(locale))]
    with path.open("xb") as file:
        file.write(updated(new, template()))
    return path


def main(arguments: list[str]) -> None:
    """Update all catalogues, or begin one."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.texts", description="Update the catalogues of texts."
    )
    parser.add_argument("code", nargs="?", help="begin a catalogue for this language instead: de, pt-br")
    code = parser.parse_args(arguments).code
    try:
        paths = [begin(code)] if code else sorted(CATALOGUES.glob("*.po"))
    except (FileExistsError, ValueError) as error:
        parser.error(str(error))
    for path in paths:
        catalogue = read_catalogue(path)
        path.write_bytes(updated(catalogue, template()))
        done = len(catalogue) - len(untranslated(catalogue))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {done} of {len(catalogue)} texts are translated\n")


if __name__ == "__main__":
    main(sys.argv[1:])
