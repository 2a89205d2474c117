"""A day or a week as a picture: columns of days or people, the hours beside them, a block for each visit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final, Self

from shared.i18n.translator import Translator
from worker.agenda.blocks import BlockPainter
from worker.agenda.columns import AN_HOUR, Block, Column, blocks, reach
from worker.agenda.palette import Palette
from worker.agenda.svg import clipped, document, line, rectangle, words
from worker.agenda.views import AgendaStyle
from worker.scheduling.hours import Window

WIDTH: Final = 1080
"""As wide as a phone shows a photo without making it smaller."""
GUTTER: Final = 100
"""Where the hours stand."""
HEAD: Final = 84
LEGEND_LINE: Final = 46
LEGEND_WIDTH: Final = 500
EDGE: Final = 24
LEAST_HOUR, MOST_HOUR, LEAST_BLOCK = 84, 160, 68
"""Heights of an hour, and of the shortest visit where that can be had."""
TALLEST: Final = 1900
"""Telegram makes a photo smaller that is much taller than wide."""
NAME: Final = 26
"""How large a column's name is written."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a minute of the day lies."""

    first: int
    last: int
    hour: float
    """How high an hour is."""

    @classmethod
    def of(cls, reached: Window, placed: Collection[Block]) -> Self:
        """Make an hour so high that the shortest visit can be read, and the whole no taller than a photo."""
        first, last = reached
        shortest = min((block.end - block.begin for block in placed), default=AN_HOUR)
        wanted = min(MOST_HOUR, max(LEAST_HOUR, LEAST_BLOCK * AN_HOUR / shortest))
        return cls(first, last, min(wanted, (TALLEST - HEAD) * AN_HOUR / (last - first)))

    def at(self, minute: float) -> float:
        """Return how far from the top a minute lies."""
        return HEAD + (minute - self.first) / AN_HOUR * self.hour

    @property
    def hours(self) -> range:
        """The minutes at which an hour begins or ends."""
        return range(self.first, self.last + 1, AN_HOUR)


@dataclass(frozen=True)
class Picture:
    """What a picture is drawn of."""

    texts: Translator
    shown: Sequence[Column]
    style: AgendaStyle
    now: datetime
    palette: Palette

    def svg(self) -> str:
        """Draw it."""
        painter = BlockPainter(self.texts, self.style, self.palette, self.shown)
        shapes = [*self._hours()]
        for number, (column, placed) in enumerate(zip(self.shown, self._placed, strict=True)):
            left = GUTTER + number * self._width
            shapes += self._ground(column, left)
            for block in placed:
                shapes.append(self._block(painter, block, left))
            shapes += self._now_line(column, left)
        legend = list(self._legend(painter))
        height = self._bottom + (len(legend) // 2 + 1) // 2 * LEGEND_LINE + EDGE
        return document(WIDTH, height, self.palette.ground, shapes + legend)

    @cached_property
    def _placed(self) -> list[list[Block]]:
        return [blocks(column, self.style.zone) for column in self.shown]

    @cached_property
    def _scale(self) -> Scale:
        reached = reach(self.shown, self.style.zone)
        return Scale.of(reached, [block for placed in self._placed for block in placed])

    @property
    def _width(self) -> float:
        return (WIDTH - GUTTER - EDGE) / len(self.shown)

    @property
    def _bottom(self) -> float:
        return self._scale.at(self._scale.last) + EDGE

    def _hours(self) -> Iterator[str]:
        """Name the hours beside the columns."""
        for minute in self._scale.hours:
            yield words(
                EDGE, self._scale.at(minute) + 9, f"{minute // AN_HOUR:02}:00", 24, self.palette.faint
            )

    def _ground(self, column: Column, left: float) -> Iterator[str]:
        """Name a column, shade what is closed in it, and rule its hours."""
        at, width = self._scale.at, self._width
        top, bottom = at(self._scale.first), at(self._scale.last)
        if column.hours is not None:
            yield rectangle(left, top, width, bottom - top, self.palette.closed)
            for opens, closes in column.hours:
                yield rectangle(left, at(opens), width, at(closes) - at(opens), self.palette.ground)
        for minute in self._scale.hours:
            yield line(left, at(minute), left + width, at(minute), self.palette.grid)
        yield line(left, top, left, bottom, self.palette.grid, 2)
        yield clipped(left, 0, width - 4, HEAD, self._name(column))

    def _name(self, column: Column) -> Iterator[str]:
        """Say whose a column is; of one that is a day which."""
        if column.specialist or len(self.shown) == 1:
            name = column.specialist or self.texts.title(self.texts.short_day(column.day))
            yield words(8, 56, name, NAME, self.palette.ink, font_weight="bold")
            return
        colour = self.palette.alarm if column.day == self._today else self.palette.ink
        yield words(8, 36, self.texts.weekdays()[column.day.weekday()], NAME, colour, font_weight="bold")
        yield words(8, 70, str(column.day.day), NAME, colour)

    def _block(self, painter: BlockPainter, block: Block, left: float) -> str:
        share, top = self._width / block.lanes, self._scale.at(block.begin)
        height = max(self._scale.at(block.end) - top - 4, 10)
        return painter.paint(block, left + block.lane * share + 4, top + 2, share - 8, height)

    def _now_line(self, column: Column, left: float) -> Iterator[str]:
        """Rule where the day has got to."""
        local = self.now.astimezone(self.style.zone)
        minute = local.hour * AN_HOUR + local.minute
        if column.day == self._today and self._scale.first <= minute <= self._scale.last:
            at = self._scale.at(minute)
            yield line(left, at, left + self._width, at, self.palette.alarm, 4)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.style.zone).date()

    def _legend(self, painter: BlockPainter) -> Iterator[str]:
        """Say what colours and dots mean, two in a line."""
        for number, (sign, meaning) in enumerate(painter.meanings()):
            left, top = EDGE + number % 2 * LEGEND_WIDTH, self._bottom + number // 2 * LEGEND_LINE
            yield clipped(left, top, 40, 40, [sign])
            yield clipped(
                left + 48, top, LEGEND_WIDTH - 56, 40, [words(0, 28, meaning, 24, self.palette.faint)]
            )
