"""Who is told of visits: whoever is responsible now, with the reason where it is not the specialist."""

from datetime import timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome
from shared.contracts.staff import ShowAgenda
from tests.kit.promises import Message
from tests.worker.branches import BRANCHES
from tests.worker.shop import ADMIN, ALICE, BEN, BOB, OWNER, at
from tests.worker.stage import Stage
from worker.business.apply import apply_document
from worker.business.plan import Choices, KeepVisits
from worker.business.reader import read_document
from worker.db.models.delivery import State
from worker.notices.promises import NOTICE
from worker.notices.rules import Absence, Desk, absence, recipients
from worker.outbox.message import Chat
from worker.people.repository import set_reachable

STAFFED: Final = (
    BRANCHES.replace(b"name: Alice\n", b"name: Alice\n    telegram_id: 1001\n").decode()
    + f"roles: {{owner: [{OWNER}], admin: [{ADMIN}, {OWNER}]}}\n"
)
"""Alice uses Telegram, Bob does not."""
WITHOUT_ALICE: Final = STAFFED.replace("name: Alice\n    telegram_id: 1001\n", "name: Zoe\n")
AGENDA: Final = ShowAgenda(first=at("10:00").date())


async def apply(stage: Stage, content: str) -> None:
    document = read_document(content.encode(), "b.yaml")
    keep = Choices(stranded=KeepVisits())
    await apply_document(stage.shop.sessions, document, stage.shop.clock, keep)


async def open_with(stage: Stage, *people: int) -> None:
    """Let the business have its staff, and people start the bot."""
    await apply(stage, STAFFED)
    await stage.meet(*people)
    for person in people:
        await stage.type(ShowHome(), person)


def told(stage: Stage, person: int, what: str) -> list[str]:
    return [text for text in stage.texts(person) if what in text]


async def later(stage: Stage) -> None:
    """Have the pollers look until there is nothing for now."""
    for _ in range(3):
        await stage.advance(timedelta(seconds=70))


async def test_who_has_no_telegram_is_stood_in_for_by_owner_and_admin(branches: Stage) -> None:
    await open_with(branches, OWNER, ADMIN, ALICE)
    await branches.book("10:00", specialist="Bob")
    for person in (OWNER, ADMIN):
        [notice] = told(branches, person, "New visit")
        assert "You get this because Bob has no Telegram here." in notice
    assert told(branches, ALICE, "New visit") == []
    await branches.promised(
        *[Message(kind=NOTICE, to=Chat(each), state=State.SENT) for each in (OWNER, ADMIN)]
    )


async def test_who_blocked_the_bot_is_stood_in_for_once(branches: Stage) -> None:
    """The first notice meets the refusal, the second knows of it; the agenda marks the visits."""
    await open_with(branches, OWNER, ALICE)
    await branches.telegram.post(f"/chats/{ALICE}/block")
    await branches.book("10:00")
    await later(branches)
    [notice] = told(branches, OWNER, "New visit")
    assert "You get this because Alice blocked this bot." in notice
    await branches.tap(Cancel(booking_id=1, version=1))
    await later(branches)
    assert len(told(branches, OWNER, "Visit cancelled")) == 1
    assert sorted(await branches.states("staff.notice")) == sorted(
        [("notice", "failed"), ("notice", "sent"), ("notice", "void"), ("notice", "sent")]
    )
    await branches.book("12:00")
    assert "Anna (Alice 🔕)" in await branches.type(AGENDA, OWNER)
    assert branches.texts(OWNER)[-1].endswith("🔕 cannot be written to here")


async def test_who_left_hears_nothing_and_opens_nothing(branches: Stage) -> None:
    await open_with(branches, OWNER, ALICE)
    await branches.book("10:00")
    assert len(told(branches, ALICE, "New visit")) == 1
    await apply(branches, WITHOUT_ALICE)
    await branches.tap(Cancel(booking_id=1, version=1))
    [notice] = told(branches, OWNER, "Visit cancelled")
    assert "You get this because Alice no longer works here." in notice
    assert told(branches, ALICE, "Visit cancelled") == []
    assert await branches.type(AGENDA, ALICE) == "This is for the people who work here."
    old = branches.messages(ALICE)[0]["message_id"]
    assert (await branches.tap(AGENDA, ALICE, old)).text == "This is for the people who work here."


async def test_a_notice_that_waits_is_for_whoever_is_responsible_when_it_is_sent(branches: Stage) -> None:
    await open_with(branches, OWNER, ALICE)
    await branches.fault("error", "sendMessage", chat_id=ALICE, status=500)
    await branches.book("10:00")
    assert told(branches, ALICE, "New visit") == []
    await apply(branches, WITHOUT_ALICE)
    await later(branches)
    assert told(branches, ALICE, "New visit") == []
    assert len(told(branches, OWNER, "New visit")) == 1


async def test_an_owner_who_is_the_specialist_is_told_once(
    branches: Stage,
) -> None:
    await open_with(branches, ALICE, ADMIN)
    await apply(branches, STAFFED.replace(f"owner: [{OWNER}]", f"owner: [{ALICE}]"))
    await branches.book("10:00")
    [notice] = told(branches, ALICE, "New visit")
    assert "You get this" not in notice
    await branches.book("12:00", person=ALICE)
    assert len(told(branches, ALICE, "New visit")) == 1
    assert told(branches, ADMIN, "New visit") == []


async def test_the_agenda_marks_a_customer_who_cannot_be_written_to(branches: Stage) -> None:
    await open_with(branches, OWNER, ALICE, BEN)
    await branches.book("10:00")
    await branches.book("12:00", person=BEN)
    shown = await branches.type(AGENDA, OWNER)
    assert "🔕" not in shown
    async with branches.shop.sessions.begin() as session:
        await set_reachable(session, BEN, reachable=False)
    shown = await branches.type(AGENDA, OWNER)
    assert "12:00–12:45 Cut, Anna 🔕 (Alice)" in shown
    assert "10:00–10:45 Cut, Anna (Alice)" in shown


PEOPLE: Final = st.sampled_from([ALICE, BOB, OWNER, ADMIN])
DESKS: Final = st.builds(
    Desk,
    specialist=st.just("Alice"),
    active=st.booleans(),
    telegram_id=st.none() | PEOPLE,
    here=st.booleans(),
    reachable=st.booleans(),
    managers=st.lists(PEOPLE, unique=True),
)


@given(DESKS, st.none() | PEOPLE)
def test_everybody_is_told_at_most_once_and_a_reason_stands_just_for_the_specialist(
    desk: Desk, by: int | None
) -> None:
    found = recipients(desk, by)
    why = absence(desk)
    assert len({each.chat_id for each in found}) == len(found)
    assert by not in {each.chat_id for each in found}
    assert {each.instead for each in found} <= {why}
    assert why is None or why in Absence
    if why is None:
        assert {each.chat_id for each in found} <= {desk.telegram_id}
    else:
        assert {each.chat_id for each in found} == set(desk.managers) - {by}
