"""How a visit looks in a picture, and what the signs on it mean."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.i18n.translator import Translator
from worker.agenda.columns import Block, Column
from worker.agenda.palette import Palette
from worker.agenda.svg import circle, clipped, rectangle, words
from worker.agenda.views import AgendaStyle
from worker.db.models.booking import Mark
from worker.ui.phrases import called
from worker.visits.repository import Visit

LINE: Final = 30
"""From one line of a block to the next."""
LETTERS, SMALLEST = 24, 13
NARROW: Final = 240
"""A block in which a time and a name do not stand beside each other."""
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

    def paint(self, block: Block, left: float, top: float, width: float, height: float) -> str:
        """Draw a visit; what does not fit into its box is cut off."""
        colour = self._colours[block.visits[0].specialist_id]
        shapes = [rectangle(0, 0, width, height, colour, rx=8)]
        if any(self._is_uncovered(each) for each in block.visits):
            shapes.append(self._border(width, height))
        if any(each.mark in COME for each in block.visits):
            shapes.append(rectangle(0, 0, BORDER, height, self._palette.fresh))
        shapes += self._lines(block, width, height)
        return clipped(left, top, width, height, [*shapes, *self._dots(block, width, height)])

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
        inner = (BORDER / 2, BORDER / 2, width - BORDER, height - BORDER)
        return rectangle(*inner, "none", stroke=self._palette.alarm, stroke_width=BORDER, rx=6)

    def _lines(self, block: Block, width: float, height: float) -> Iterator[str]:
        """Write when it is, who comes and for what: in as many lines as there is room for."""
        time, who, service = self._said(block)
        said = [time, who, service] if width < NARROW else [f"{time} {who}", service]
        if height < 2 * LINE:
            said = [f"{time} {who} · {service}"]
        missed = all(each.mark is Mark.NO_SHOW for each in block.visits)
        struck = {"text_decoration": "line-through"} if missed else {}
        size = max(SMALLEST, min(LETTERS, height * 0.75))
        for number, each in enumerate(said[: max(1, int(height // LINE))]):
            weight = "normal" if number else "bold"
            base = size + 1 + number * LINE
            yield words(12, base, each, size, self._palette.ink, font_weight=weight, **struck)

    def _said(self, block: Block) -> tuple[str, str, str]:
        first, several = block.visits[0], len(block.visits)
        time = self._texts.time(first.start.astimezone(self._style.zone))
        who = called(self._texts, first.customer)
        if several > 1:
            who = self._texts.plural("{number} customer", "{number} customers", several)
        return time, who, first.service

    def _dots(self, block: Block, width: float, height: float) -> Iterator[str]:
        """Dot a visit's lower corner for what is special about its customer."""
        if any(map(self._is_first, block.visits)):
            yield circle(width - 15, height - 15, 9, self._palette.fresh)
        if any(map(self._is_unconfirmed, block.visits)):
            yield circle(width - 63, height - 15, 9, self._palette.alarm)
        if not all(each.customer_reachable for each in block.visits):
            yield circle(width - 39, height - 15, 9, self._palette.quiet)
