"""A customer's note to a visit: asked for, written, changed, removed, taken back, and seen by who has to."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from shared.buttons import unpack
from shared.contracts.base import DraftRef
from shared.contracts.booking import Move, Moving
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.contracts.notes import (
    LONGEST_NOTE,
    AskNote,
    RestoreNote,
    WriteNote,
)
from shared.contracts.own_visits import ShowBooking
from shared.contracts.staff import ShowAgenda
from tests.worker.shop import ALICE, ANNA, BEN, OWNER, at
from tests.worker.stage import Stage
from worker.db.models.booking import Booking
from worker.db.models.flows import Draft
from worker.drafts import repository as drafts
from worker.notes.handlers import NOTE_DRAFT
from worker.notices.news import PATIENCE

NOTE = "Allergic to <henna> & lavender"
A_SECOND = timedelta(seconds=1)
DAY = ShowAgenda(first=at("10:00").date())


async def note_of(stage: Stage, booking: int) -> str | None:
    return (await stage.shop.booking(booking)).note


async def at_work(stage: Stage) -> None:
    """Let the specialist use the bot."""
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)


async def ask(stage: Stage, booking: int) -> int:
    """Tap 'Add a note' on the card; return the message that asks."""
    card = (await stage.shop.booking(booking)).card_message_id
    await stage.tap(AskNote(booking_id=booking), message=card)
    return int(stage.messages()[-1]["message_id"])


async def noted(stage: Stage, booking: int, note: str = NOTE) -> int:
    """Ask for a note and have it written; return the message that says that it is kept."""
    await ask(stage, booking)
    await stage.type(Say(text=note))
    await stage.advance(A_SECOND)
    return int(stage.messages()[-1]["message_id"])


def draft_of(stage: Stage, message: int) -> DraftRef:
    command = unpack(stage.buttons(message)["Undo"] or "")
    assert isinstance(command, RestoreNote)
    return command.draft


async def test_the_question_is_a_message_of_its_own_and_the_card_stays(stage: Stage) -> None:
    booking = await stage.book()
    card = (await stage.newest()).card_message_id or 0
    before = stage.text(ANNA, card)
    assert "Add a note" in stage.buttons(card)
    question = await ask(stage, booking)
    asking = stage.messages()[-1]
    assert "What should Barber & Co know before the visit?" in asking["text"], "Alice has no Telegram here"
    assert asking["reply_markup"]["force_reply"] is True
    assert list(stage.buttons(question)) == ["Cancel"]
    assert (question != card, stage.text(ANNA, card)) == (True, before)


async def test_a_note_is_on_every_card_in_the_agenda_and_in_the_specialists_notice(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    card = (await stage.newest()).card_message_id or 0
    copy = (await stage.tap(ShowBooking(booking_id=booking))).message
    question = await ask(stage, booking)
    kept = await stage.type(Say(text=f"  {NOTE}\n", reply_to_message_id=question))
    assert kept == f"Kept. Alice can read it.\n📝 {NOTE}"
    assert await note_of(stage, booking) == NOTE
    for message in (card, copy):
        assert f"📝 {NOTE}" in stage.text(ANNA, message)
        assert "Change the note" in stage.buttons(message)
    notice = stage.texts(ALICE)[-1]
    assert notice.startswith("📝 Note to a visit")
    assert notice.endswith(f"📝 {NOTE}")
    assert f"Cut, Anna\n📝 {NOTE}" in await stage.type(DAY, ALICE)
    await stage.advance(A_SECOND)
    asked = next(each for each in stage.messages() if each["message_id"] == question)
    assert ("What should Alice know" in asked["text"], "reply_markup" in asked) == (True, False)
    assert (await stage.events())[-1] == "noted"


async def test_a_note_goes_with_its_visit_to_another_time(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    await noted(stage, booking)
    await stage.tap(Move(moving=Moving(booking_id=booking, version=1), start=at("14:00")))
    assert f"📝 {NOTE}" in stage.texts(ALICE)[-1]
    assert f"📝 {NOTE}" in stage.text(ANNA, (await stage.newest()).card_message_id or 0)


async def test_a_change_shows_what_was_noted_and_can_be_taken_back(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    await noted(stage, booking, "first")
    question = await ask(stage, booking)
    assert stage.text(ANNA, question).endswith("Your note so far: first")
    await stage.type(Say(text="second"))
    await stage.advance(A_SECOND)
    kept = stage.messages()[-1]["message_id"]
    undone = await stage.tap(RestoreNote(draft=draft_of(stage, kept)), message=kept)
    assert (undone.toast, undone.text) == ("Undone.", "Kept. Alice can read it.\n📝 first")
    assert "Undo" not in stage.buttons(kept)
    assert await note_of(stage, booking) == "first"
    await stage.advance(PATIENCE)
    assert stage.texts(ALICE)[-1].endswith("📝 first")
    assert "📝 first" in stage.text(ANNA, (await stage.newest()).card_message_id or 0)


async def test_the_first_note_taken_back_leaves_none(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    kept = await noted(stage, booking)
    draft = draft_of(stage, kept)
    undone = await stage.tap(RestoreNote(draft=draft), message=kept)
    assert undone.text == "There is no note to this visit."
    assert await note_of(stage, booking) is None
    assert stage.texts(ALICE)[-1].endswith("There is no note to this visit.")
    assert "📝" not in await stage.type(DAY, ALICE)
    again = await stage.tap(RestoreNote(draft=draft))
    assert (again.toast, again.alert) == ("This cannot be undone any more.", True)


async def test_a_note_is_removed_by_a_button_beside_the_question(stage: Stage) -> None:
    booking = await stage.book()
    await noted(stage, booking)
    question = await ask(stage, booking)
    assert list(stage.buttons(question)) == ["Remove the note", "Cancel"]
    removed = await stage.tap(WriteNote(booking_id=booking), message=question)
    assert removed.text == "There is no note to this visit."
    assert await note_of(stage, booking) is None
    await stage.tap(RestoreNote(draft=draft_of(stage, question)), message=question)
    assert await note_of(stage, booking) == NOTE
    assert "buttons and commands" in await stage.type(Say(text="not an answer"))


async def test_the_same_note_again_changes_nothing(stage: Stage) -> None:
    booking = await stage.book()
    await noted(stage, booking)
    await noted(stage, booking)
    assert (await stage.events()).count("noted") == 1


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"version": 0}, {"id": 10**6}], ids=["newer", "older", "another"]
)
async def test_undo_by_a_forged_draft(stage: Stage, change: dict[str, int]) -> None:
    booking = await stage.book()
    draft = draft_of(stage, await noted(stage, booking))
    answer = await stage.tap(RestoreNote(draft=draft.model_copy(update=change)))
    assert answer.toast == "This cannot be undone any more."
    assert await note_of(stage, booking) == NOTE


async def test_undo_by_somebody_else(stage: Stage) -> None:
    await stage.meet(BEN)
    booking = await stage.book()
    draft = draft_of(stage, await noted(stage, booking))
    answer = await stage.tap(RestoreNote(draft=draft), BEN)
    assert answer.toast == "This cannot be undone any more."
    assert await note_of(stage, booking) == NOTE


async def test_undo_a_day_later(stage: Stage) -> None:
    booking = await stage.book()
    draft = draft_of(stage, await noted(stage, booking))
    stage.shop.clock.advance(drafts.KEPT_FOR)
    answer = await stage.tap(RestoreNote(draft=draft))
    assert answer.toast == "This cannot be undone any more."
    assert await note_of(stage, booking) == NOTE


async def test_undo_of_what_has_changed_since(stage: Stage) -> None:
    booking = await stage.book()
    first = draft_of(stage, await noted(stage, booking, "first"))
    await noted(stage, booking, "second")
    answer = await stage.tap(RestoreNote(draft=first))
    assert answer.toast == "This cannot be undone any more."
    assert await note_of(stage, booking) == "second"


async def test_a_draft_of_another_kind_undoes_nothing(stage: Stage) -> None:
    booking = await stage.book()
    draft = draft_of(stage, await noted(stage, booking))
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Draft).values(kind=f"{NOTE_DRAFT}.of_another_kind"))
    assert (await stage.tap(RestoreNote(draft=draft))).toast == "This cannot be undone any more."


async def test_a_visit_that_is_off_takes_no_note(stage: Stage) -> None:
    booking = await stage.book()
    draft = draft_of(stage, await noted(stage, booking))
    question = await ask(stage, booking)
    async with stage.shop.sessions.begin() as session:  # not by a tap: that would end the question
        await session.execute(update(Booking).values(status="cancelled", version=2))
    answer = await stage.type(Say(text="too late"))
    assert "Cancelled" in answer
    await stage.advance(A_SECOND)
    assert stage.text(ANNA, question) == "Stopped. Nothing was changed."
    for late in (AskNote(booking_id=booking), WriteNote(booking_id=booking), RestoreNote(draft=draft)):
        assert (await stage.tap(late)).toast == "This visit is cancelled already."
    assert await note_of(stage, booking) == NOTE


async def test_nobody_writes_to_anybody_elses_visit(stage: Stage) -> None:
    await stage.meet(BEN)
    booking = await stage.book()
    for forged in (AskNote(booking_id=booking), WriteNote(booking_id=booking)):
        answer = await stage.tap(forged, BEN)
        assert (answer.toast, answer.text) == ("You have no such visit.", "screen")
    assert "buttons and commands" in await stage.type(Say(text="mine"), BEN)
    await stage.run(stage.envelope(WriteNote(booking_id=booking, note="mine"), BEN))
    assert await note_of(stage, booking) is None


async def test_the_longest_note_fits_wherever_it_is_shown(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    note = "🙂&" * (LONGEST_NOTE // 2)
    kept = await noted(stage, booking, note)
    assert note in stage.text(ANNA, kept)
    assert note in stage.text(ANNA, (await stage.newest()).card_message_id or 0)
    assert note in stage.texts(ALICE)[-1]
    question = await ask(stage, booking)
    assert note in stage.text(ANNA, question)


async def test_a_day_and_a_week_show_notes_in_one_short_line(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    await noted(stage, booking, "one\n\ntwo " + "x" * 200)
    day = await stage.type(DAY, ALICE)
    [line] = [line for line in day.splitlines() if line.startswith("📝")]
    assert line == "📝 one two " + "x" * 55 + "…"
    week = await stage.type(ShowAgenda(days=7, first=at("10:00").date()), ALICE)
    assert line in week.splitlines()


async def test_notes_push_no_visit_off_the_day(stage: Stage) -> None:
    await stage.meet(OWNER)
    for hour in range(9, 17):
        for specialist, customer in (("Alice", ANNA), ("Bob", BEN)):
            await stage.shop.book(stage.shop.wish("Cut", specialist, f"{hour}:00"), customer)
    async with stage.shop.sessions.begin() as session:
        await session.execute(update(Booking).values(note="<&>" * 100))
    pages = [await stage.type(DAY.model_copy(update={"page": page}), OWNER) for page in (0, 1)]
    day = "\n".join(pages)
    assert (day.count("Cut, Anna"), day.count("Cut, Ben")) == (8, 8)
    assert day.count("\n📝 ") == 16


async def test_no_copy_of_a_note_outlives_its_draft(stage: Stage) -> None:
    await at_work(stage)
    await noted(stage, await stage.book())
    copies = text("SELECT count(*) FROM outbox, booking_event, timer"
                  " WHERE concat(outbox, booking_event, timer) LIKE '%henna%'")  # fmt: skip
    async with stage.shop.sessions() as session:
        [draft] = await session.scalars(select(Draft))
        assert draft.data["after"] == NOTE
        assert await session.scalar(copies) == 0


async def test_a_cancelled_visits_card_offers_no_note(stage: Stage) -> None:
    await at_work(stage)
    booking = await stage.book()
    await noted(stage, booking)
    await stage.tap(Cancel(booking_id=booking, version=1))
    buttons = stage.buttons((await stage.newest()).card_message_id or 0)
    assert not {button for button in buttons if "note" in button}
    assert stage.texts(ALICE)[-1].startswith("❌ Visit cancelled")
