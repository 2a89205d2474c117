"""Words are measured before they are drawn: nothing of a block reaches out of it, and no room is wasted.

Whether something does is seen as a picture: a lid of the ground's colour is laid over the box, and what still
differs from a picture of the ground alone lies beside it.
"""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import load_translators
from tests.worker.placement.visits import visit_at
from worker.agenda.blocks import BlockPainter
from worker.agenda.columns import Block, Column
from worker.agenda.dots import Dots
from worker.agenda.lettering import Lettering
from worker.agenda.palette import LIGHT
from worker.agenda.svg import document, placed, rectangle, words
from worker.agenda.views import AgendaStyle
from worker.db.models.booking import Mark
from worker.ui.letters import FACES, FONT, Weight, face, face_file
from worker.visits.repository import Visit

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ENGLISH = load_translators().choose("en")
MARGIN: Final = 60
"""Round what is looked at: as far as anything could reach out of it."""
WIDE, TALL = 400, 120
LETTERS = st.sampled_from("AgjpÅyQĲWfilmЖщλΐ0:·…, \u0301漢🙂")
TEXTS = st.text(LETTERS, max_size=30) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WEIGHTS = st.sampled_from(list[Weight](FACES))
SIZES = st.integers(12, 40)

a_visit = st.builds(
    lambda name, service, mark, reachable: visit_at(
        NOON, customer=name, service=service, mark=mark, customer_reachable=reachable
    ),
    TEXTS,
    TEXTS,
    st.sampled_from([None, *Mark]),
    st.booleans(),
)


def png(shapes: list[str], width: int = WIDE, height: int = TALL) -> bytes:
    """Draw shapes with the margin round them, as the worker's drawer does."""
    inner = placed(MARGIN, MARGIN, shapes)
    return resvg_py.svg_to_bytes(
        svg_string=document(width + 2 * MARGIN, height + 2 * MARGIN, LIGHT.ground, [inner]),
        skip_system_fonts=True,
        font_files=[str(face_file(weight)) for weight in FACES],
        font_family=FONT,
    )


def reach_out(shapes: list[str], box: tuple[float, float, float, float], canvas: tuple[int, int]) -> bool:
    lid = rectangle(*box, LIGHT.ground)
    return png([*shapes, lid], *canvas) != png([lid], *canvas)


@given(TEXTS, SIZES, WEIGHTS, st.integers(0, WIDE))
def test_a_text_is_no_wider_than_its_room(text: str, size: int, weight: Weight, room: int) -> None:
    written = words((0, 60), text, size, "#000000", room, weight)
    # Behind letters lie the edges of their last pixels, and some lean over their own begin.
    assert not reach_out([written], (-4, -MARGIN, room + 6, TALL + 2 * MARGIN), (WIDE, TALL))


@pytest.mark.parametrize("weight", FACES)
@pytest.mark.parametrize("text", ["Maximiliana", "Жанна 漢字", "office WAVE"])
def test_a_text_is_as_wide_as_it_is_measured(text: str, weight: Weight) -> None:
    width = face(weight).width(text, 24)
    written = words((0, 60), text, 24, "#000000", WIDE, weight)
    assert reach_out([written], (-4, -MARGIN, width - 1, TALL + 2 * MARGIN), (WIDE, TALL))


@given(TEXTS, SIZES, WEIGHTS, st.floats(0, WIDE))
def test_as_much_of_a_text_is_kept_as_fits(text: str, size: int, weight: Weight, room: float) -> None:
    letters = face(weight)
    kept = letters.fitted(text, size, room)
    assert letters.width(kept, size) <= room
    if letters.width(text, size) <= room:
        assert kept == text
    else:
        assert kept != text
        assert text.startswith(kept.removesuffix("…"))


def test_a_cut_is_told_where_that_leaves_something_to_read() -> None:
    bold = face("bold")
    assert bold.fitted("Maximiliana", 24, 100) == "Maxi…"
    assert bold.fitted("Maximiliana", 24, 40) == "Ma"
    assert bold.fitted("Al · Cutting", 24, 70) == "Al · C"
    assert bold.fitted("Marina · Cut", 24, 130) == "Marina…"
    assert bold.fitted("Maximiliana", 24, -5) == ""


@given(
    st.lists(a_visit, min_size=1, max_size=3),
    st.integers(2, WIDE),
    st.integers(10, TALL),
    st.sets(st.sampled_from(["first_visits", "uncovered", "unconfirmed"])),
)
def test_nothing_of_a_block_lies_beside_it(
    visits: list[Visit], width: int, height: int, special: set[str]
) -> None:
    ids = {visit.id for visit in visits}
    first, alone, silent = (
        ids if each in special else () for each in ("first_visits", "uncovered", "unconfirmed")
    )
    style = AgendaStyle(BERLIN, everyone=True, first_visits=first, uncovered=alone, unconfirmed=silent)
    painter = BlockPainter(ENGLISH, style, LIGHT, [Column(NOON.date(), visits)])
    shapes = [*painter.shapes(Block(visits, 720, 765), width, height)]
    assert not reach_out(shapes, (0, 0, width, height), (width, height))


@pytest.mark.parametrize(
    ("width", "height", "written"),
    [
        (400, 120, ["12:45 Maximiliana", "Cut"]),
        (200, 120, ["12:45", "Maximiliana", "Cut"]),
        (200, 64, ["12:45", "Maximiliana"]),
        (400, 40, ["12:45 Maximiliana · Cut"]),
        (160, 40, ["12:45 Maximili…"]),
        (60, 64, ["12:45", "Maxi"]),
        (26, 64, ["12", "M"]),
    ],
)
def test_a_block_says_what_it_has_room_for(width: int, height: int, written: list[str]) -> None:
    lines = Lettering(width, height, Dots([], width, height)).lines("12:45", "Maximiliana", "Cut")
    shown = [face(line.weight).fitted(line.words, line.size, line.room) for line in lines]
    assert shown == written


def test_a_time_is_read_whole_in_three_lanes_of_a_week() -> None:
    for width in range(37, 300):
        first, *_ = Lettering(width, 64, Dots([], width, 64)).lines("12:45", "Anna", "Cut")
        assert face("bold").fitted(first.words, first.size, first.room).startswith("12:45")


def test_words_make_way_for_dots() -> None:
    dots = Dots(["#ff0000"] * 3, 200, 40)
    (line,) = Lettering(200, 40, dots).lines("12:45", "Maximiliana", "Cut")
    assert line.words.startswith("12:45 Max")
    assert 12 + line.room <= dots.left(40)
    (short,) = Lettering(90, 40, Dots(["#ff0000"] * 3, 90, 40)).lines("12:45", "Maximiliana", "Cut")
    assert short.words == "12:45", "a time is read in any case"
    _, who, _ = Lettering(200, 160, Dots(["#ff0000"], 200, 160)).lines("12:45", "Anna", "Cut")
    assert who.room == 200 - 12 - 2, "there are none beside this line"
