"""Finds statements that touch rows of a business without naming the business."""

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final

from greenlet import getcurrent  # type: ignore[import-untyped]  # it comes without types
from sqlglot import exp, parse_one

from tests.running import ROOT
from worker.db.models import load_models
from worker.db.models.base import Base

load_models()
COLUMN: Final = "business_id"
SCOPED: Final = {name: COLUMN for name, table in Base.metadata.tables.items() if COLUMN in table.c} | {
    "business": "id"
}
"""The tables whose rows are a business's, and the column that says which one's."""
BLOCKS: Final = (exp.Select, exp.Update, exp.Delete, exp.Insert)
CONJUNCTION: Final = (exp.And, exp.Where, exp.Join, exp.Paren, exp.Subquery, exp.Table, exp.From)
"""What may stand between a condition and its block where the condition holds for every row."""


@cache
def unscoped(sql: str) -> frozenset[str]:
    """Return the tables of whose rows a statement does not say which business's they are."""
    if not any(name in sql for name in SCOPED):
        return frozenset()
    tree = parse_one(sql, read="postgres")
    return frozenset(name for block in tree.find_all(*BLOCKS) for name in _unscoped_in(block))


def _unscoped_in(block: exp.Expr) -> Iterator[str]:
    """Yield the block's own tables; those of the blocks in it are theirs."""
    tables = {each.alias_or_name: each.name for each in _tables(block)}
    named = _named(block, tables)
    return (table for alias, table in tables.items() if alias not in named)


def _tables(block: exp.Expr) -> Iterator[exp.Table]:
    for table in block.find_all(exp.Table):
        mine = table.find_ancestor(*BLOCKS) is block and table.find_ancestor(exp.Lock) is None
        if mine and table.name in SCOPED and not _is_cte(table):
            yield table


def _is_cte(table: exp.Table) -> bool:
    """Tell a table from what is defined under its name WITH the statement."""
    inside: exp.Expr = table
    while (inside := inside.parent) is not None:  # type: ignore[assignment]  # the end of the tree
        defined = inside.args.get("with_")
        for cte in defined.expressions if defined else ():
            if cte.alias == table.name and table.find_ancestor(exp.CTE) is not cte:
                return True
    return False


def _named(block: exp.Expr, tables: dict[str, str]) -> set[str]:
    """Return the aliases whose business is given, or equal to one that is."""
    found = _inserted(block)
    pairs = [
        (one, other)
        for equal in block.find_all(exp.EQ)
        if _holds_for_all(equal, block)
        for one, other in ((equal.left, equal.right), (equal.right, equal.left))
    ]
    while (
        more := {
            alias
            for one, other in pairs
            if (alias := _alias(one, tables)) is not None and _is_given(other, tables, found)
        }
        - found
    ):
        found |= more
    return found


def _inserted(block: exp.Expr) -> set[str]:
    into = block.this
    if not isinstance(block, exp.Insert) or not isinstance(into, exp.Schema):
        return set()
    columns = {column.name for column in into.expressions}
    return {into.this.alias_or_name} if SCOPED.get(into.this.name) in columns else set()


def _holds_for_all(condition: exp.Expr, block: exp.Expr) -> bool:
    if condition.parent is block:  # what an UPDATE sets
        return False
    while (condition := condition.parent) is not block:  # type: ignore[assignment]  # the block is above
        if not isinstance(condition, CONJUNCTION):
            return False
    return True


def _alias(side: exp.Expr, tables: dict[str, str]) -> str | None:
    """Return whose business a side of an equation is, where it is that of a table of the block."""
    if not isinstance(side, exp.Column):
        return None
    [alias] = [side.table] if side.table or len(tables) != 1 else tables
    return alias if alias in tables and SCOPED[tables[alias]] == side.name else None


def _is_given(side: exp.Expr, tables: dict[str, str], found: set[str]) -> bool:
    if isinstance(side, exp.Column):
        outside = side.table not in tables and side.name in {COLUMN, "id"}
        return outside or _alias(side, tables) in found
    return side.find(exp.Column) is None


class Watch:
    """Looks at each statement that the worker's own code sends, in whichever engine of the process."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(self, _connection: object, _cursor: object, sql: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        """Note a statement that names no business; a listener to `before_cursor_execute`."""
        if (tables := unscoped(sql)) and (origin := _origin()) is not None:
            self.found.append(
                f"{origin}: no business of {', '.join(sorted(tables))} in {' '.join(sql.split())}"
            )


def _origin() -> str | None:
    """Say where the worker's code sends the statement; None where a test does, or a migration."""
    for frame in _frames():
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT / "tests"):
            if path != Path(__file__):
                return None
        elif path.is_relative_to(ROOT / "worker") and not path.is_relative_to(ROOT / "worker" / "db"):
            return f"{path.relative_to(ROOT)}:{frame.f_lineno}"
    return None


def _frames() -> Iterator[FrameType]:
    """Yield who called, innermost first, through SQLAlchemy's greenlets."""
    greenlet, frame = getcurrent(), inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back
        if frame is None and greenlet.parent is not None:
            greenlet = greenlet.parent
            frame = greenlet.gr_frame
