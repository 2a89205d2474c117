"""A business file into a document, or into everything that is wrong with it."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from worker.business.document import PARTS, Document
from worker.business.problems import Complaint, NestedError, Path, RefusedFileError, did_you_mean
from worker.business.references import unsound
from worker.business.source import Source, read_source


def read_document(data: bytes, name: str) -> Document:
    """Read a file's bytes; `name` is what messages call the file.

    Raises RefusedFileError with every problem, ordered by line.
    """
    source = read_source(data, name)
    document = _validated(source)
    for path, message in unsound(source.content):
        source.complain(path, message)
    if document is None or source.problems:
        raise RefusedFileError(name, source.problems)
    return document


def _validated(source: Source) -> Document | None:
    try:
        return Document.model_validate(source.content)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            for path, message in _complaints(details):
                source.complain(path, message)
        return None


def _complaints(details: ErrorDetails) -> Iterator[Complaint]:
    path: Path = details["loc"]
    context: dict[str, Any] = details.get("ctx", {})
    error = context.get("error")
    if isinstance(error, NestedError):
        yield from (((*path, *inner), message) for inner, message in error.complaints)
    elif isinstance(error, ValueError):
        yield path, str(error)
    else:
        yield path, _plain_words(details["type"], path, context)


def _plain_words(kind: str, path: Path, context: dict[str, Any]) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not known here{_near_key(path)}"
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return "is a mapping of names to values, written as name: value"
    if kind in {"tuple_type", "list_type"}:
        return "is a list, written as [one, two] or as lines that begin with a dash"
    if kind == "too_long":
        return f"has more than {context['max_length']} entries"
    return f"is not what belongs here ({kind})"


def _near_key(path: Path) -> str:
    part = PARTS[tuple(step for step in path[:-1] if isinstance(step, str))]
    return did_you_mean(str(path[-1]), part.model_fields) or f"; known are {', '.join(part.model_fields)}"
