"""What a search of the history is for, and the history as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

LARGEST: Final = 2**63 - 1
LONGEST_CARRIED: Final = 48
"""Bytes of a search that the button of its file carries beside its prefix."""
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes spreadsheets compute a cell: https://owasp.org/www-community/attacks/CSV_Injection."""


def visit_number(said: str) -> int | None:
    """Read the number of a visit, as '№ 12', '#12' or '12'; None for what is none."""
    digits = said.strip().lstrip("№#").strip()
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if number <= LARGEST else None


def is_carried(said: str) -> bool:
    """Tell whether a button can carry what was searched for."""
    return ":" not in said and len(said.encode()) <= LONGEST_CARRIED


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table as RFC 4180 has it, in UTF-8 behind the mark by which spreadsheets know it."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows([defused(each) for each in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def defused(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute: names are what people call themselves."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
