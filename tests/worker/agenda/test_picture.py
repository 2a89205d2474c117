"""The picture of a day and of a week: where a visit lies in it, and that it is drawn whatever it says."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.staff import ShowAgenda, ShowAgendaPicture
from shared.i18n.translator import load_translators
from tests.sandbox.emulator.test_files import png as any_png
from tests.worker.placement.visits import visit_at
from tests.worker.shop import ALICE, ANNA, BOB, OWNER
from tests.worker.stage import BOSS, Stage
from worker.agenda.columns import Column, blocks, columns, reach
from worker.agenda.palette import DARK, LIGHT
from worker.agenda.picture import TALLEST, WIDTH, Picture
from worker.agenda.views import AgendaStyle
from worker.db.models.booking import Mark
from worker.outbox.drawer import Drawer
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.wallclock import MIDNIGHT
from worker.ui.view import Drawing, RenderedView
from worker.visits.repository import Visit

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
WEEK = [DAY + timedelta(days=number) for number in range(7)]
STYLE = AgendaStyle(BERLIN, everyone=True)
NINE_TO_SIX = WeeklyHours(dict.fromkeys(range(5), ((540, 1080),)))
ENGLISH = load_translators().choose("en")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

a_visit = st.builds(
    lambda minute, length, specialist, name, service: visit_at(
        datetime(2026, 11, 24, 20, tzinfo=UTC) + timedelta(minutes=minute),
        length,
        specialist_id=specialist,
        specialist=f"Person {specialist}",
        service_id=specialist,
        customer=name,
        service=service,
    ),
    st.integers(0, 8 * 1440),
    st.integers(1, 2 * 1440),
    st.integers(1, 9),
    ANY_TEXT,
    ANY_TEXT,
)
some_visits = st.lists(a_visit, max_size=14)


def drawn(visits: list[Visit], days: list[date], style: AgendaStyle = STYLE) -> str:
    shown = columns(visits, days, BERLIN, {1: NINE_TO_SIX}, {})
    return Picture(ENGLISH, shown, style, NOON, LIGHT).svg()


@given(some_visits)
def test_every_visit_has_its_place_and_none_lies_on_another(visits: list[Visit]) -> None:
    for column in columns(visits, WEEK, BERLIN, {}, {}):
        placed = blocks(column, BERLIN)
        assert sorted(each.id for block in placed for each in block.visits) == sorted(
            each.id for each in column.visits
        )
        first, last = reach([column], BERLIN)
        for block in placed:
            assert first <= block.begin < block.end <= last <= MIDNIGHT
            assert 0 <= block.lane < block.lanes
        for one, other in combinations(placed, 2):
            beside = one.end <= other.begin or other.end <= one.begin
            assert beside or (one.lane != other.lane and one.lanes == other.lanes)


@given(some_visits)
def test_no_more_lanes_than_visits_at_one_moment(visits: list[Visit]) -> None:
    for column in columns(visits, WEEK, BERLIN, {}, {}):
        placed = blocks(column, BERLIN)
        for block in placed:
            together = max(
                sum(each.begin <= start.begin < each.end for each in placed)
                for start in placed
                if start.lanes == block.lanes
            )
            assert block.lanes <= together


@given(some_visits, st.sampled_from([[DAY], WEEK]))
def test_a_picture_is_well_formed_whatever_people_are_called(visits: list[Visit], days: list[date]) -> None:
    root = ET.fromstring(drawn(visits, days))  # noqa: S314 - our own
    assert root.get("width") == str(WIDTH)
    assert float(root.get("height", 0)) < TALLEST + 600


def test_people_stand_beside_each_other_on_one_day_and_days_in_a_week() -> None:
    alice = visit_at(NOON)
    bob = visit_at(NOON, specialist_id=2, specialist="Bob")
    day = columns([bob, alice], [DAY], BERLIN, {1: NINE_TO_SIX}, {})
    assert [(each.specialist, each.hours) for each in day] == [("Alice", ((540, 1080),)), ("Bob", None)]
    week = columns([bob, alice], WEEK, BERLIN, {1: NINE_TO_SIX}, {})
    assert [each.day for each in week] == WEEK
    assert [len(each.visits) for each in week] == [2, 0, 0, 0, 0, 0, 0]
    assert columns([], [DAY], BERLIN, {}, {}) == [Column(DAY, [])]


def test_who_works_has_a_column_without_visits_and_who_is_off_has_none() -> None:
    names, hours = {1: "Alice", 2: "Bob"}, {1: NINE_TO_SIX, 2: WeeklyHours({}, {DAY: ((600, 720),)})}
    day = columns([visit_at(NOON)], [DAY], BERLIN, hours, names)
    assert [(each.specialist, len(each.visits)) for each in day] == [("Alice", 1), ("Bob", 0)]
    off = {1: WeeklyHours({}, {}), 2: WeeklyHours({}, {})}
    assert columns([], [DAY], BERLIN, off, names) == [Column(DAY, [], hours=())], "all of it is closed"
    [day_off] = columns([visit_at(NOON)], [DAY], BERLIN, off, names)
    assert (day_off.specialist, day_off.hours) == ("Alice", ())
    week = columns([], WEEK, BERLIN, {1: off[1], 2: hours[2]}, names)
    assert [each.hours for each in week] == [[(600, 720)] if each == DAY else [] for each in WEEK]


def test_a_group_is_one_block_with_its_number_of_people() -> None:
    group = [visit_at(NOON, customer=f"Guest {number}") for number in range(3)]
    [block] = blocks(columns(group, [DAY], BERLIN, {}, {})[0], BERLIN)
    assert block.visits == group
    svg = drawn(group, [DAY])
    assert "12:00 3 customers" in svg
    assert "Guest" not in svg


def test_what_is_special_is_drawn_and_explained() -> None:
    odd = visit_at(NOON, customer_reachable=False, mark=Mark.ARRIVED)
    missed = visit_at(NOON + timedelta(hours=2), mark=Mark.NO_SHOW)
    style = AgendaStyle(BERLIN, everyone=True, uncovered={odd.id}, first_visits={missed.id})
    svg = drawn([odd, missed], [DAY], style)
    for meaning in ("nobody is there then", "came", "first visit", "cannot be written to here"):
        assert meaning in svg
        assert meaning not in drawn([visit_at(NOON)], [DAY])
    assert svg.count("line-through") == 2


def test_a_day_whose_clocks_go_back_shows_the_hour_that_comes_twice_once() -> None:
    night = visit_at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 60)  # 02:30 to 02:30 on the wall
    [block] = blocks(columns([night], [date(2026, 10, 25)], BERLIN, {}, {})[0], BERLIN)
    assert (block.begin, block.end) == (150, 151)


async def test_a_drawing_becomes_a_png_of_its_size() -> None:
    svg = Picture(ENGLISH, columns([visit_at(NOON)], [DAY], BERLIN, {}, {}), STYLE, NOON, DARK).svg()
    shown = await Drawer().drawn(RenderedView("words", {}, Drawing("day.png", svg)))
    assert shown.media is not None
    png = shown.media.file
    assert (png.name, png.media_type) == ("day.png", "image/png")
    assert png.content[:8] == any_png(1, 1)[:8]
    assert int.from_bytes(png.content[16:20]) == WIDTH


async def test_letters_are_drawn_and_not_left_out() -> None:
    """A picture without its font would be empty boxes, and say nothing of it."""
    drawer = Drawer()
    sizes = []
    for name in ("", "Anna Анна"):
        svg = drawn([visit_at(NOON, customer=name or "No name", service=name)], [DAY])
        shown = await drawer.drawn(RenderedView("", {}, Drawing("day.png", svg.replace("No name", ""))))
        assert shown.media is not None
        sizes.append(len(shown.media.file.content))
    assert sizes[1] > sizes[0] + 500


@pytest.mark.parametrize("broken", ["", "<svg", "\ud800".encode("utf-16", "surrogatepass").decode("latin-1")])
async def test_what_cannot_be_drawn_leaves_the_words(broken: str) -> None:
    shown = await Drawer().drawn(RenderedView("words", {}, Drawing("day.png", broken)))
    assert (shown.text, shown.shows) == ("words", None)


async def test_staff_turn_their_agenda_into_a_picture_and_back(stage: Stage) -> None:
    await stage.meet(ALICE, BOB, OWNER, BOSS)
    await stage.book("10:00", specialist="Alice")
    await stage.type(ShowAgenda(first=DAY), ALICE)
    picture = ShowAgendaPicture(first=DAY)
    assert (await stage.tap(picture, ALICE)).toast is None
    message = stage.messages(ALICE)[-1]
    assert message["photo"][-1]["width"] > 0
    assert message["caption"] == "Wed, Nov 25"
    assert {"List", "Dark", "‹", "›", "Menu"} <= set(stage.buttons(message["message_id"], ALICE))
    await stage.tap(picture.model_copy(update={"dark": True}), ALICE)
    assert "Light" in stage.buttons(stage.messages(ALICE)[-1]["message_id"], ALICE)
    await stage.tap(ShowAgenda(first=DAY), ALICE)
    assert "10:00–10:45 Cut, Anna" in stage.texts(ALICE)[-1]
    assert "people who work here" in await stage.type(picture, ANNA)
