"""Draws a benchmark's results: `python tests/benchmarks/draw.py RESULTS FOLDER`, called by the benchmark.

Alone in an environment with matplotlib; it needs nothing of the project.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

COLOURS = {"bellhop": "#2f6f4f", "monolith": "#5794f2", "stock arq": "#e0752d", "arq": "#e0752d"}
OTHERS = "#9a9a9a"
SIZE = (7.2, 3.4)
MOST_DIGITS = 100


def colour(name: str) -> str:
    """Return a contender's colour."""
    return COLOURS.get(name, OTHERS)


def shown(value: float) -> str:
    """Write a figure with as many digits as it deserves."""
    return f"{value:.3g}" if value < MOST_DIGITS else f"{value:,.0f}"


def taps(part: dict[str, Any]) -> None:
    """Draw p50 and p99 by rate, on a logarithmic scale."""
    _, both = plt.subplots(1, 2, figsize=SIZE, sharey=True)
    for axes, figure in zip(both, ("p50_ms", "p99_ms"), strict=True):
        bars(
            axes,
            [f"{rate}/s" for rate in part["rates"]],
            {
                name: [rates[str(rate)][figure] for rate in part["rates"]]
                for name, rates in part["taps"].items()
            },
        )
        axes.set_yscale("log")
        axes.set_title(f"tap → reply, {figure.partition('_')[0]}, ms")
    both[0].legend(frameon=False, fontsize=8)


def bars(axes: Axes, groups: Sequence[str], series: Mapping[str, Sequence[float]]) -> None:
    """Draw groups of bars, one of each series."""
    wide = 0.8 / max(1, len(series))
    for number, (name, values) in enumerate(series.items()):
        places = [group + (number - (len(series) - 1) / 2) * wide for group in range(len(groups))]
        drawn = axes.bar(places, values, wide, label=name, color=colour(name))
        axes.bar_label(drawn, [shown(value) for value in values], fontsize=7)
    axes.set_xticks(range(len(groups)), groups)
    axes.spines[["top", "right"]].set_visible(False)


def bookings(part: dict[str, Any]) -> None:
    """Draw bookings a second by workers, and the monolith's as a line."""
    _, both = plt.subplots(1, 2, figsize=SIZE)
    titles = ("bookings a second", f"the same, Bot API in {part['latency_ms']:.0f} ms")
    for axes, title, key in zip(both, titles, ("a_second", "a_second_with_latency"), strict=True):
        ours = part[key]["bellhop"]
        axes.plot(
            [int(count) for count in ours],
            list(ours.values()),
            "o-",
            color=colour("bellhop"),
            label="bellhop",
        )
        if "monolith" in part[key]:
            level = part[key]["monolith"]["0"]
            axes.axhline(level, color=colour("monolith"), linestyle="--", label="monolith, one process")
        axes.set_xticks([int(count) for count in ours])
        axes.set_xlabel("workers")
        axes.set_ylim(bottom=0)
        axes.set_title(title)
        axes.spines[["top", "right"]].set_visible(False)
    both[0].legend(frameon=False, fontsize=8)


def accept(part: dict[str, Any]) -> None:
    """Draw updates accepted a second."""
    _, axes = plt.subplots(figsize=SIZE)
    rates = part["a_second"]
    drawn = axes.barh(list(rates), list(rates.values()), color=[colour(name) for name in rates])
    axes.bar_label(drawn, fmt=" {:,.0f}", fontsize=8)
    axes.invert_yaxis()
    axes.set_title("updates accepted a second by one process")
    axes.spines[["top", "right"]].set_visible(False)


PICTURES = {"taps": taps, "bookings": bookings, "accept": accept}


def main(file: Path, folder: Path) -> None:
    """Draw what was measured; print the pictures' names."""
    mpl.use("agg")
    mpl.rcParams.update({"font.size": 9, "axes.titlesize": 10})
    parts = json.loads(file.read_text())["parts"]
    for name, draw in PICTURES.items():
        if name not in parts:
            continue
        draw(parts[name])
        plt.tight_layout()
        plt.savefig(folder / f"{name}.png", dpi=110)
        plt.close()
        sys.stdout.write(f"{name}.png\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
