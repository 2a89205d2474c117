"""Drafts, whatever is done with them in whatever order: only the newest version of one's own counts."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import DraftRef
from tests.worker.shop import ANNA, BEN, Shop
from worker.drafts import repository
from worker.drafts.repository import KEPT_FOR, MOST_DRAFTS

KINDS = ("note", "form")
PEOPLE = (ANNA, BEN)

steps = st.lists(
    st.tuples(
        st.sampled_from(["create", "create", "save", "save", "discard", "wait"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(KINDS),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=15,
)


@dataclass(frozen=True)
class Known:
    """A draft as it ought to stand."""

    person: int
    kind: str
    ref: DraftRef
    data: dict[str, Any]
    until: timedelta


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_any_sequence(shop: Shop, steps: list[tuple[str, int, str, int, int]]) -> None:
    there: list[Known] = []
    gone: list[Known] = []
    passed, start = timedelta(), shop.clock.now()
    async with shop.sessions() as session:
        for action, person, kind, number, value in steps:
            now = start + passed
            chosen = there[number % len(there)] if there else None
            if action == "wait":
                passed += KEPT_FOR * value / 20
            elif action == "create" or chosen is None:
                ref = await repository.create(session, person, kind, {"value": value}, now)
                there.append(Known(person, kind, ref, {"value": value}, passed + KEPT_FOR))
            elif (draft := await load(session, shop, chosen, passed)) is not None:
                there.remove(chosen)
                gone.append(chosen)
                if action == "save":
                    ref = await repository.save(session, replace(draft, data={"value": value}), now)
                    there.append(replace(chosen, ref=ref, data={"value": value}, until=passed + KEPT_FOR))
                else:
                    await repository.discard(session, draft)
        for known in there:
            draft = await load(session, shop, known, passed)
            assert (draft and draft.data) == (known.data if known.until > passed else None)
            for other in somebody_elses(known):
                assert await load(session, shop, other, passed) is None
        for known in gone:
            assert await load(session, shop, known, passed) is None
        await session.rollback()


async def test_of_too_many_the_oldest_go(shop: Shop) -> None:
    now = shop.clock.now()
    async with shop.sessions() as session:
        refs = [await repository.create(session, ANNA, "note", {}, now) for _ in range(MOST_DRAFTS + 2)]
        other = await repository.create(session, BEN, "note", {}, now)
        found = [await repository.load(session, ANNA, "note", ref, now) is not None for ref in refs]
        assert found == [False, False, *[True] * MOST_DRAFTS]
        assert await repository.load(session, BEN, "note", other, now)
        await session.rollback()


def somebody_elses(known: Known) -> list[Known]:
    """Return what nobody may find: another person's, another kind's, a version that is still to come."""
    newer = known.ref.model_copy(update={"version": known.ref.version + 1})
    return [
        replace(known, person=next(each for each in PEOPLE if each != known.person)),
        replace(known, kind=next(each for each in KINDS if each != known.kind)),
        replace(known, ref=newer),
    ]


async def load(
    session: AsyncSession, shop: Shop, known: Known, passed: timedelta
) -> repository.DraftData | None:
    return await repository.load(session, known.person, known.kind, known.ref, shop.clock.now() + passed)
