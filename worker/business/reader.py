"""A business file into a document, or into everything that is wrong with it."""

from worker.business.document import Document
from worker.business.lists import one
from worker.business.problems import RefusedFileError
from worker.business.source import read_source
from worker.business.wording import Wording


def read_document(data: bytes, name: str) -> Document:
    """Read a file's bytes; `name` is what messages call the file.

    Raises RefusedFileError with every problem, ordered by line.
    """
    root = read_source(data, name)
    try:
        with root.noting():
            document = one(Document).read(root)
    except RecursionError:  # an alias inside of what it stands for
        raise root.source.refused(1, Wording.TOO_MUCH) from None
    if root.source.problems:
        raise RefusedFileError(name, root.source.problems)
    return document
