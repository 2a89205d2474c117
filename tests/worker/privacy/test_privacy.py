"""What is kept of one person, written out and erased, and nothing of anybody else's."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from sqlalchemy import BigInteger, func, select

from shared.contracts.booking import BookedFor, ShowServices
from shared.contracts.chat import Say, SharedContact
from shared.contracts.menu import ShowHome
from shared.contracts.team import TakeAway
from shared.contracts.waitlist import SettleGivenWay
from shared.envelope import NOBODY, Actor, AnyCommand, Envelope, ReplyTo
from shared.queue.job_format import write_job
from tests.kit.business import BUSINESS_ID
from tests.queueing import RECEIVED
from tests.worker.shop import ALICE, ANNA, BEN, Shop
from worker.capabilities import HANDLERS
from worker.db.models.base import Base
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.delivery import DeadCommand, Outbox
from worker.db.models.flows import Draft, OpenConversation, Timer
from worker.db.models.gathering import Gathering, GatheringPlace
from worker.db.models.history import BusinessEvent
from worker.db.models.payments import Payment
from worker.db.models.people import Invitation, Person, Preference
from worker.db.models.rebooking import Rebooking, RebookingCard
from worker.db.models.waitlist import WaitlistEntry, WaitlistOffer
from worker.dead.repository import NAMING, is_about
from worker.people.__main__ import PersonRequest, carry_out, main
from worker.privacy.repository import PERSONAL

NAMES_OF_PEOPLE = {
    "person_id",
    "customer_id",
    "actor_id",
    "chat_id",
    "telegram_id",
    "invited_by",
    "organizer_id",
}
OF_NO_BUSINESS = {"send_pause.chat_id"}
"""A pause that Telegram asked for, gone when it is over."""


def columns_that_name_people() -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, BigInteger) and column.name in NAMES_OF_PEOPLE:
                yield f"{table.name}.{column.name}"


def test_no_column_that_names_a_person_is_forgotten() -> None:
    known = {f"{column.class_.__tablename__}.{column.key}" for column in PERSONAL.values()}
    assert set(columns_that_name_people()) == known - {"person.id"} | OF_NO_BUSINESS


def fields_of(model: type[BaseModel]) -> Iterator[str]:
    """Return the names of all that a command says, and of what is inside."""
    for name, field in model.model_fields.items():
        yield name
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields_of(part)


def test_no_field_of_a_command_that_names_a_person_is_forgotten() -> None:
    said = {name for command in HANDLERS for name in fields_of(command)}
    assert {name for name in said if name in NAMES_OF_PEOPLE or name.endswith("user_id")} == NAMING


@pytest.mark.parametrize(
    "command",
    [
        SettleGivenWay(customer_id=ANNA),
        TakeAway(what="admin", person_id=ANNA),
        ShowServices(customer=BookedFor(person_id=ANNA)),
        Say(contact=SharedContact(phone_number="1", user_id=ANNA)),
    ],
)
def test_a_failed_command_of_somebody_else_is_about_whom_it_names(command: AnyCommand) -> None:
    payload = dead_letter(BEN, 1, command).payload
    assert [is_about(payload, each) for each in (ANNA, BEN, ALICE)] == [True, True, False]


def dead_letter(person: int, number: int, command: AnyCommand | None = None) -> DeadCommand:
    envelope = Envelope(
        bot_id=1,
        update_id=number,
        received_at=RECEIVED,
        actor=Actor(id=person, first_name="Secret"),
        reply_to=ReplyTo(chat_id=person),
        command=command or ShowHome(),
    )
    payload = {"raw": write_job(envelope, RECEIVED).decode()}
    return DeadCommand(
        business_id=BUSINESS_ID, job_id=f"u:1:{number}", kind="menu.home", payload=payload, reason="y"
    )


async def leave_traces(shop: Shop, person: int, number: int) -> int:
    """Have a person leave a row in each table; return their visit."""
    visit = await shop.book(shop.wish("Cut", "Alice", f"{9 + number}:00"), person)
    own = {"business_id": BUSINESS_ID}
    now = shop.clock.now()
    await wish_and_be_offered(shop, person)
    await begin_together(shop, person, visit)
    async with shop.sessions.begin() as session:
        alice = shop.specialists["Alice"]
        rebooking = Rebooking(**own, specialist_id=alice, opened_at=now, answer_by=now)
        session.add(rebooking)
        await session.flush()
        session.add_all(
            [
                RebookingCard(**own, rebooking_id=rebooking.id, person_id=person),
                BookingEvent(
                    **own,
                    booking_id=visit,
                    actor_id=person,
                    kind="noted",
                    source="chat",
                    data={"note": "Secret"},
                ),
                Outbox(
                    **own, kind="booking.card", chat_id=person, dedupe_key=f"k{number}", due_at=func.now()
                ),
                OpenConversation(
                    **own, person_id=person, kind="x", state={"said": "Secret"}, opened_at=now, expires_at=now
                ),
                Draft(**own, person_id=person, kind="x", data={"note": "Secret"}, expires_at=now),
                dead_letter(person, number),
                Preference(**own, person_id=person, after_visits=False),
                Payment(**own, person_id=person, amount=5, currency="EUR", state="asked"),
                BusinessEvent(**own, actor_id=person, source="chat", kind="changed", section="limits"),
                BusinessEvent(
                    **own,
                    source="tool",
                    kind="changed",
                    section="roles",
                    people=[person, 7],
                    data={"lines": [person]},
                ),
                Invitation(
                    **own,
                    role="admin",
                    seed="x",
                    code_hash=f"hash{number}",
                    invited_by=person,
                    person_id=person,
                    expires_at=now,
                ),
            ]
        )
    return visit


async def begin_together(shop: Shop, person: int, visit: int) -> None:
    """Have a person keep places for friends; nothing has come of it."""
    own, now = {"business_id": BUSINESS_ID}, shop.clock.now()
    what = {"service_id": shop.services["Yoga"], "specialist_id": shop.specialists["Alice"]}
    when = dict.fromkeys(("start", "until", "deadline", "made_at"), now)
    async with shop.sessions.begin() as session:
        gathering = Gathering(**own, **what, **when, organizer_id=person, state="lapsed")
        session.add(gathering)
        await session.flush()
        place = {"place": 1, "customer_id": person, "booking_id": visit}
        session.add(GatheringPlace(**own, **place, gathering_id=gathering.id))


async def wish_and_be_offered(shop: Shop, person: int) -> None:
    """Have a person wish for a time, and be offered one."""
    own = {"business_id": BUSINESS_ID, "customer_id": person, "service_id": shop.services["Cut"]}
    now = shop.clock.now()
    async with shop.sessions.begin() as session:
        wish = WaitlistEntry(**own, first_day=now.date(), last_day=now.date(), made_at=now, ranked_at=now)
        session.add(wish)
        await session.flush()
        when = dict.fromkeys(("start", "freed_from", "freed_until", "made_at", "told_at", "deadline"), now)
        who = shop.specialists["Alice"]
        session.add(WaitlistOffer(**own, **when, entry_id=wish.id, specialist_id=who, booking_id=1))


async def is_over(shop: Shop, visit: int) -> None:
    await shop.set_status(visit, "done")


async def do(shop: Shop, action: str, person: int, *, yes: bool = True) -> int:
    return await carry_out(PersonRequest(action, person, yes=yes), shop.sessions, shop.clock)  # type: ignore[arg-type]


async def exported(shop: Shop, person: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert await do(shop, "export", person) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


async def test_everything_that_is_kept_of_a_person_is_written_out_and_nobody_elses(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await leave_traces(shop, ANNA, 1)
    await leave_traces(shop, BEN, 2)
    found = await exported(shop, ANNA, capsys)
    assert found.keys() == (PERSONAL.keys() - {"roles", "works_as"}) | {"failed_commands", "named"}
    assert [each["id"] for each in found["visits"]] == [visit]
    assert [each["customer_id"] for each in found["visits"]] == [ANNA]
    assert {len(rows) for rows in found.values()} == {1}


async def test_a_person_is_erased_and_what_others_need_stays(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await leave_traces(shop, ANNA, 1)
    await leave_traces(shop, BEN, 2)
    await is_over(shop, visit)
    of_ben = await exported(shop, BEN, capsys)
    assert await do(shop, "erase", ANNA) == 0
    assert await do(shop, "export", ANNA) == 1
    assert f"Nothing is kept of {ANNA}" in capsys.readouterr().err
    assert await exported(shop, BEN, capsys) == of_ben
    async with shop.sessions() as session:
        kept = await session.get_one(Booking, (BUSINESS_ID, visit))
        assert (kept.customer_id, kept.note) == (NOBODY, None)
        event = await session.scalar(select(BookingEvent).where(BookingEvent.booking_id == visit))
        assert event is not None
        assert (event.actor_id, event.data) == (NOBODY, {})
        changes = (await session.scalars(select(BusinessEvent).order_by(BusinessEvent.id))).all()
        did, named, bens = changes[-4], changes[-3], changes[-1]
        assert (did.actor_id, named.people, named.data) == (NOBODY, None, {})
        assert (bens.people, bens.data) == ([BEN, 7], {"lines": [BEN]})
        assert await session.get(Person, (BUSINESS_ID, ANNA)) is None


async def test_no_timer_and_no_notice_to_others_names_who_was_erased(shop: Shop) -> None:
    own = {"business_id": BUSINESS_ID, "due_at": func.now()}
    asked = {"person_id": ANNA, "opened_at": "2026-11-22T08:00:00Z"}
    told = {"by": ANNA, "what": "booked"}
    async with shop.sessions.begin() as session:
        session.add_all(
            [
                Timer(**own, kind="chat.expire", key=f"question:{ANNA}", payload=asked),
                Timer(**own, kind="chat.expire", key=f"question:{BEN}", payload={**asked, "person_id": BEN}),
                Timer(**own, kind="waitlist.given_way", key="a", payload={"customer_id": ANNA}),
                Outbox(**own, kind="staff.notice", chat_id=ALICE, dedupe_key="n", payload=told),
            ]
        )
    assert await do(shop, "erase", ANNA) == 0
    async with shop.sessions() as session:
        assert (await session.scalars(select(Timer.key))).all() == [f"question:{BEN}"]
        assert (await session.scalars(select(Outbox.payload))).all() == [{"what": "booked"}]


async def test_whom_somebody_still_expects_is_not_erased(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = await leave_traces(shop, ANNA, 1)
    before = await exported(shop, ANNA, capsys)
    assert await do(shop, "erase", ANNA) == 1
    said = capsys.readouterr().err
    assert f"#{visit}: " in said
    assert "Cut, Alice" in said
    assert await exported(shop, ANNA, capsys) == before


async def test_who_works_here_is_not_erased(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert await do(shop, "erase", ALICE) == 1
    assert "business file" in capsys.readouterr().err


async def test_nothing_is_erased_unless_somebody_said_yes(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_over(shop, await leave_traces(shop, ANNA, 1))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert await do(shop, "erase", ANNA, yes=False) == 1
    said = capsys.readouterr().err
    assert "--yes" in said
    assert "visits: 1" in said
    assert (await exported(shop, ANNA, capsys))["visits"]


@pytest.mark.parametrize(
    "words", [["erase"], ["erase", "Anna"], ["erase", "--5"], ["forget", "5"], ["erase", "0"]]
)
def test_arguments_that_make_no_sense_are_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
