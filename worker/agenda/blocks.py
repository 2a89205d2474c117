"""How a visit looks in a picture, and what the signs on it mean."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.i18n.translator import Translator
from worker.agenda.columns import Block, Column
from worker.agenda.dots import Dots
from worker.agenda.lettering import Lettering
from worker.agenda.palette import Palette
from worker.agenda.svg import circle, rectangle, words
from worker.agenda.views import AgendaStyle
from worker.db.models.booking import Mark
from worker.ui.phrases import called
from worker.visits.repository import Visit

BORDER: Final = 6
COME: Final = frozenset({Mark.ARRIVED, Mark.DONE})


class BlockPainter:
    """Draws the visits of one picture."""

    def __init__(
        self, texts: Translator, style: AgendaStyle, palette: Palette, shown: Sequence[Column]
    ) -> None:
        self._texts = texts
        self._style = style
        self._palette = palette
        self._visits = [visit for column in shown for visit in column.visits]
        self._named = not any(column.specialist for column in shown)
        people = sorted({(visit.specialist, visit.specialist_id) for visit in self._visits})
        colours = palette.people
        self._colours = {key: colours[number % len(colours)] for number, (_, key) in enumerate(people)}

    def shapes(self, block: Block, width: int, height: int) -> Iterator[str]:
        """Draw a visit, from a corner at nought on: all of it lies within its width and height."""
        colour = self._colours[block.visits[0].specialist_id]
        dots = Dots([*self._signs(block)], width, height)
        lettering = Lettering(width, height, dots)
        yield rectangle(0, 0, width, height, colour, rx=8)
        if any(self._is_uncovered(each) for each in block.visits):
            yield self._border(width, height)
        if any(each.mark in COME for each in block.visits):
            yield rectangle(0, 0, min(BORDER, max(2, lettering.inset - 1)), height, self._palette.fresh)
        yield from self._words(block, lettering)
        yield from dots.shapes()

    def meanings(self) -> Iterator[tuple[str, str]]:
        """Yield the signs that are to be seen, each with what it means."""
        texts, palette, seen = self._texts, self._palette, self._visits
        if self._named and len(self._colours) > 1:
            names = {visit.specialist_id: visit.specialist for visit in seen}
            for key, colour in self._colours.items():
                yield rectangle(0, 0, 40, 34, colour, rx=8), names[key]
        if any(map(self._is_uncovered, seen)):
            yield self._border(40, 34), texts.text("nobody is there then")
        if any(each.mark in COME for each in seen):
            yield rectangle(0, 0, BORDER, 34, palette.fresh), texts.text("came")
        if any(map(self._is_first, seen)):
            yield circle(20, 18, 9, palette.fresh), texts.text("first visit")
        if any(map(self._is_unconfirmed, seen)):
            yield circle(20, 18, 9, palette.alarm), texts.text("has not said yet that they will come")
        if not all(each.customer_reachable for each in seen):
            yield circle(20, 18, 9, palette.quiet), texts.text("cannot be written to here")

    def _is_uncovered(self, visit: Visit) -> bool:
        return visit.id in self._style.uncovered

    def _is_first(self, visit: Visit) -> bool:
        return visit.id in self._style.first_visits

    def _is_unconfirmed(self, visit: Visit) -> bool:
        return visit.id in self._style.unconfirmed

    def _border(self, width: float, height: float) -> str:
        wide = min(BORDER, width / 2, height / 2)
        inner = (wide / 2, wide / 2, width - wide, height - wide)
        return rectangle(*inner, "none", stroke=self._palette.alarm, stroke_width=wide, rx=6)

    def _words(self, block: Block, lettering: Lettering) -> Iterator[str]:
        """Write when it is, who comes and for what."""
        first, several = block.visits[0], len(block.visits)
        time = self._texts.time(first.start.astimezone(self._style.zone))
        who = called(self._texts, first.customer)
        if several > 1:
            who = self._texts.plural("{number} customer", "{number} customers", several)
        missed = all(each.mark is Mark.NO_SHOW for each in block.visits)
        struck = {"text_decoration": "line-through"} if missed else {}
        for line in lettering.lines(time, who, first.service):
            at = (lettering.inset, line.base)
            yield words(at, line.words, line.size, self._palette.ink, line.room, line.weight, **struck)

    def _signs(self, block: Block) -> Iterator[str]:
        """Yield the colours of what is special about a visit's customer."""
        if any(map(self._is_first, block.visits)):
            yield self._palette.fresh
        if not all(each.customer_reachable for each in block.visits):
            yield self._palette.quiet
        if any(map(self._is_unconfirmed, block.visits)):
            yield self._palette.alarm
