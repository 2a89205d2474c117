"""What happened to the business: whoever changes it leaves who, from where and what, said in any language."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from shared.contracts.absence import ShowTimeOff
from shared.contracts.history import AskHistory, HistoryPart, ShowEntryHistory, ShowHistory
from shared.contracts.pausing import PauseBookings, ResumeBookings
from shared.contracts.team import AcceptInvitation, MakeInvitation, ShowInvitations, TakeAway
from tests.worker.editing.chatting import Keeper
from tests.worker.editing.conftest import keeper as keeper  # noqa: PLC0414 - the fixture
from tests.worker.editing.test_files import sent
from tests.worker.history.test_history import newest_table
from tests.worker.shop import ALICE, ANNA, BEN, FILE, NOW, OWNER, Shop
from tests.worker.team.test_invitations import link_in
from tests.worker.two_businesses import HER_OWNER, Two
from worker.business.apply import RefusedPlanError, apply_document, plan_document
from worker.business.plan import Choices, make_plan
from worker.business.reader import read_document
from worker.business.record import MOST_EVENTS, events_of
from worker.business.stored import StoredBusiness
from worker.db.models.history import BusinessEvent
from worker.people.repository import forget_people


async def events(shop: Shop) -> Sequence[BusinessEvent]:
    async with shop.sessions() as session:
        own = BusinessEvent.business_id == shop.business_id
        return (await session.scalars(select(BusinessEvent).where(own).order_by(BusinessEvent.id))).all()


async def newest(shop: Shop) -> tuple[str, str, int | None, str, str, str]:
    found = (await events(shop))[-1]
    return found.source, found.command, found.actor_id, found.kind, found.section, found.name


async def test_the_tool_leaves_what_it_changed_and_nothing_where_nothing_changes(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    opened = await events(shop)
    assert {each.kind for each in opened} == {"added", "changed"}
    assert {(each.source, each.command, each.actor_id) for each in opened} == {
        ("tool", "business apply", None)
    }
    numbers = {each.name: each.number for each in opened if each.section == "services"}
    assert numbers == shop.services
    dearer = read_document(FILE.replace(b"price: 35", b"price: 40"), "b.yaml")
    await plan_document(shop.sessions, dearer, shop.clock)
    await apply_document(shop.sessions, read_document(FILE, "b.yaml"), shop.clock)
    booked = await keeper.stage.book()
    gone = read_document(FILE.replace(b"services: [Cut, Steam", b"services: [Steam"), "b.yaml")
    with pytest.raises(RefusedPlanError):
        await apply_document(shop.sessions, gone, shop.clock)
    assert len(await events(shop)) == len(opened), "neither looking, nor the same, nor what is refused"
    await apply_document(shop.sessions, dearer, shop.clock)
    [event] = (await events(shop))[len(opened) :]
    assert (event.kind, event.section, event.number) == ("changed", "services", shop.services["Cut"])
    assert event.data == {"currency": "EUR", "lines": [{"field": "price", "from": 35, "to": 40}]}
    said = await keeper.send(ShowHistory())
    assert "bellhop business apply: changed Cut (Services): Price: €35 → €40" in said
    assert f"№ {booked} · " in said
    assert "changed Cut" not in await keeper.send(ShowHistory(only=HistoryPart.VISITS))
    assert f"№ {booked} · " not in await keeper.send(ShowHistory(only=HistoryPart.SHOP))
    people = await keeper.send(ShowHistory(only=HistoryPart.PEOPLE))
    assert "changed Roles: Owners, Anna: — → ✓; Admins, " in people


async def test_each_way_through_the_chat_leaves_who_and_from_where(keeper: Keeper) -> None:
    stage = keeper.stage
    shop = stage.shop
    await keeper.open("Services", "Cut", "Price")
    await keeper.say("40")
    count = len(await events(shop))
    await keeper.press("Apply")
    assert await newest(shop) == ("chat", "editing.apply", OWNER, "changed", "services", "Cut")
    assert len(await events(shop)) == count + 1
    await keeper.press("Undo")
    assert await newest(shop) == ("chat", "editing.undo", OWNER, "changed", "services", "Cut")
    assert "Anna, in the chat (Undo): changed Cut (Services): Price: €40 → €35" in await keeper.send(
        ShowHistory()
    )
    await keeper.send(sent(keeper, FILE.replace(b"capacity: 4}", b"capacity: 6}", 1)))
    await keeper.walk("What would change?", "Apply")
    assert await newest(shop) == ("file", "editing.apply", OWNER, "changed", "services", "Dance")
    await keeper.open("Services", "Dance", "↑ Up", "Apply")
    assert "Anna, in the chat: changed the order of Services: Cut, Steam" in await keeper.send(ShowHistory())
    alice = Keeper(stage, ALICE)
    await alice.send(ShowTimeOff())
    await alice.walk("Wed, Nov 25", "Day off", "Apply")
    assert await newest(shop) == ("chat", "absence.apply", ALICE, "changed", "specialists", "Alice")
    assert "(time off): changed Alice (Specialists)" in await keeper.send(ShowHistory())
    await keeper.send(PauseBookings())
    await keeper.send(PauseBookings())
    assert await newest(shop) == ("chat", "pausing.pause", OWNER, "changed", "business", "")
    await keeper.send(ResumeBookings())
    said = await keeper.send(ShowHistory())
    assert said.count("(Pause): changed The business") == 2, "twice the same is once"
    keeper.stage.languages[OWNER] = "ru"
    said = await keeper.send(ShowHistory())
    assert "(пауза): изменено: О бизнесе" in said


async def test_days_and_languages_are_called_as_where_they_are_changed(keeper: Keeper) -> None:
    await keeper.open("Hours", "Bob", "✓ Su", "Closed", "Done", "Apply")
    assert "changed Bob (Specialists): Hours, Su: 09:00-18:00 → closed" in await keeper.send(ShowHistory())
    await keeper.open("Specialists", "Bob", "Single dates", "Add")
    await keeper.say("2026-12-24")
    await keeper.walk("Closed", "Done", "Apply")
    assert "Single dates, Thu, Dec 24: — → closed" in await keeper.send(ShowHistory())
    await keeper.open("Texts", "Welcome", "English")
    await keeper.say("Hello!")
    await keeper.press("Apply")
    assert "Welcome, English: — → Hello!" in await keeper.send(ShowHistory())


async def test_who_works_here_and_what_is_kept_of_them_until_they_are_forgotten(keeper: Keeper) -> None:
    stage = keeper.stage
    shop = stage.shop
    await stage.meet(BEN)
    await keeper.send(MakeInvitation(role="admin", days=7))
    assert await newest(shop) == ("chat", "team.make_invitation", OWNER, "invited", "invitations", "")
    await stage.type(AcceptInvitation(code=link_in(stage).code), BEN)
    assert await newest(shop) == ("chat", "team.accept", BEN, "changed", "roles", "")
    await keeper.send(TakeAway(what="admin", person_id=BEN))
    assert await newest(shop) == ("chat", "team.take_away", OWNER, "changed", "roles", "")
    stage.shop.clock.advance(timedelta(minutes=1))
    await keeper.send(MakeInvitation(role="owner", days=1))
    await keeper.send(ShowInvitations())
    await keeper.press("Revoke")
    assert (await newest(shop))[3] == "revoked"
    said = await keeper.send(ShowHistory(only=HistoryPart.PEOPLE))
    for line in (
        "(Team): took back an invitation: owner",
        "(Team): changed Roles: Admins, Anna: ✓ → —",
        "(invitation): changed Roles: Admins, Anna: — → ✓",
        "(Team): invited: admin",
    ):
        assert line in said
    await keeper.send(AskHistory())
    assert "invited" in await keeper.say("Anna")
    async with shop.sessions.begin() as session:
        await forget_people(session, [BEN])
    named = [each for each in await events(shop) if each.actor_id == BEN or BEN in (each.people or ())]
    assert named == []
    said = await keeper.send(ShowHistory(only=HistoryPart.PEOPLE))
    assert "—, in the chat (invitation): changed Roles\n" in said


async def test_an_entry_shows_its_own_history_and_finds_it_by_its_name(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.open("Services", "Cut", "Name")
    await keeper.say("Haircut")
    await keeper.press("Apply")
    await keeper.open("Services", "Haircut", "Price")
    await keeper.say("40")
    await keeper.press("Apply")
    said = await keeper.open("Services", "Haircut", "History")
    kinds = [line.partition(": ")[2] for line in said.splitlines() if ": " in line]
    assert [each.partition(" ")[0] for each in kinds] == ["changed", "changed", "added"]
    assert "changed Haircut (Services): Price: €35 → €40" in said
    await keeper.press("Export")
    _, *rows = newest_table(keeper.stage)
    assert len(rows) == len(kinds)
    assert rows[0][1:] == ["", "Anna, in the chat", "changed Haircut (Services): Price: €35 → €40"]
    await keeper.press("« Back")
    assert "Haircut" in await keeper.press("« Back")
    assert "changed The business" not in await keeper.open("Business", "The business", "History")
    await keeper.send(AskHistory())
    assert "Price: €35 → €40" in await keeper.say("hairc")
    for person in (ALICE, ANNA):
        for asked in (ShowHistory(), ShowEntryHistory(section="services", number=shop.services["Cut"])):
            assert await keeper.stage.type(asked, person) == "This is for administrators."
    for section, number in (("nowhere", 1), ("services", 2**62), ("services", -1), ("", 0)):
        said = await keeper.send(ShowEntryHistory(section=section, number=number))
        assert "Nothing is noted." in said
    unknown = {"currency": "XXX", "lines": [{"field": "gone", "member": 9, "from": None, "to": {"x": 1}}]}
    async with shop.sessions.begin() as session:
        about = {"business_id": shop.business_id, "section": "services", "source": "chat"}
        price = [{"field": "price", "from": "35", "to": "far too long…"}]
        session.add(
            BusinessEvent(**about, kind="changed", name="Cut", data={"lines": price, "currency": "EUR"})
        )
        session.add(BusinessEvent(**about, kind="new kind", name="Cut", data=unknown))
    said = await keeper.send(ShowHistory())
    assert "far too long…" in said
    assert "new kind: Cut" in said


async def test_one_business_sees_nothing_of_another(two: Two) -> None:
    before = len(await events(two.salon.shop))
    await two.barber.meet(OWNER)
    await two.barber.tap(PauseBookings(), OWNER)
    assert (await newest(two.barber.shop))[1] == "pausing.pause"
    assert len(await events(two.salon.shop)) == before
    await two.salon.meet(HER_OWNER)
    assert "Pause" not in await two.salon.type(ShowHistory(), HER_OWNER)


MANY: Final = 130


def test_what_is_noted_is_bounded() -> None:
    services = [f"  - {{name: S{number}, duration: 15m}}" for number in range(MANY)]
    head = "business: {name: B, timezone: UTC, currency: EUR}\nservices:\n"
    document = read_document((head + "\n".join(services)).encode(), "b.yaml")
    changes = make_plan(StoredBusiness(), document, [], Choices(), NOW).changes
    found = events_of(changes, "EUR")
    assert len(found) == MOST_EVENTS + 1
    assert found[-1].data == {"count": MANY + 1 - MOST_EVENTS}
