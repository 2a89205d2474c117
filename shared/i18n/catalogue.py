"""Catalogues: files that translate what the code says into one language."""

import gettext
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

CATALOGUES = Path(__file__).with_name("catalogues")
_COMPLETE = re.compile(r"^#\s*Complete:\s*yes\s*$", re.MULTILINE)


class CatalogueError(Exception):
    """A file is not a catalogue, or is named after no language."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language."""

    locale: Locale
    texts: gettext.NullTranslations
    complete: bool = False


def read_catalogue(path: Path) -> Catalog:
    """Read a file for Babel; raises CatalogueError."""
    try:
        locale = Locale.parse(path.stem.replace("-", "_"))
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except (UnknownLocaleError, PoFileError, ValueError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def is_complete(catalogue: Catalog) -> bool:
    """Return whether the catalogue says of itself, in its first comment, that it translates everything."""
    return _COMPLETE.search(catalogue.header_comment) is not None


def compile_catalogue(path: Path) -> Catalogue:
    """Make a file's texts ready to be said; raises CatalogueError.

    What is untranslated or marked as fuzzy is left out and said in English.
    """
    catalogue = read_catalogue(path)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    try:
        texts = gettext.GNUTranslations(compiled)
    except ValueError as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    return Catalogue(Locale.parse(catalogue.locale_identifier), texts, is_complete(catalogue))
