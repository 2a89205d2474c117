"""Our lines, read by the library that knows the whole format."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from worker.booking.content_lines import OCTETS, instant, lines, text

readable = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=300)


@given(readable)
def test_any_text_is_read_back_as_it_was(value: str) -> None:
    written = lines([("BEGIN", "VEVENT"), ("SUMMARY", text(value)), ("END", "VEVENT")])
    assert str(Event.from_ical(written)["SUMMARY"]) == value


@given(readable)
def test_no_line_is_too_long_and_no_character_is_cut(value: str) -> None:
    written = lines([("DESCRIPTION", text(value))])
    assert written.endswith(b"\r\n")
    parts = written.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, parts)) <= OCTETS
    assert all(part.decode() for part in parts)
    assert all(part.startswith(b" ") for part in parts[1:])


def test_text_has_no_line_of_its_own() -> None:
    assert lines([("SUMMARY", text("a\r\nEND:VEVENT"))]) == b"SUMMARY:a\\nEND:VEVENT\r\n"


def test_instants_are_in_utc() -> None:
    moment = datetime(2026, 11, 25, 10, tzinfo=timezone(timedelta(hours=2)))
    assert instant(moment) == instant(moment.astimezone(UTC)) == "20261125T080000Z"
