"""When all units of a resource are taken: as counting starts one by one finds it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from worker.scheduling.resources import all_blocked

UNITS = 3


@given(st.lists(st.tuples(st.integers(0, UNITS - 1), st.integers(0, 30), st.integers(1, 9)), max_size=16))
def test_a_start_is_blocked_where_each_unit_is_taken(drawn: list[tuple[int, int, int]]) -> None:
    stretches = [(unit, after, after + length) for unit, after, length in drawn]
    found = all_blocked(stretches, UNITS)
    assert {start for each in found for start in inside(*each)} == set.intersection(
        *(
            {start for of, *each in stretches if of == unit for start in inside(*each)}
            for unit in range(UNITS)
        )
    )
    assert all(one[1] <= other[0] for one, other in pairwise(found)), "in order, apart"


def inside(after: int, before: int) -> range:
    return range(after + 1, before)
