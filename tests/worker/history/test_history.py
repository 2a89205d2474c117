"""'History' under /admin: what happened to all visits, of one visit, of a person; and as a table."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.buttons import pack, unpack
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.customers import WriteStaffNote
from shared.contracts.history import AskHistory, HistoryPart, SendHistory, ShowHistory
from shared.contracts.staff import MarkArrived, ShowStaffCard
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from worker.customers.rules import digest
from worker.history import files
from worker.history.handlers import EVENTS_A_PAGE
from worker.history.rules import FORMULA_STARTS, LARGEST, as_csv, is_carried, visit_number

NOTHING = "Nothing is noted."


@given(st.integers(0, LARGEST), st.sampled_from(["", "№", "№ ", "#", " # "]))
def test_a_visits_number_is_read_as_people_write_it(number: int, sign: str) -> None:
    assert visit_number(f"{sign}{number}") == number
    assert visit_number(f"{sign}{number}x") is None


@pytest.mark.parametrize("said", ["", "№", "-1", "1.5", "²", "٣", str(LARGEST + 1), "Anna 12"])
def test_what_is_no_number_is_a_name(said: str) -> None:
    assert visit_number(said) is None


CELL = st.text(alphabet=st.sampled_from("=+-@\t\r\n\",;'aЖ— 1"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=4))
@example([["=1+1", "@SUM(A1)"], ['+"', "-2"]])
def test_a_table_is_read_as_it_was_and_computes_nothing(rows: list[list[str]]) -> None:
    written = as_csv(rows)
    assert written.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [[each.removeprefix("'") for each in row] for row in found] == [
        [each.removeprefix("'") for each in row] for row in rows
    ]
    assert not [each for row in found for each in row if each.startswith(FORMULA_STARTS)]


@given(st.text(alphabet=st.sampled_from("aЖ文😀:"), max_size=64))
def test_a_search_that_a_button_carries_fits_one(said: str) -> None:
    if is_carried(said):
        assert unpack(pack(SendHistory(sought=said))) == SendHistory(sought=said)


async def table(stage: Stage, asked: SendHistory) -> list[list[str]]:
    await stage.tap(asked, OWNER)
    return newest_table(stage)


def newest_table(stage: Stage) -> list[list[str]]:
    """Return what a spreadsheet reads in the file that was sent."""
    file = stage.messages(OWNER)[-1]["document"]
    assert file["file_name"] == "history.csv"
    written = stage.telegram.emulator.world.files[file["file_id"]].data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(written, newline="")))


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
    lines = [line for line in shown.splitlines() if line.startswith(f"• № {visit} · ")]
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


async def test_what_is_shown_is_sent_as_a_table(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.meet(OWNER, BEN)
    first, second = await stage.book("10:00"), await stage.book("12:00", person=BEN)
    for person, visit in ((ANNA, first), (BEN, second)):
        await stage.tap(Cancel(booking_id=visit, version=1), person)
    async with stage.shop.sessions.begin() as session:
        ben = await session.get_one(type(await stage.person(BEN)), (stage.shop.business_id, BEN))
        ben.first_name, ben.last_name = '=HYPERLINK("x")', ""
    await stage.type(ShowHistory(only=HistoryPart.VISITS), OWNER)
    shown = stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)
    asked = unpack(str(shown["Export"]))
    assert asked == SendHistory(only=HistoryPart.VISITS)
    heading, *rows = await table(stage, SendHistory(only=HistoryPart.VISITS))
    assert heading == ["When (Europe/Berlin)", "Visit", "Who", "What"]
    assert [(row[1], row[3]) for row in rows] == [
        (str(visit), what) for what in ("cancelled", "booked") for visit in (second, first)
    ]
    assert rows[0][2] == '\'=HYPERLINK("x"), customer, in the chat'
    assert rows[-1][0].startswith("2026-11-")
    await search(stage, "anna")
    shown = stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)
    assert unpack(str(shown["Export"])) == SendHistory(sought="anna")
    assert [row[1] for row in (await table(stage, SendHistory(sought="anna")))[1:]] == [str(first)] * 2
    assert [row[1] for row in (await table(stage, SendHistory(sought=f"№ {second}")))[1:]] == [
        str(second)
    ] * 2
    monkeypatch.setattr(files, "MOST_ROWS", 3)
    assert len(await table(stage, SendHistory())) == 1 + 3
    assert "3 entries.\nOlder entries are left out." in stage.texts(OWNER)[-1]
    await search(stage, "w" * 60)
    assert "Export" not in stage.buttons(stage.messages(OWNER)[-1]["message_id"], OWNER)


async def test_nobody_else_reads_it(stage: Stage) -> None:
    await stage.meet(ALICE)
    for person in (ANNA, ALICE):
        for asked in (ShowHistory(), SendHistory()):
            assert await stage.type(asked, person) == "This is for administrators."
