"""Forged buttons, odd people and broken bodies: each is answered or counted, and nobody waits behind it."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.buttons import FIRST_DAY, LAST_DAY, pack, pack_number
from shared.contracts.booking import (
    Book,
    Move,
    Moving,
    ShowDay,
    ShowMonth,
    ShowSpecialists,
    ShowSummary,
    StartMove,
)
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.own_visits import ShowBooking
from tests.client import ChatUser, Json, buttons, text_of
from tests.e2e import walk
from tests.e2e.forging import Forger
from tests.e2e.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUT_OF_DATE = "This button is out of date. Send /start for a fresh menu."
PASSED = "That time has passed. Please choose another one."
NOT_OFFERED = "Not offered any more."
NO_SUCH_VISIT = "You have no such visit."
LARGEST = 2**63 - 1
FIRST, LAST = (pack_number(day.toordinal()) for day in (FIRST_DAY, LAST_DAY))
END_OF_TIME = pack_number(int(datetime(9999, 12, 31, 23, 59, tzinfo=UTC).timestamp()) // 60)
LONG_AGO = datetime(2020, 1, 2, 9, tzinfo=UTC)

UNREADABLE = [
    "",
    "garbage",
    "💈" * 16,
    "ok",
    "ok:1:1",
    "ok" + ":1" * 20,
    "ok:-1::1",
    "ok:A::1",
    "b:" + "z" * 60,
    "d:1::0::0",
    "d:1::" + "z" * 12 + "::0",
    "ag:0:",
    "ag:8:",
    "'; DROP TABLE booking; --",
    "b:1\x00",
    f"ok:1::{END_OF_TIME}",
    f"t:1::{END_OF_TIME}:",
    f"d:1::{pack_number(date.max.toordinal())}::",
    f"m:1::{pack_number(1)}:",
]
"""What nobody here can read: cut, negative, too large, of a field too many."""

ANSWERED = {
    pack(ShowBooking(booking_id=LARGEST)): NO_SUCH_VISIT,
    pack(Cancel(booking_id=LARGEST, version=LARGEST)): NO_SUCH_VISIT,
    pack(ShowSpecialists(service_id=LARGEST)): NOT_OFFERED,
    pack(ShowMonth(service_id=424_242)): NOT_OFFERED,
    pack(ShowMonth(service_id=1, specialist_id=424_242)): NOT_OFFERED,
    pack(ShowDay(service_id=424_242, day=date(2026, 1, 1))): NOT_OFFERED,
    pack(Book(service_id=LARGEST, start=LONG_AGO)): NOT_OFFERED,
    pack(Book(service_id=1, specialist_id=424_242, start=LONG_AGO)): NOT_OFFERED,
    pack(Book(service_id=1, start=LONG_AGO)): PASSED,
    pack(ShowSummary(service_id=1, start=LONG_AGO)): PASSED,
    "l:xx": None,
    f"bs:{pack_number(LARGEST)}": None,
    f"m:1::{LAST}:": "Can be booked until …",
    f"d:1::{LAST}::": "Can be booked until …",
    f"m:1::{FIRST}:": "Those days have passed",
    f"d:1::{FIRST}::": "That day has passed",
    f"d:1::{pack_number(date(2026, 1, 1).toordinal())}::{pack_number(LARGEST)}": "That day has passed",
    f"ag:7:{LAST}": None,
    f"ag:1:{FIRST}": None,
}
"""What can be read and means nothing: with the toast, … for a date, or None where only the screen answers."""


@pytest.fixture
def forger(stage: Stage) -> Forger:
    return Forger(stage)


async def still_works(person: ChatUser) -> None:
    """The person's next tap is answered as always."""
    menu = await walk.open_menu(person)
    assert "Book a visit" in buttons(menu)
    assert "What would you like to book?" in text_of(await walk.tap(person, menu, "Book a visit"))


async def test_buttons_that_nobody_can_read(stage: Stage, forger: Forger) -> None:
    mallory = await stage.customer()
    menu = await walk.open_menu(mallory)
    for data in UNREADABLE:
        assert (await forger.tap(mallory, menu, data))["text"] == OUT_OF_DATE, data
    await still_works(mallory)


async def test_buttons_that_mean_nothing(stage: Stage, forger: Forger) -> None:
    mallory = await stage.customer()
    menu = await walk.open_menu(mallory)
    for data, toast in ANSWERED.items():
        said: str | None = (await forger.tap(mallory, menu, data)).get("text")
        assert said == toast or (toast and str(said).startswith(toast.removesuffix("…"))), data
    await still_works(mallory)
    assert await stage.count("SELECT count(*) FROM booking WHERE customer_id = $1", mallory.number) == 0


async def test_another_persons_booking(stage: Stage, forger: Forger) -> None:
    victim, mallory = await stage.customer(), await stage.customer()
    visit = await walk.book(victim)
    (booking,) = await stage.fetch("SELECT id, version FROM booking WHERE customer_id = $1", victim.number)
    moving = Moving(booking_id=booking["id"], version=booking["version"])
    menu = await walk.open_menu(mallory)
    for command in (
        ShowBooking(booking_id=booking["id"]),
        StartMove(moving=moving),
        Move(moving=moving, start=visit.start + timedelta(days=1)),
        AskCancel(booking_id=booking["id"], version=booking["version"]),
        Cancel(booking_id=booking["id"], version=booking["version"]),
        # What a move would free says when the visit is.
        ShowMonth(service_id=1, moving=moving),
        ShowDay(service_id=1, day=visit.start.date(), moving=moving),
        ShowSummary(service_id=1, start=visit.start, moving=moving),
    ):
        heard = await forger.tap(mallory, menu, pack(command))
        assert (heard["text"], heard["show_alert"]) == (NO_SUCH_VISIT, True)
    assert all(f"Quill{victim.number}" not in text_of(message) for message in await mallory.messages())
    kept = await stage.fetch("SELECT status, version FROM booking WHERE id = $1", booking["id"])
    assert [tuple(row) for row in kept] == [("confirmed", booking["version"])]
    await still_works(mallory)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("do you have time tomorrow?", "I understand buttons and commands."),
        ("💈" * 2048, "I understand buttons and commands."),
        ("a\u200b\u202e\u0301" * 1000, "I understand buttons and commands."),
        ("<b>&amp;</b> {name} %s {0}", "I understand buttons and commands."),
        ("/nonsense", "I don't know that command."),
        ("/", "I don't know that command."),
        ("/book@bellhop_bot_of_others", None),
    ],
)
async def test_what_a_bot_of_buttons_cannot_read(stage: Stage, text: str, answer: str | None) -> None:
    person = await stage.customer()
    await person.say(text)
    if answer is not None:
        assert answer in text_of(await person.wait_message())
    await still_works(person)


async def test_four_thousand_emoji_in_one_update(stage: Stage, forger: Forger) -> None:
    """As one update says it: emulated people, like real ones, cannot write so much."""
    person = await stage.customer()
    await walk.open_menu(person)
    await stage.send_update({"message": forger.message(person, "🎉" * 4096)})
    assert "I understand buttons" in text_of(await person.wait_message())
    await still_works(person)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("مرحبا بكم", "مرحبا بكم!"),
        ("\u200b\u200d\u2060", "dear guest!"),
        ("\u202eevil\u202c", "evil!"),
        ("<b>Bobby</b> & {name}", "<b>Bobby</b> & {name}!"),
        ("Z\u0351" * 40, "Z\u0351" * 30),
        ("👩‍👩‍👧‍👦" * 9, "👩‍👩‍👧‍👦" * 4),
    ],
)
async def test_people_of_any_name_can_book(stage: Stage, name: str, shown: str) -> None:
    person = await stage.customer(name)
    assert f"Hello, {shown}" in text_of(await walk.open_menu(person))
    assert "Booked. See you then!" in text_of((await walk.book(person)).screen)


async def test_updates_of_unknown_types_are_counted_and_dropped(stage: Stage) -> None:
    person = await stage.customer()
    dropped = 'bellhop_updates_total{result="dropped",type="%s"}'
    invalid = 'bellhop_updates_total{result="invalid",type="%s"}'
    sender, chat = {"id": person.number}, {"id": person.number, "type": "private"}
    counted: dict[str, Json] = {
        dropped % "unknown": {"sorcery": {"from": {"id": person.number}}},
        dropped % "poll": {"poll": {"id": "1"}},
        invalid % "message": {"message": {"message_id": 1, "from": sender, "chat": chat, "text": "x"}},
        invalid % "callback_query": {"callback_query": {"id": 1, "from": sender}},
        invalid % "unknown": {"message": {"message_id": 1, "from": sender, "text": "x"}},
    }
    before = {line: await stage.bot_metric(line) for line in counted}
    # A bot that polls asks for the types it handles: the others come all the same, when Telegram errs.
    for body in counted.values():
        await stage.send_update(body)
    await still_works(person)
    for line, was in before.items():
        assert await stage.bot_metric(line) == was + 1, line


FIVE_MEGABYTES = b'{"update_id": 1, "x": "' + b"x" * (5 * 1024 * 1024) + b'"}'


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        pytest.param(FIVE_MEGABYTES, 200, "too_large", id="five megabytes"),
        pytest.param(b"{nonsense", 400, "not_json", id="no JSON"),
        pytest.param(b"", 400, "not_json", id="nothing"),
        pytest.param(b'{"update_id": 1, "message": "\xff"}', 400, "not_json", id="not UTF-8"),
    ],
)
async def test_a_webhook_body_that_is_no_update(
    webhook: Stage, body: bytes, status: int, reason: str
) -> None:
    counted = f'bellhop_webhook_rejected_total{{reason="{reason}"}}'
    before = await webhook.bot_metric(counted)
    assert await webhook.post(body, secret=webhook.sandbox.webhook_secret) == status
    assert await webhook.bot_metric(counted) == before + 1
    await still_works(await webhook.customer())


@pytest.mark.parametrize(("secret", "status"), [(None, 401), ("wrong", 403), ("sécret", 403)])
async def test_a_webhook_call_without_the_secret(webhook: Stage, secret: str | None, status: int) -> None:
    person = await webhook.customer()
    menu = await walk.open_menu(person)
    update = {"update_id": 2**41 + person.number, "message": Forger(webhook).message(person, "/start")}
    assert await webhook.post(json.dumps(update).encode(), secret=secret) == status
    await walk.tap(person, menu, "Help")
    assert len([m for m in await person.messages() if not m["outgoing"]]) == 1


async def test_json_that_is_no_update_is_taken_and_dropped(webhook: Stage) -> None:
    """Refusing it would only make Telegram send it again."""
    secret = webhook.sandbox.webhook_secret
    deep = b"[" * 5000 + b"]" * 5000
    bodies: list[Any] = [[], 1, None, {}, {"update_id": "1"}, {"update_id": -1, "message": {}}]
    raw = [deep, *(json.dumps(body).encode() for body in bodies)]
    assert await asyncio.gather(*(webhook.post(body, secret=secret) for body in raw)) == [200] * len(raw)
    await still_works(await webhook.customer())


async def test_nothing_of_all_this_is_left_behind(stage: Stage) -> None:
    dead: list[Json] = [dict(row) for row in await stage.fetch("SELECT kind, reason FROM dead_command")]
    assert dead == []
