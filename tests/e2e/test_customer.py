"""A customer's whole way: from /start to a visit that is booked, moved and cancelled."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared.contracts.booking import ShowDay
from shared.contracts.chat import ExplainCell
from shared.contracts.own_visits import ShowBooking
from tests.client import ChatUser, Json, buttons, text_of
from tests.e2e import walk
from tests.e2e.stage import Stage
from worker.scheduling.parts import part_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

BERLIN = ZoneInfo("Europe/Berlin")


def own_time(message: Json) -> datetime:
    """Return the instant that the message shows by its reader's clock."""
    (mark,) = [entity for entity in message["entities"] if entity["type"] == "date_time"]
    return datetime.fromtimestamp(mark["unix_time"], UTC)


def is_file(message: Json) -> bool:
    return "document" in message


async def files_in(chat: ChatUser) -> list[Json]:
    return [message for message in await chat.messages() if is_file(message)]


async def wait_file(person: ChatUser) -> Json:
    event = await person.wait_event("message", lambda event: is_file(event["message"]))
    found: Json = event["message"]
    return found


async def read_event(stage: Stage, message: Json) -> Json:
    """Parse a calendar file and return its one event."""
    calendar = Calendar.from_ical(await stage.file(message))
    (event,) = calendar.walk("VEVENT")
    return dict(event)


async def find_times(anna: ChatUser, menu: Json) -> tuple[Json, datetime]:
    """Choose service, specialist and day, look at each screen; return the day's times and one of them."""
    services = await walk.tap(anna, menu, "Book a visit")
    assert "Haircut: 45 min, €35" in text_of(services)
    offered = ["Haircut", "Beard trim", "Hot towel shave", "The full works", "Shaving class"]
    assert buttons(services)[:5] == offered
    specialists = await walk.tap(anna, services, "Haircut")
    assert buttons(specialists) == ["Anyone", "Alice", "Boris", "Add a service", "« Back", "Menu"]
    soonest = await walk.tap(anna, specialists, "Alice")
    assert len(walk.free_times(soonest)) == 3
    assert buttons(soonest)[3:] == ["Other days", "Add a service", "« Back", "Menu"]
    weeks = await walk.tap(anna, soonest, "Other days")
    weeks = await walk.tap(anna, weeks, walk.turned(weeks))
    times = await walk.choose_day(anna, weeks)
    start = sorted(walk.free_times(times))[1]
    assert start.astimezone(BERLIN).date() in walk.free_days(weeks)
    return times, start


async def confirm(anna: ChatUser, times: Json, start: datetime) -> Json:
    """Choose a time, read the summary, confirm; return the card."""
    label = walk.free_times(times)[start]
    assert label == f"{start.astimezone(BERLIN):%H:%M}"
    summary = await walk.tap(anna, times, label)
    assert "Is this right?" in text_of(summary)
    assert "Haircut, Alice" in text_of(summary)
    assert own_time(summary) == start
    heard, card = await walk.tap_and_hear(anna, summary, "Confirm")
    assert heard["text"] == "Booked!"
    return card


async def test_from_start_to_a_booked_visit_in_one_message(stage: Stage) -> None:
    anna = await stage.customer()
    menu = await walk.open_menu(anna)
    assert "Barber & Co" in text_of(menu)
    assert buttons(menu) == ["Book a visit", "My bookings", "Language", "Help"]
    times, start = await find_times(anna, menu)
    card = await confirm(anna, times, start)
    local = start.astimezone(BERLIN)
    for line in (
        "Booked. See you then!",
        "Haircut, Alice",
        f"{local:%H:%M}–{local + timedelta(minutes=45):%H:%M} (Berlin)",
        "€35",
        "Main street, Unter den Linden 17, 10117 Berlin",
    ):
        assert line in text_of(card)
    assert own_time(card) == start
    assert buttons(card) == [
        "Move",
        "Cancel",
        "Earlier?",
        "Add a note",
        "Map",
        "Repeat",
        "My bookings",
        "Menu",
    ]

    document = await wait_file(anna)
    event = await read_event(stage, document)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (start, start + timedelta(minutes=45))
    assert event["SUMMARY"] == "Haircut, Barber & Co"
    shown = [message["message_id"] for message in await anna.messages() if not message["outgoing"]]
    assert shown == [menu["message_id"], document["message_id"]]
    assert shown[0] == card["message_id"]


async def test_the_weeks_show_what_cannot_be_booked_and_turn(stage: Stage) -> None:
    anna = await stage.customer()
    way = ["Book a visit", "Haircut", "Boris", "Other days"]
    weeks = await walk.follow(anna, await walk.open_menu(anna), way)
    all_rows = walk.rows(weeks)
    named = [[key.text for key in row] for row in all_rows].index(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    turning = [key.text for row in all_rows[:named] for key in row]
    weekdays, *rows, ways = all_rows[named:]
    assert all(isinstance(key.command, ExplainCell) for key in weekdays)
    assert all(len(row) == 7 for row in rows)
    assert [key.text for key in ways] == ["« Back", "Menu"]

    shown = [key.command.day for row in rows for key in row if isinstance(key.command, ShowDay)]
    assert shown == [shown[0] + timedelta(days=number) for number in range(35)]
    today = datetime.now(BERLIN).date()
    assert today - timedelta(days=8) < shown[0] <= today
    assert [int(key.text.strip("·")) for row in rows for key in row] == [day.day for day in shown]
    # Boris works from Tuesday to Saturday: his Sundays and Mondays are shown, and cannot be had.
    assert not any(row[0].text.isdecimal() or row[6].text.isdecimal() for row in rows)
    assert any(row[2].text.isdecimal() for row in rows)
    assert turning[-1] == "›"
    assert any(text.startswith(f"{shown[0]:%b}") for text in turning)

    following = await walk.tap(anna, weeks, walk.turned(weeks))
    assert min(walk.free_days(following)) > shown[-1]
    back = await walk.tap(anna, following, "‹")
    assert buttons(back) == buttons(weeks)
    pressed = await anna.press_only(rows[1][6].text, back)
    answer = await anna.answer(pressed["callback_query_id"])
    assert answer["text"] == "Boris does not work on that day"


async def test_every_step_has_a_way_back(stage: Stage) -> None:
    anna = await stage.customer()
    trail = [await walk.open_menu(anna)]
    for button in ("Book a visit", "Haircut", "Anyone", "Other days"):
        trail.append(await walk.tap(anna, trail[-1], button))
    trail[-1] = await walk.tap(anna, trail[-1], walk.turned(trail[-1]))
    days = walk.free_days(trail[-1])
    trail.append(await walk.tap(anna, trail[-1], days[min(days)]))
    for part in walk.parts(trail[-1]).values():
        trail.append(await walk.tap(anna, trail[-1], part))
        break
    times = walk.free_times(trail[-1])
    trail.append(await walk.tap(anna, trail[-1], times[max(times)]))
    for before in reversed(trail[1:-1]):
        screen = await walk.tap(anna, trail[-1], "« Back")
        assert text_of(screen) == text_of(before)
        assert buttons(screen) == buttons(before)
        trail[-1] = screen
    assert buttons(await walk.tap(anna, trail[-1], "Menu")) == buttons(trail[0])


async def test_a_visit_moves_and_every_message_with_its_card_follows(stage: Stage) -> None:
    anna = await stage.customer()
    visit = await walk.book(anna)
    (first_file,) = await files_in(anna)
    listed = await walk.tap(anna, visit.screen, "My bookings")
    assert "1 visit" in text_of(listed)
    (line,) = [key for key in walk.keys(listed) if isinstance(key.command, ShowBooking)]
    assert line.text.endswith(f"{visit.start.astimezone(BERLIN):%H:%M} · Haircut")
    card = await walk.tap(anna, listed, line.text)
    assert text_of(card) == text_of(visit.screen)

    # The same card in two more messages.
    others = [await second_card(anna, line.text), await second_card(anna, line.text)]

    soonest = await walk.tap(anna, card, "Move")
    assert "Move: Haircut" in text_of(soonest)
    assert len(walk.free_times(soonest)) == 3
    assert text_of(await walk.tap(anna, soonest, "« Back")) == text_of(visit.screen)
    weeks = await walk.follow(anna, card, ["Move", "Other days"])
    weeks = await walk.tap(anna, weeks, walk.turned(weeks))
    taken = visit.start.astimezone(BERLIN).date()
    summary = await walk.choose_time(anna, weeks, time=2, apart_from=taken)
    assert "Move the visit?" in text_of(summary.screen)
    assert own_time(summary.screen) == summary.start != visit.start
    heard, moved = await walk.tap_and_hear(anna, summary.screen, "Confirm")
    assert heard["text"] == "Moved!"
    assert "Moved. See you then!" in text_of(moved)
    assert own_time(moved) == summary.start
    assert moved["message_id"] == visit.screen["message_id"]

    second_file = await wait_file(anna)
    if second_file["message_id"] == first_file["message_id"]:
        second_file = await wait_file(anna)
    assert second_file["message_id"] != first_file["message_id"]
    event = await read_event(stage, second_file)
    assert event["DTSTART"].dt == summary.start
    assert event["SEQUENCE"] == 1
    await anna.wait_event("delete", lambda event: event["message_id"] == first_file["message_id"])
    assert [message["message_id"] for message in await files_in(anna)] == [second_file["message_id"]]

    for other in reversed(others):  # the newest one follows first
        await anna.wait_event("edit", partial(shows, other["message_id"], text_of(moved)))


def shows(message_id: int, text: str, event: Json) -> bool:
    message = event["message"]
    return bool(message["message_id"] == message_id and text_of(message) == text)


async def second_card(person: ChatUser, line: str) -> Json:
    await person.say("/bookings")
    return await walk.tap(person, await person.wait_message("1 visit"), line)


async def test_a_cancelled_visit_frees_its_time_at_once(stage: Stage) -> None:
    anna, carlos = await stage.customer(), await stage.customer()
    visit = await walk.book(anna, who="Alice")
    theirs = await walk.choose_weeks(carlos, await walk.open_menu(carlos), who="Alice")
    day, part = visit.start.astimezone(BERLIN).date(), part_of(visit.start, BERLIN)
    theirs = await walk.open_day(carlos, theirs, day, part)
    others = walk.free_times(theirs)
    assert others
    assert visit.start not in others

    question = await walk.tap(anna, visit.screen, "Cancel")
    assert "Cancel this visit?" in text_of(question)
    assert buttons(question) == ["Yes, cancel", "No, keep it"]
    kept = await walk.tap(anna, question, "No, keep it")
    assert text_of(kept) == text_of(visit.screen)
    question = await walk.tap(anna, kept, "Cancel")
    heard, cancelled = await walk.tap_and_hear(anna, question, "Yes, cancel")
    assert heard["text"] == "Cancelled."
    assert "Cancelled" in text_of(cancelled)
    assert buttons(cancelled) == ["Say why", "Book again", "My bookings", "Menu"]
    await anna.wait_event("delete")
    (last_file,) = await files_in(anna)
    assert str((await read_event(stage, last_file))["STATUS"]) == "CANCELLED"
    assert "You have no visits ahead." in text_of(await walk.tap(anna, cancelled, "My bookings"))

    weeks = await walk.choose_weeks(carlos, await walk.open_menu(carlos), who="Alice")
    times = await walk.open_day(carlos, weeks, day, part)
    summary = await walk.tap(carlos, times, walk.free_times(times)[visit.start])
    assert "Booked. See you then!" in text_of(await walk.tap(carlos, summary, "Confirm"))


async def test_the_commands_of_a_customer(stage: Stage) -> None:
    anna = await stage.customer()
    answers = {
        "/help": "What I can do",
        "/settings": "Language: English",
        "/language": "Which language do you prefer?",
        "/book": "What would you like to book?",
        "/bookings": "You have no visits ahead.",
        "/today": "This is for the people who work here.",
        "/week": "This is for the people who work here.",
        "/admin": "This is for administrators.",
    }
    for command, answer in answers.items():
        await anna.say(command)
        screen = await anna.wait_message()
        assert answer in text_of(screen), command
        if command == "/help":
            assert not {"/today", "/admin"} & set(text_of(screen).replace(",", " ").split())
