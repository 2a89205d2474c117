"""Changes in the chat: what was shown is what is applied, whoever else changes the shop or a visit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.menu import ShowHome
from shared.i18n.translator import load_translators
from tests.kit.business import BUSINESS_ID
from tests.kit.retrying import KeptRetries
from tests.kit.wiring import make_settings
from tests.worker.business.test_races import waiting
from tests.worker.shop import ADMIN, FILE, OWNER, Shop, open_shop
from tests.worker.stage import Stage, on_stage
from worker.business.apply import Edit, PlannedChange, apply_document
from worker.business.document import Document, SpecialistEntry
from worker.business.edits import with_change
from worker.business.export import write_document
from worker.business.opening import Week
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.business.stored import StoredBusiness
from worker.capabilities import make_environment
from worker.db.engine import make_engine, make_sessions
from worker.proposals import views
from worker.proposals.proposal import KEPT_FOR, Proposal, apply, load, propose
from worker.runtime.context import RequestContext
from worker.runtime.repository import UNFOUNDED, User

HOURS = "hours"
MORNINGS: Week = dict.fromkeys(range(7), ((540, 720),))
"""Alice works from nine to twelve, and no longer until six."""
ENGLISH = load_translators().choose("en")


@pytest.fixture
async def stage(own_database_url: str) -> AsyncIterator[Stage]:
    """A stage whose shop may be changed."""
    engine = make_engine(own_database_url)
    async with on_stage(await open_shop(make_sessions(engine, BUSINESS_ID))) as stage:
        yield stage
    await engine.dispose()


def mornings(shop: Shop) -> Edit:
    def edit(stored: StoredBusiness) -> Document | None:
        return with_change(
            stored, SpecialistEntry, shop.specialists["Alice"], lambda entry: replace(entry, hours=MORNINGS)
        )

    return edit


@asynccontextmanager
async def asking(stage: Stage, person: int = OWNER) -> AsyncIterator[RequestContext]:
    """Give what a handler is given, in a transaction that is committed behind the block."""
    async with stage.shop.sessions.begin() as session:
        yield RequestContext(
            session=session,
            now=stage.shop.clock.now(),
            envelope=stage.envelope(ShowHome(), person),
            business=UNFOUNDED,
            user=User(person, "Olga", None, None, None, None, reachable=True, menu=None),
            texts=ENGLISH,
            environment=make_environment(make_settings(), load_translators(), KeptRetries()),
            specialist_id=None,
            roles=frozenset({"owner"}),
        )


async def offered(stage: Stage, person: int = OWNER) -> Proposal:
    async with asking(stage, person) as context:
        proposal = await propose(context, HOURS, {"half": "morning"}, mornings(stage.shop))
    assert proposal is not None
    return proposal


async def applied(
    stage: Stage, proposal: Proposal, person: int = OWNER
) -> PlannedChange | Proposal | str | None:
    """Apply it; 'gone' where it cannot be any more."""
    async with asking(stage, person) as context:
        draft = await load(context, HOURS, proposal.ref)
        return "gone" if draft is None else await apply(context, draft, mornings(stage.shop))


async def document(shop: Shop) -> Document:
    async with shop.sessions() as session:
        found = (await read_business(session)).document
    assert found is not None
    return found


async def hours_of_alice(shop: Shop) -> object:
    return (await document(shop)).specialists[0].hours


def numbers(proposal: Proposal) -> list[int]:
    return [hit.visit.number for hit in proposal.change.plan.hits]


async def test_what_was_shown_is_applied_once_and_is_in_the_file(stage: Stage) -> None:
    shop = stage.shop
    late = await stage.book("15:00")
    await stage.book("10:00", 4)
    proposal = await offered(stage)
    assert numbers(proposal) == [late]
    visits = [hit.visit for hit in proposal.change.plan.hits]
    [line] = views.visit_lines(ENGLISH, visits, proposal.change.plan.zone)
    assert line == "• Wed, Nov 25, 15:00–15:45 Cut, Anna (Alice)"
    assert (await hours_of_alice(shop)) != MORNINGS
    assert isinstance(await applied(stage, proposal), PlannedChange)
    assert (await hours_of_alice(shop)) == MORNINGS
    assert await applied(stage, proposal) == "gone"
    file = write_document(await document(shop)).encode()
    assert (await apply_document(shop.sessions, read_document(file, "b.yaml"), shop.clock)).changes == []


async def test_a_visit_that_was_booked_meanwhile_is_shown_first(stage: Stage) -> None:
    proposal = await offered(stage)
    late = await stage.book("15:00")
    anew = await applied(stage, proposal)
    assert isinstance(anew, Proposal)
    assert numbers(anew) == [late]
    assert (await hours_of_alice(stage.shop)) != MORNINGS
    assert await applied(stage, proposal) == "gone", "what the button of before showed is not so any more"
    await stage.book("10:00", 4)
    assert isinstance(await applied(stage, anew), PlannedChange)


async def test_what_somebody_else_changed_meanwhile_stays(stage: Stage) -> None:
    proposal = await offered(stage)
    dearer = FILE.replace(b"price: 35", b"price: 40")
    await apply_document(stage.shop.sessions, read_document(dearer, "b.yaml"), stage.shop.clock)
    assert isinstance(await applied(stage, proposal), PlannedChange)
    found = await document(stage.shop)
    assert str(found.services[0].price) != str(read_document(FILE, "b.yaml").services[0].price)
    assert found.specialists[0].hours == MORNINGS


async def test_two_who_change_the_same_at_once_both_see_what_stands(stage: Stage) -> None:
    """The second waits for the first, and is shown that nothing is left to do."""
    shop = stage.shop
    first, second = await offered(stage), await offered(stage, ADMIN)
    async with asking(stage) as context:
        draft = await load(context, HOURS, first.ref)
        assert draft is not None
        assert isinstance(await apply(context, draft, mornings(shop)), PlannedChange)
        async with waiting(shop.sessions, applied(stage, second, ADMIN)) as other:
            await context.session.commit()
    seen = await other
    assert isinstance(seen, Proposal)
    assert seen.change.plan.changes == []


async def test_who_books_while_a_change_is_applied_finds_the_new_hours(stage: Stage) -> None:
    shop = stage.shop
    proposal = await offered(stage)
    async with asking(stage) as context:
        draft = await load(context, HOURS, proposal.ref)
        assert draft is not None
        await apply(context, draft, mornings(shop))
        async with waiting(shop.sessions, shop.place(shop.wish("Cut", "Alice", "15:00"))) as booking:
            await context.session.commit()
    await booking
    assert await shop.live() == []


async def test_what_is_gone_or_anothers_or_too_old_is_not_applied(stage: Stage) -> None:
    shop = stage.shop
    proposal = await offered(stage)
    assert await applied(stage, proposal, ADMIN) == "gone"
    shop.clock.advance(KEPT_FOR + timedelta(seconds=1))
    assert await applied(stage, proposal) == "gone"
    proposal = await offered(stage)
    gone = FILE.replace(b"name: Alice, telegram_id: 1001", b"id: other, name: Zoe")
    await apply_document(shop.sessions, read_document(gone, "b.yaml"), shop.clock)
    assert await applied(stage, proposal) is None
    async with asking(stage) as context:
        assert await propose(context, HOURS, {}, mornings(shop)) is None
