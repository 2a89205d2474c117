"""What bars a customer from a visit: pure rules over what they have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.worker.placement.visits import visit_at
from worker.placement.rules import MOST_MOVES, Allowance, Bar, Intent, Standing, barred, overlaps
from worker.visits.repository import Visit

DAY = datetime(2026, 11, 25, tzinfo=UTC)
moments = st.integers(0, 40).map(lambda quarter: DAY + timedelta(minutes=15 * quarter))
lengths = st.integers(1, 8).map(lambda quarter: 15 * quarter)
visits = st.lists(
    st.builds(lambda start, minutes, service: visit_at(start, minutes, service_id=service),
              moments, lengths, st.integers(1, 2)),
    max_size=7,
)  # fmt: skip
intents = st.builds(
    lambda start, minutes, service: Intent(service, start, start + timedelta(minutes=minutes)),
    moments, lengths, st.integers(1, 2),
)  # fmt: skip
standings = st.builds(
    Standing,
    st.booleans(),
    st.integers(0, 8),
    st.builds(Allowance, st.integers(1, 6), st.integers(1, 6)),
    st.sampled_from([0, MOST_MOVES]),
)


def quarters(begin: datetime, end: datetime) -> set[datetime]:
    return {begin + timedelta(minutes=15 * number) for number in range(int((end - begin).seconds / 900))}


@given(intents, visits)
def test_what_overlaps_shares_a_quarter_of_an_hour(intent: Intent, own: list[Visit]) -> None:
    wanted = quarters(intent.start, intent.end)
    assert overlaps(intent, own) == [each for each in own if wanted & quarters(each.start, each.end)]


@given(intents, standings, visits)
def test_the_people_who_work_here_may_place_all_but_the_same_visit(
    intent: Intent, standing: Standing, own: list[Visit]
) -> None:
    found = barred(replace(intent, limited=False, anyway=True), standing, own)
    same = [each for each in own if (each.service_id, each.start) == (intent.service_id, intent.start)]
    assert (found is None) == (not same)
    assert found is None or (found.bar, found.visits) == (Bar.SAME, same)


@given(intents, standings, visits, st.data())
def test_a_move_is_not_counted_and_its_own_time_is_no_obstacle(
    intent: Intent, standing: Standing, own: list[Visit], data: st.DataObject
) -> None:
    if not own:
        return
    moved = data.draw(st.sampled_from(own))
    found = barred(replace(intent, moving=moved.id), standing, own)
    often = standing.moved >= MOST_MOVES
    assert found is not None or not often or not intent.limited
    assert found is None or found.bar in {Bar.BLOCKED, Bar.SAME, Bar.MOVED if often else Bar.OVERLAP}
    assert found is None or moved not in found.visits


@given(intents, standings, visits)
def test_a_limit_is_kept_and_no_sooner_said(intent: Intent, standing: Standing, own: list[Visit]) -> None:
    found = barred(replace(intent, anyway=True), standing, own)
    limits, many, fickle = standing.limits, len(own), standing.cancelled
    if found is None:
        assert not standing.blocked
        assert many < limits.max_upcoming
        assert fickle < limits.max_cancelled
    elif found.bar is Bar.UPCOMING:
        assert found.count == many >= limits.max_upcoming
    elif found.bar is Bar.CANCELLED:
        assert found.count == fickle >= limits.max_cancelled
    else:
        assert found.bar is (Bar.BLOCKED if standing.blocked else Bar.SAME)


@given(intents, visits)
def test_what_overlaps_is_allowed_once_it_was_said(intent: Intent, own: list[Visit]) -> None:
    plenty = Standing(limits=Allowance(1000, 1000))
    told, wanted = barred(intent, plenty, own), barred(replace(intent, anyway=True), plenty, own)
    if told is not None and told.bar is Bar.OVERLAP:
        assert wanted is None
        assert told.visits == overlaps(intent, own) != []
    else:
        assert told == wanted
