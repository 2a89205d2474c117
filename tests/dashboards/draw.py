"""Draws the dashboards' panels from what `tests.dashboards.record` kept; run by `make dashboards`.

Alone in an environment with matplotlib; it needs nothing of the project.
"""

import json
import math
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from PIL import Image

DASHBOARDS = Path(__file__).parents[2] / "compose" / "grafana" / "dashboards"
COLUMN, ROW = 0.6, 0.42
INK, GRID, PAPER, PANEL = "#d8d9da", "#2c3235", "#111217", "#181b1f"
COLOURS = ["#73bf69", "#5794f2", "#ff9830", "#f2495c", "#b877d9", "#fade2a", "#8ab8ff", "#ffa6b0", "#96d98d"]
SCALES = {
    "bytes": (2.0**-20, " MiB"),
    "percentunit": (100.0, " %"),
    "reqps": (1.0, "/s"),
    "ops": (1.0, "/s"),
    "cpm": (1.0, "/min"),
}
SECONDS: list[tuple[float, float, str]] = [
    (3600, 1 / 3600, " h"),
    (120, 1 / 60, " min"),
    (1, 1, " s"),
    (0, 1000, " ms"),
]
MOST_DIGITS = 1000


def shown(value: float, unit: str) -> str:
    """Write a figure with its unit, as Grafana would."""
    factor, suffix = SCALES.get(unit, (1.0, ""))
    if unit == "s":
        factor, suffix = next((factor, name) for least, factor, name in SECONDS if value >= least)
    value *= factor
    return f"{value:.3g}{suffix}" if abs(value) < MOST_DIGITS else f"{value:,.0f}{suffix}"


def legend(form: str, labels: dict[str, str]) -> str:
    """Fill a legend's {{labels}}."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match[1], ""), form)


def series(panel: dict[str, Any], recorded: dict[str, Any]) -> list[tuple[str, list[float], list[float]]]:
    """Return a panel's lines: name, minutes, values."""
    lines = []
    first, last, step = recorded["begin"], recorded["end"], recorded["step"]
    for target in panel["targets"]:
        for result in recorded["answers"][target["expr"]]:
            known = {float(at): float(value) for at, value in result["values"]}
            instants = [first + step * number for number in range(round((last - first) / step) + 1)]
            minutes = [(at - recorded["begin"]) / 60 for at in instants]
            values = [known.get(at, math.nan) for at in instants]
            if not all(math.isnan(value) for value in values):
                lines.append((legend(target["legendFormat"], result["metric"]), minutes, values))
    return sorted(lines)


def draw_stat(axes: Axes, panel: dict[str, Any], recorded: dict[str, Any]) -> None:
    """Draw the last figure, large."""
    defaults = panel["fieldConfig"]["defaults"]
    found = series(panel, recorded)
    known = [value for _, _, values in found for value in values if not math.isnan(value)]
    colour, text = "#8e8e8e", "no data"
    if known:
        text = shown(known[-1], defaults["unit"])
        steps = [step for step in defaults["thresholds"]["steps"] if known[-1] >= (step["value"] or 0)]
        colour = {"green": COLOURS[0], "red": COLOURS[3]}[steps[-1]["color"]]
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(0.5, 0.42, text, color=colour, size=17, ha="center", va="center", transform=axes.transAxes)


def draw_lines(axes: Axes, panel: dict[str, Any], recorded: dict[str, Any]) -> None:
    """Draw lines, stacked where the panel says so."""
    defaults = panel["fieldConfig"]["defaults"]
    found = series(panel, recorded)
    if not found:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no data", color="#8e8e8e", ha="center", va="center", transform=axes.transAxes)
    if defaults["custom"]["stacking"]["mode"] == "normal" and found:
        instants = sorted({minute for _, minutes, _ in found for minute in minutes})
        filled = []
        for _, minutes, values in found:
            known = dict(zip(minutes, values, strict=True))
            filled.append([0.0 if math.isnan(known.get(at, 0.0)) else known.get(at, 0.0) for at in instants])
        axes.stackplot(instants, filled, labels=[name for name, _, _ in found], colors=COLOURS, alpha=0.75)
    else:
        for number, (name, minutes, values) in enumerate(found):
            axes.plot(minutes, values, label=name, color=COLOURS[number % len(COLOURS)], linewidth=1.2)
    axes.set_xlim(0, (recorded["end"] - recorded["begin"]) / 60)
    axes.set_ylim(bottom=0)
    axes.grid(color=GRID, linewidth=0.6)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: shown(value, defaults["unit"])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} min"))
    if found:
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.13),
            ncols=min(4, len(found)),
            fontsize=6.5,
            frameon=False,
        )


def draw(path: Path, recorded: dict[str, Any], folder: Path) -> None:
    """Draw one dashboard."""
    dashboard = json.loads(path.read_text())
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in dashboard["panels"])
    figure = plt.figure(figsize=(24 * COLUMN, rows * ROW + 0.5), facecolor=PAPER)
    high = rows * ROW + 0.5
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        stat = panel["type"] == "stat"
        left, wide = (
            place["x"] / 24 + 0.042 * (not stat) + 0.004,
            place["w"] / 24 - 0.052 * (not stat) - 0.008,
        )
        below = 0.85 if not stat else 0.1
        bottom = 1 - (0.5 + (place["y"] + place["h"]) * ROW - below) / high
        axes = figure.add_axes((left, bottom, wide, (place["h"] * ROW - below - 0.28 - 0.1 * stat) / high))
        axes.set_facecolor(PANEL)
        axes.set_title(panel["title"], size=9, color=INK, loc="left", pad=4)
        (draw_stat if stat else draw_lines)(axes, panel, recorded)
    figure.text(0.006, 1 - 0.27 / high, dashboard["title"], size=13, color=INK)
    picture = BytesIO()
    figure.savefig(picture, dpi=72, facecolor=PAPER)
    plt.close(figure)
    Image.open(picture).convert("RGB").quantize(200, dither=Image.Dither.NONE).save(
        folder / f"dashboards-{path.stem}.png", optimize=True
    )


def main(file: Path, folder: Path) -> None:
    """Draw all of them."""
    mpl.use("agg")
    mpl.rcParams.update(
        {"text.color": INK, "axes.edgecolor": GRID, "xtick.color": INK, "ytick.color": INK, "font.size": 7.5}
    )
    recorded = json.loads(file.read_text())
    for path in sorted(DASHBOARDS.iterdir()):
        draw(path, recorded, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
