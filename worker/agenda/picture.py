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
from worker.agenda.svg import document, placed, rectangle, words
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
LOWEST, NARROWEST = 10, 2
"""Of a block, even where so many visits lie so close that they overlap then."""
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

    def at(self, minute: float) -> int:
        """Return how far from the top a minute lies: on a whole pixel, where edges are sharp."""
        return round(HEAD + (minute - self.first) / AN_HOUR * self.hour)

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
        shapes = [*self._grounds(), *self._hours(), *self._columns()]
        for number, placed_here in enumerate(self._placed):
            shapes += [self._block(painter, block, number) for block in placed_here]
            shapes += self._now_line(self.shown[number], number)
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

    def _left(self, number: float) -> int:
        """Return where a column begins; a part of one is a lane in it."""
        return round(GUTTER + number * (WIDTH - GUTTER - EDGE) / len(self.shown))

    @property
    def _top(self) -> int:
        return self._scale.at(self._scale.first)

    @property
    def _bottom(self) -> int:
        return self._scale.at(self._scale.last) + EDGE

    def _grounds(self) -> Iterator[str]:
        """Shade what is closed."""
        at, height = self._scale.at, self._scale.at(self._scale.last) - self._top
        for number, column in enumerate(self.shown):
            left = self._left(number)
            width = self._left(number + 1) - left
            if column.hours is not None:
                yield rectangle(left, self._top, width, height, self.palette.closed)
            for opens, closes in column.hours or ():
                yield rectangle(left, at(opens), width, at(closes) - at(opens), self.palette.ground)

    def _hours(self) -> Iterator[str]:
        """Name the hours beside the columns, and rule them."""
        left, right = self._left(0), self._left(len(self.shown))
        for minute in self._scale.hours:
            at, said = self._scale.at(minute), f"{minute // AN_HOUR:02}:00"
            yield words((EDGE, at + 9), said, 24, self.palette.faint, GUTTER - EDGE)
            yield rectangle(left, at, right - left, 1, self.palette.grid)

    def _columns(self) -> Iterator[str]:
        """Name the columns, and rule where they begin."""
        height = self._scale.at(self._scale.last) - self._top
        for number, column in enumerate(self.shown):
            left = self._left(number)
            yield rectangle(left - 1, self._top, 2, height, self.palette.grid)
            yield from self._name(column, left + 8, self._left(number + 1) - left - 16)

    def _name(self, column: Column, left: float, room: float) -> Iterator[str]:
        """Say whose a column is; of one that is a day which."""
        ink = self.palette.ink
        if column.specialist or len(self.shown) == 1:
            name = column.specialist or self.texts.title(self.texts.day_among_days(column.day))
            yield words((left, 56), name, NAME, ink, room, "bold")
            return
        colour = self.palette.alarm if column.day == self._today else ink
        weekday = self.texts.weekdays()[column.day.weekday()]
        yield words((left, 36), weekday, NAME, colour, room, "bold")
        yield words((left, 70), str(column.day.day), NAME, colour, room)

    def _block(self, painter: BlockPainter, block: Block, number: int) -> str:
        left = self._left(number + block.lane / block.lanes) + 4
        width = max(self._left(number + (block.lane + 1) / block.lanes) - 4 - left, NARROWEST)
        top = self._scale.at(block.begin) + 2
        height = max(self._scale.at(block.end) - 2 - top, LOWEST)
        return placed(left, top, painter.shapes(block, width, height))

    def _now_line(self, column: Column, number: int) -> Iterator[str]:
        """Rule where the day has got to."""
        local = self.now.astimezone(self.style.zone)
        minute = local.hour * AN_HOUR + local.minute
        if column.day == self._today and self._scale.first <= minute <= self._scale.last:
            left = self._left(number)
            width = self._left(number + 1) - left
            yield rectangle(left, self._scale.at(minute) - 2, width, 4, self.palette.alarm)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.style.zone).date()

    def _legend(self, painter: BlockPainter) -> Iterator[str]:
        """Say what colours and dots mean, two in a line."""
        for number, (sign, meaning) in enumerate(painter.meanings()):
            left, top = EDGE + number % 2 * LEGEND_WIDTH, self._bottom + number // 2 * LEGEND_LINE
            yield placed(left, top, [sign])
            yield words((left + 48, top + 28), meaning, 24, self.palette.faint, LEGEND_WIDTH - 56)
