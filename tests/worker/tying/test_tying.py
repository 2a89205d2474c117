"""A customer without Telegram opens their link, and is the person of Telegram from then on."""

from asyncio import gather
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

from shared.contracts.customers import ShowCustomer
from shared.contracts.notes import WriteNote
from shared.contracts.own_visits import ShowBookings
from shared.contracts.staff import ShowStaffCard, ShowVisitHistory
from shared.contracts.tying import SendCustomerLink, ShowTie, Tie
from shared.links import follow
from tests.worker.adding.test_adding import booking, press, salon, without_telegram
from tests.worker.shop import ALICE, ANNA, BEN, BOB
from tests.worker.stage import Answer, Stage
from worker.people.repository import set_blocked
from worker.privacy.repository import export

__all__ = ["salon"]


async def link_of(stage: Stage, visit: int) -> ShowTie:
    """Have Alice sent the link of a visit's customer; return where it leads."""
    card = await stage.tap(ShowCustomer(booking_id=visit), ALICE)
    await press(stage, card, "Link to Telegram", ALICE)
    caption = str(stage.messages(ALICE)[-1]["caption"])
    address = next(word for word in caption.split() if word.startswith("https://t.me/"))
    found = follow(parse_qs(urlparse(address).query)["start"][0])
    assert isinstance(found, ShowTie)
    return found


async def marias_visit(stage: Stage, clock: str = "11:00") -> tuple[int, int]:
    """Alice books for somebody without Telegram; return the visit and who it is for."""
    maria = await without_telegram(stage)
    await stage.tap(booking(stage, maria, clock), ALICE)
    return (await stage.newest()).id, maria


async def opened(stage: Stage, link: ShowTie, person: int = BEN) -> Answer:
    await stage.type(link, person)
    message = stage.messages(person)[-1]
    return Answer(None, int(message["message_id"]), str(message["text"]))


async def accept(stage: Stage, link: ShowTie, person: int = BEN) -> Answer:
    return await press(stage, await opened(stage, link, person), "Yes, that is me", person)


async def test_who_opens_the_link_has_the_visits_with_cards_and_reminders(salon: Stage) -> None:
    visit, maria = await marias_visit(salon)
    await salon.promised(of="booking.")
    link = await link_of(salon, visit)
    page = await opened(salon, link)
    assert "Are you Maria Schmidt?" in page.text
    assert "1 visit ahead" in page.text
    done = await press(salon, page, "Yes, that is me", BEN)
    assert "You have 1 visit ahead." in done.text
    assert (await salon.newest()).customer_id == BEN
    assert [text for text in salon.texts(BEN) if "11:00–11:45" in text]
    assert [state for _, state in await salon.states("booking.reminder")] == ["pending", "pending"]
    assert salon.calendars(BEN)
    card = await salon.tap(ShowCustomer(booking_id=visit), ALICE)
    assert "📞 +4915112345678" in card.text
    assert "no Telegram" not in card.text
    assert "Link to Telegram" not in salon.buttons(card.message, ALICE)
    history = await salon.tap(ShowVisitHistory(booking_id=visit), ALICE)
    assert "opened their link, and is in Telegram now" in history.text
    async with salon.shop.sessions() as session:
        assert not await export(session, maria)
        assert (await export(session, BEN))["visits"]
    again = await salon.tap(booking(salon, maria, "14:00"), ALICE)
    assert again.toast == "This customer is not known here any more. Choose again: /add"


async def test_a_link_works_once_and_of_two_at_once_for_one(salon: Stage) -> None:
    visit, _ = await marias_visit(salon)
    link = await link_of(salon, visit)
    tie = Tie(number=link.number, day=link.day, code=link.code)
    taps = [await salon.tapped(tie, person) for person in (ANNA, BEN)]
    await gather(*map(salon.run, taps))
    answers = [salon.answer(each).text for each in taps]
    assert sorted("Welcome to" in each for each in answers) == [False, True]
    assert sorted("This link has been used." in each for each in answers) == [False, True]
    assert "This link has been used." in (await opened(salon, link)).text
    assert "This link has been used." in (await salon.tap(tie, ANNA)).text
    assert (await salon.newest()).customer_id in {ANNA, BEN}


async def test_the_same_visit_of_both_is_explained_and_nothing_changes(salon: Stage) -> None:
    visit, maria = await marias_visit(salon, "11:00")
    link = await link_of(salon, visit)
    own = await salon.book("11:00", person=BEN, specialist="Bob")
    refused = await accept(salon, link)
    assert "This customer and you have the same visit, and nothing was changed:" in refused.text
    assert "• Cut, Wed, Nov 25, 11:00" in refused.text
    assert {each.customer_id for each in await salon.shop.live()} == {BEN, maria}
    card = await salon.tap(ShowStaffCard(booking_id=own), BOB)
    assert "Ben" not in card.text or maria < 0


async def test_forged_old_and_staffs_own_links_change_nothing(salon: Stage) -> None:
    visit, maria = await marias_visit(salon)
    link = await link_of(salon, visit)
    forged = [
        link.model_copy(update={"number": link.number + 1}),
        link.model_copy(update={"code": "A" * 22}),
        link.model_copy(update={"day": link.day + timedelta(days=1)}),
    ]
    for each in forged:
        assert "This link leads nowhere." in (await opened(salon, each)).text
        tie = Tie(number=each.number, day=each.day, code=each.code)
        assert "This link leads nowhere." in (await salon.tap(tie, BEN)).text
    assert "This link is for the customer" in (await opened(salon, link, ALICE)).text
    await salon.advance(timedelta(days=15))
    assert "This link is over." in (await opened(salon, link)).text
    assert (await salon.newest()).customer_id == maria
    with_telegram = await salon.book("15:00", days=20)
    answer = await salon.tap(SendCustomerLink(booking_id=with_telegram), ALICE)
    assert answer.toast == "This customer is in Telegram already."
    assert (await salon.tap(SendCustomerLink(booking_id=with_telegram), BEN)).alert


async def test_notes_and_blocks_go_with_the_customer(salon: Stage) -> None:
    visit, maria = await marias_visit(salon)
    async with salon.shop.sessions.begin() as session:
        await set_blocked(session, maria, salon.shop.clock.now())
    await accept(salon, await link_of(salon, visit))
    assert (await salon.person(BEN)).blocked_at is not None
    assert "1 visit" in (await salon.tap(ShowBookings(), BEN)).text
    await salon.tap(WriteNote(booking_id=visit, note="by bike"), BEN)
    assert "by bike" in (await salon.tap(ShowStaffCard(booking_id=visit), ALICE)).text
