"""What a search of the history is for."""

from typing import Final

LARGEST: Final = 2**63 - 1


def visit_number(said: str) -> int | None:
    """Read the number of a visit, as '№ 12', '#12' or '12'; None for what is none."""
    digits = said.strip().lstrip("№#").strip()
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits)
    return number if number <= LARGEST else None
