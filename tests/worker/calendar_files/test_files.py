"""Calendar files as calendar programs read them: two readers, one program, the rules of those not to be had.

RFC 5545 (form), RFC 5546 (methods) and RFC 7986 (ids). Google drops a file with one malformed line, and takes
a change by SEQUENCE and DTSTAMP; Outlook wants an ORGANIZER, and a type that names the METHOD; Apple's finds
what a file changes by its UID, and does nothing with another (openradar 18438463).
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from shared.i18n.translator import load_translators
from tests.worker.placement.visits import visit_at
from worker.calendar_files.files import calendar_file
from worker.db.models.booking import Status
from worker.visits.place import Place
from worker.visits.repository import Visit

TEXTS = load_translators().choose("en")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
START = datetime(2026, 11, 25, 9, tzinfo=UTC)
KHAL = """\
[calendars]
[[mine]]
path = {0}/calendar
[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {0}/khal.db
[default]
default_calendar = mine
"""


def visit(business: str = "Barber & Co") -> Visit:
    """Return a visit; each business counts its bookings from 1."""
    return visit_at(
        START,
        id=1,
        service="Cut; wash, \\dry\\",
        price=None,
        location_id=1,
        place=Place("Main street", "1 Main St, back yard", 52.52, 13.4),
        business=business,
        calendar_uid=uuid4(),
    )


def moved(before: Visit) -> Visit:
    later = timedelta(hours=4)
    return replace(before, version=2, start=before.start + later, end=before.end + later)


def cancelled(before: Visit) -> Visit:
    return replace(before, version=before.version + 1, status=Status.CANCELLED)


def written(of: Visit, now: datetime = NOW) -> bytes:
    return calendar_file(TEXTS, [of], now).content


def event(of: Visit) -> Event:
    [found] = Calendar.from_ical(written(of)).walk("VEVENT")
    assert isinstance(found, Event)
    return found


@pytest.mark.parametrize("later", [moved, cancelled])
def test_a_later_file_is_of_the_same_event_and_newer(later: Callable[[Visit], Visit]) -> None:
    first = visit()
    before, after = event(first), event(later(first))
    assert after["UID"] == before["UID"] == str(first.calendar_uid)
    assert int(str(after["SEQUENCE"])) > int(str(before["SEQUENCE"])) == 0
    assert after["ORGANIZER"] == before["ORGANIZER"] != ""
    assert event(replace(first, id=99, business="Renamed"))["UID"] == before["UID"]


def test_what_is_published_asks_nobody_to_answer() -> None:
    file = calendar_file(TEXTS, [visit()], NOW)
    calendar = Calendar.from_ical(file.content)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert file.media_type == "text/calendar; charset=utf-8; method=PUBLISH"
    assert (event(visit())["STATUS"], "ATTENDEE" in event(visit())) == ("CONFIRMED", False)


def test_what_is_cancelled_says_so_everywhere_and_leaves_the_time_free() -> None:
    off = cancelled(visit())
    file = calendar_file(TEXTS, [off], NOW)
    assert Calendar.from_ical(file.content)["METHOD"] == "CANCEL"
    assert file.media_type == "text/calendar; charset=utf-8; method=CANCEL"
    said = event(off)
    assert (said["STATUS"], said["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert str(said["SUMMARY"]).startswith("Cancelled: Cut")


@pytest.mark.parametrize("change", [visit, lambda: moved(visit()), lambda: cancelled(visit())])
def test_times_are_utc_and_a_zone_needs_no_definition(change: Callable[[], Visit]) -> None:
    text = written(change()).decode()
    stamped = re.findall(r"^(DTSTAMP|DTSTART|DTEND|LAST-MODIFIED):\d{8}T\d{6}Z\r$", text, re.MULTILINE)
    assert sorted(stamped) == ["DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED"]
    assert "TZID" not in text


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=128))
def test_whatever_the_names_every_line_is_well_formed_and_read_back(name: str) -> None:
    named = replace(visit(name), service=name, specialist=name, place=Place(name, name, None, None))
    data = written(named)
    assert data.endswith(b"\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert line.decode()  # a letter is never folded in two
    found = event(named)
    assert found["SUMMARY"] == f"{name}, {name}"
    assert found["LOCATION"] == f"{name}, {name}"
    read = vobject.readOne(data.decode())
    assert (read.vevent.summary.value, read.vevent.uid.value) == (f"{name}, {name}", str(named.calendar_uid))


def test_another_reader_has_the_same_times() -> None:
    first = visit()
    for each in (first, moved(first), cancelled(moved(first))):
        read = vobject.readOne(written(each).decode())
        assert (read.vevent.dtstart.value, read.vevent.dtend.value) == (each.start, each.end)
        assert read.vevent.status.value == ("CONFIRMED" if each.is_live else "CANCELLED")
        assert read.vevent.sequence.value == str(each.version - 1)


def test_a_calendar_program_keeps_two_businesses_apart_and_follows_each_visit(tmp_path: Path) -> None:
    (tmp_path / "khal.conf").write_text(KHAL.format(tmp_path))
    first, other = visit("Barber & Co"), visit("Yoga")
    imported = [imports(tmp_path, each) for each in (first, other, moved(first), cancelled(moved(first)))]
    assert imported == [
        ["10:00 CONFIRMED Barber & Co"],
        ["10:00 CONFIRMED Barber & Co", "10:00 CONFIRMED Yoga"],
        ["10:00 CONFIRMED Yoga", "14:00 CONFIRMED Barber & Co"],
        ["10:00 CONFIRMED Yoga", "14:00 CANCELLED Barber & Co"],
    ]


def imports(folder: Path, each: Visit) -> list[str]:
    """Import a visit's file; return what the program shows of the day."""
    (folder / "visit.ics").write_bytes(written(each))
    khal(folder, "import", "--batch", str(folder / "visit.ics"))
    shown = khal(folder, "list", "--format", "{start-time} {status} {organizer}", f"{START:%Y-%m-%d}")
    return sorted(" ".join(line.split("(")[0].split()) for line in shown.splitlines()[1:])


def khal(folder: Path, *arguments: str) -> str:
    program = Path(sys.executable).parent / "khal"
    command = [str(program), "--config", str(folder / "khal.conf"), *arguments]
    environment = {**os.environ, "HOME": str(folder), "TERM": "dumb"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
