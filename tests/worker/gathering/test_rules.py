"""How many can come, until when, and whose link it is."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.gathering import ShowGathering
from shared.links import follow
from worker.together.rules import MOST, GatheringLink, has_time, sizes
from worker.visits.rules import TO_ANSWER

TOKEN = "123:abc"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@given(left=st.integers(-3, 60))
def test_at_least_two_come_and_never_more_than_there_are_places(left: int) -> None:
    choices = sizes(left)
    assert all(2 <= each <= min(left, MOST) for each in choices)
    assert len(choices) == max(0, min(left, MOST) - 1)


@given(seconds=st.integers(-1000, 5000))
def test_friends_have_time_where_there_are_minutes_to_answer(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert has_time(NOW + length, NOW) == (length >= TO_ANSWER)
    assert not has_time(None, NOW)


@given(number=st.integers(1, 10**12), business=st.integers(1, 100))
def test_a_link_leads_to_its_own_and_to_no_other(number: int, business: int) -> None:
    link = GatheringLink(business, number)
    assert follow(link.argument(TOKEN)) == ShowGathering(number=number, code=link.code(TOKEN))
    assert len(link.argument(TOKEN)) <= 64
    assert link.is_of(link.code(TOKEN), TOKEN)
    for other in (GatheringLink(business, number + 1), GatheringLink(business + 1, number)):
        assert not other.is_of(link.code(TOKEN), TOKEN)
    assert not link.is_of(link.code("456:def"), TOKEN)
    assert not link.is_of("ä", TOKEN)
