"""Buttons: what is packed comes back, fits, and never surprises whoever reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared import commands
from shared.callbacks import (
    FORMS,
    LIMIT_BYTES,
    PAGED,
    PREFIXES,
    UnreadableButtonError,
    pack,
    pack_number,
    unpack,
)
from shared.commands import AnyCommand, Command, Moving

BIGGEST = 2**63 - 1
LAST_DAY = date(9998, 12, 31)
ids = st.integers(0, BIGGEST)
versions = st.integers(1, 10**9)
days = st.dates(date(1970, 1, 1), LAST_DAY)
minutes = st.integers(0, int(datetime(9998, 12, 31, 23, 59, tzinfo=UTC).timestamp()) // 60)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "service_id": ids,
    "specialist_id": st.none() | ids,
    "booking_id": ids,
    "version": versions,
    "page": st.integers(0, 10**6),
    "days": st.integers(1, 7),
    "day": days,
    "month": st.none() | days,
    "first": st.none() | days,
    "start": minutes.map(lambda minute: datetime.fromtimestamp(minute * 60, UTC)),
    "language": st.sampled_from(["en", "ru", "pt-BR", "zh_Hant"]),
    "moving": st.none() | st.builds(Moving, booking_id=ids, version=versions),
}
NEEDS_MOVING = (commands.Move, commands.StartMove)

GOLDEN = {
    "h": "menu.home",
    "?": "menu.help",
    "set": "menu.settings",
    "ls": "menu.languages",
    "l": "person.choose_language",
    "s": "booking.services",
    "sp": "booking.services",
    "p": "booking.specialists",
    "pp": "booking.specialists",
    "m": "schedule.show_month",
    "d": "schedule.show_day",
    "t": "booking.summary",
    "ok": "booking.book",
    "mok": "booking.move",
    "b": "booking.show",
    "bs": "booking.list",
    "mv": "booking.start_move",
    "c?": "booking.ask_cancel",
    "c": "booking.cancel",
    "at": "booking.attend",
    "ag": "staff.agenda",
    "ad": "admin.home",
}

START = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
MOVING = Moving(booking_id=77, version=3)
OLD_BUTTONS: list[tuple[str, Command]] = [
    ("h", commands.ShowHome()),
    ("l:ru", commands.ChooseLanguage(language="ru")),
    ("s", commands.ShowServices()),
    ("sp:1", commands.ShowServices(page=1)),
    ("p:1", commands.ShowSpecialists(service_id=1)),
    ("pp:1:2", commands.ShowSpecialists(service_id=1, page=2)),
    ("m:1:::", commands.ShowMonth(service_id=1)),
    ("m:1::fuxd:", commands.ShowMonth(service_id=1, month=date(2026, 11, 1))),
    ("m:1:2:fuxd:25.3", commands.ShowMonth(
        service_id=1, specialist_id=2, month=date(2026, 11, 1), moving=MOVING)),
    ("d:1:2:fuy1::", commands.ShowDay(service_id=1, specialist_id=2, day=date(2026, 11, 25))),
    ("d:1::fuy1::1", commands.ShowDay(service_id=1, day=date(2026, 11, 25), page=1)),
    ("t:1:2:htfju:25.3", commands.ShowSummary(service_id=1, specialist_id=2, start=START, moving=MOVING)),
    ("ok:1::htfju", commands.Book(service_id=1, start=START)),
    ("mok:25.3::htfju", commands.Move(moving=MOVING, start=START)),
    ("b:25", commands.ShowBooking(booking_id=77)),
    ("bs:", commands.ShowBookings()),
    ("mv:25.3", commands.StartMove(moving=MOVING)),
    ("c?:25:3", commands.AskCancel(booking_id=77, version=3)),
    ("at:25:3", commands.ConfirmAttendance(booking_id=77, version=3)),
    ("c:25:3", commands.Cancel(booking_id=77, version=3)),
    ("ag:7:fuy1", commands.ShowAgenda(days=7, first=date(2026, 11, 25))),
    ("ag::", commands.ShowAgenda()),
]  # fmt: skip

NEXT_AGE = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp()) // 60
UNREADABLE = [
    "", "h:", "zzz", "H", "p", "p:", "p:-1", "p: 1", "p:A", "p:١", "p:1:2", f"p:{pack_number(2**63)}",
    "m:1", "m::::", "d:1:::::", "d:1::0::", "t:1:2::", "ok:1:2:zzzzzzzzz", "mok::1:1", "mv:1", "mv:1.",
    "mv:.1", "mv:1.2.3", "c:1:", "ag:8:", "ag:0:", "h\x00", "l:", "l:en:x", "x" * 65, "l:" + "ж" * 32,
    "h:\ud800", "l:\ud800", f"ok:1::{pack_number(NEXT_AGE)}",
    f"d:1::{pack_number(date(9999, 1, 1).toordinal())}::",
    f"d:1::{pack_number(date(1969, 12, 31).toordinal())}::",
]  # fmt: skip


def of_form(prefix: str) -> st.SearchStrategy[Command]:
    kind, packed = FORMS[prefix]
    fields = {field.name: VALUES[field.name] for field in packed}
    if kind in NEEDS_MOVING:
        fields["moving"] = st.builds(Moving, booking_id=ids, version=versions)
    return st.builds(kind, **fields)


@pytest.mark.parametrize("prefix", list(FORMS))
def test_what_is_packed_comes_back(prefix: str) -> None:
    @settings(max_examples=30)
    @given(of_form(prefix))
    def check(command: Command) -> None:
        assert unpack(pack(command)) == command

    check()


@pytest.mark.parametrize("prefix", list(FORMS))
def test_the_largest_fits_a_button(prefix: str) -> None:
    # A version counts changes of one booking: a million of them is out of reach.
    moving = Moving(booking_id=BIGGEST, version=10**6)
    largest = {
        "service_id": BIGGEST, "specialist_id": BIGGEST, "booking_id": BIGGEST, "version": 10**6, "page": 999,
        "days": 7, "day": LAST_DAY, "month": LAST_DAY, "first": LAST_DAY, "language": "zh-Hant-TW",
        "start": datetime(9998, 12, 31, 23, 59, tzinfo=UTC), "moving": moving,
    }  # fmt: skip
    kind, fields = FORMS[prefix]
    names = [field.name for field in fields]
    data = pack(kind(**{name: largest[name] for name in names}))
    assert len(data.encode()) <= LIMIT_BYTES


def test_bigint_ids_fit_wherever_a_booking_is_meant() -> None:
    moving = Moving(booking_id=BIGGEST, version=10**6)
    for command in (commands.StartMove(moving=moving), commands.Cancel(booking_id=BIGGEST, version=10**6)):
        assert unpack(pack(command)) == command
    far = datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
    widest = commands.Book(service_id=BIGGEST, specialist_id=BIGGEST, start=far)
    assert unpack(pack(widest)) == widest


def test_what_does_not_fit_is_not_cut() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pack(commands.ChooseLanguage(language="x" * 63))


def test_what_no_button_carries_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pack(commands.SetReachable(reachable=True))


def test_prefixes_are_for_ever() -> None:
    assert {prefix: kind.model_fields["kind"].default for prefix, (kind, _) in FORMS.items()} == GOLDEN
    assert {*PREFIXES.values(), *PAGED.values()} == set(FORMS)
    assert len(PREFIXES) + len(PAGED) == len(FORMS)


@pytest.mark.parametrize(("data", "command"), OLD_BUTTONS)
def test_buttons_that_stand_in_chats_are_read_for_ever(data: str, command: Command) -> None:
    assert unpack(data) == command


@pytest.mark.parametrize(("data", "command"), OLD_BUTTONS)
def test_new_buttons_are_written_as_the_release_before_reads_them(data: str, command: Command) -> None:
    assert unpack(pack(command)) == command
    assert pack(command).split(":")[0] == data.split(":", maxsplit=1)[0]


@pytest.mark.parametrize("data", UNREADABLE)
def test_forged_data_is_unreadable(data: str) -> None:
    with pytest.raises(UnreadableButtonError):
        unpack(data)


pieces = st.sampled_from([*FORMS, ":", ".", "1", "z", "zzzz", "zzzzzz", "0", "-", " ", "\x00", "ж"])


@given(st.text(st.characters(exclude_categories=())) | st.lists(pieces, max_size=20).map("".join))
@example("t:1::zzzzzzz:")
def test_any_text_is_a_command_or_unreadable(data: str) -> None:
    try:
        command = unpack(data)
    except UnreadableButtonError:
        return
    assert unpack(pack(command)) == command


@given(st.sampled_from(list(FORMS)), st.lists(st.text("0123456789abcdefz.", max_size=8), max_size=5))
def test_no_button_leads_out_of_the_calendar(prefix: str, parts: list[str]) -> None:
    """Whoever reads a command may go a month on or back from its days without leaving the calendar."""
    try:
        command: AnyCommand = unpack(":".join([prefix, *parts]))  # type: ignore[assignment]
    except UnreadableButtonError:
        return
    for name in ("day", "month", "first", "start"):
        if (value := getattr(command, name, None)) is not None:
            assert value - timedelta(days=366) < value + timedelta(days=366)


@pytest.mark.parametrize("number", [-1, -(2**70)])
def test_a_negative_number_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        pack_number(number)
