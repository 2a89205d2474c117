"""'History' under /admin: what happened to all visits, of one visit, of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.buttons import unpack
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.customers import WriteStaffNote
from shared.contracts.history import AskHistory, ShowHistory
from shared.contracts.staff import MarkArrived, ShowStaffCard
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from worker.customers.rules import digest
from worker.history.handlers import EVENTS_A_PAGE
from worker.history.rules import LARGEST, visit_number

NOTHING = "Nothing is noted."


@given(st.integers(0, LARGEST), st.sampled_from(["", "№", "№ ", "#", " # "]))
def test_a_visits_number_is_read_as_people_write_it(number: int, sign: str) -> None:
    assert visit_number(f"{sign}{number}") == number
    assert visit_number(f"{sign}{number}x") is None


@pytest.mark.parametrize("said", ["", "№", "-1", "1.5", "²", "٣", str(LARGEST + 1), "Anna 12"])
def test_what_is_no_number_is_a_name(said: str) -> None:
    assert visit_number(said) is None


async def search(stage: Stage, said: str, person: int = OWNER) -> str:
    await stage.tap(AskHistory(), person)
    return await stage.type(Say(text=said), person)


async def test_an_owner_sees_what_happened_lately_and_turns_pages(stage: Stage) -> None:
    await stage.meet(OWNER, ALICE)
    assert NOTHING in await stage.type(ShowHistory(), OWNER)
    visit = await stage.book("10:00")
    note = WriteStaffNote(booking_id=visit, seen=digest(None), note="likes tea")
    stage.shop.clock.advance(at("10:05") - stage.shop.clock.now())
    await stage.tap(MarkArrived(booking_id=visit, version=1), ALICE)
    await stage.type(note, ALICE)
    shown = await stage.type(ShowHistory(), OWNER)
    lines = [line for line in shown.splitlines() if line.startswith(f"№ {visit} · ")]
    assert [line.rpartition(": ")[2] for line in lines] == [
        "changed the staff's note", "marked as arrived", "booked",
    ]  # fmt: skip
    assert "Anna, customer, in the chat: booked" in shown
    assert "staff, in the chat: marked as arrived" in shown
    data = stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)[f"№ {visit}"]
    assert unpack(str(data)) == ShowStaffCard(booking_id=visit)
    for _ in range(EVENTS_A_PAGE):
        await stage.type(note.model_copy(update={"seen": digest("likes tea"), "note": "likes tea"}), ALICE)
    newest = await stage.tap(ShowHistory(), OWNER)
    assert "›" in stage.buttons(newest.message, OWNER)
    oldest = await stage.tap(ShowHistory(page=1), OWNER)
    assert "‹" in stage.buttons(oldest.message, OWNER)
    assert "›" not in stage.buttons(oldest.message, OWNER)
    assert "booked" in oldest.text
    assert NOTHING in (await stage.tap(ShowHistory(page=2**60), OWNER)).text


async def test_a_visit_and_a_person_are_found(stage: Stage) -> None:
    await stage.meet(OWNER, BEN)
    first, second = await stage.book("10:00"), await stage.book("12:00", person=BEN)
    async with stage.shop.sessions.begin() as session:
        ben = await session.get_one(type(await stage.person(BEN)), (stage.shop.business_id, BEN))
        ben.first_name, ben.last_name = "Ben_100%", "O'Neil"
    await stage.tap(Cancel(booking_id=first, version=1), ANNA)
    of_visit = await search(stage, f"№ {first}")
    assert "cancelled" in of_visit
    assert f"№ {second} ·" not in of_visit
    of_ben = await search(stage, "o'neil")
    assert f"№ {second} ·" in of_ben
    assert f"№ {first} ·" not in of_ben
    assert f"№ {second} ·" in await search(stage, "_100%")
    for nobody in ("%", "Zoe", str(LARGEST), "12345678901234567890123"):
        said = await search(stage, nobody)
        assert (NOTHING in said) == (nobody != "%"), said
    stage.languages[OWNER] = "ru"
    assert (await stage.type(ShowHistory(), OWNER)).startswith("История")


async def test_nobody_else_reads_it(stage: Stage) -> None:
    await stage.meet(ALICE)
    for person in (ANNA, ALICE):
        assert await stage.type(ShowHistory(), person) == "This is for administrators."
