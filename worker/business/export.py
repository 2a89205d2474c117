"""A document as a business file that `apply` accepts unchanged."""

from io import StringIO

from ruamel.yaml import YAML

from worker.business.document import Document
from worker.business.lists import one

HEADER = "# Apply this file with: python -m worker.business apply FILE\n"
WIDE = 100_000


def write_document(document: Document) -> str:
    """Write a document as YAML, every field spelled out, equal weekdays folded."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = WIDE  # a line is never broken: a break inside a text would have to be read back
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(one(Document).write(document), text)
    return HEADER + text.getvalue()
