"""docs/metrics.md, read as data."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "metrics.md"
ROW = re.compile(r"^\| `(?P<name>bellhop_\w+)` \| (?P<type>\w+) \|(?P<labels>[^|]*)\| [^|]+ \|$")
NAME = re.compile(r"\b(?:bellhop|process|pg|redis)_\w+|\bup\b")
SERIES = ("_bucket", "_sum", "_count")


@dataclass(frozen=True)
class Described:
    """A metric as the page describes it."""

    type: str
    labels: tuple[str, ...]


def sections() -> dict[str, dict[str, Described]]:
    """Return the metrics of each heading's tables."""
    found: dict[str, dict[str, Described]] = {}
    heading = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif row := ROW.match(line):
            labels = tuple(re.findall(r"`(\w+)`", row["labels"]))
            found.setdefault(heading, {})[row["name"]] = Described(row["type"], labels)
    return found


def described(*headings: str) -> dict[str, Described]:
    """Return the metrics under some headings, or under all of them."""
    return {
        name: metric
        for heading, metrics in sections().items()
        if not headings or heading in headings
        for name, metric in metrics.items()
    }


def known_names() -> set[str]:
    """Return every name that a query may use."""
    of_others = PAGE.read_text().partition("## From others")[2].partition("\n## ")[0]
    histograms = {name + end for name, it in described().items() if it.type == "histogram" for end in SERIES}
    return described().keys() | histograms | set(re.findall(r"`(\w+)`", of_others))


def names_in(query: str) -> set[str]:
    """Return the metrics a query asks for."""
    without_labels = re.sub(r"\{[^}]*\}|\b(?:by|without) \([^)]*\)", "", query)
    return set(NAME.findall(without_labels))
