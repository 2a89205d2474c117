"""The glossary's words are the code's."""

import ast
import re
from pathlib import Path

from tests.running import ROOT
from worker.db.models import load_models
from worker.db.models.base import Base

PAGE = ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<what>[^|]+) \| (?P<code>`[^|]+`) \|$", re.MULTILINE)
NAME = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, list[str]]]:
    return [
        (row["term"], NAME.findall(row["code"])) for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))
    ]


def names_of(path: Path) -> set[str]:
    """Return the classes and constants that a module defines."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = {node.name for node in body if isinstance(node, ast.ClassDef)}
    constants = {
        node.target.id
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return classes | constants


def test_every_term_stands_in_the_code() -> None:
    load_models()
    known = {name for room in ("bot", "shared", "worker") for path in (ROOT / room).rglob("*.py")
             for name in names_of(path)} | set(Base.metadata.tables)  # fmt: skip
    found = rows()
    assert len(found) >= 60
    lost = {
        (term, name)
        for term, names in found
        for name in names
        if name not in known and not (ROOT / name).is_file()
    }
    assert lost == set()


def test_no_term_stands_twice() -> None:
    terms = [part.strip() for term, _ in rows() for part in term.split(",")]
    assert len(terms) == len(set(terms))
