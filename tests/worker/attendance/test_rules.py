"""When a visit can be marked, and which mark can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.placement.visits import visit_at
from worker.attendance.rules import (
    Hindrance,
    obstacle_to_mark,
    obstacle_to_undo,
    possible_marks,
    undoable_mark,
)
from worker.db.models.booking import LIVE, Mark, Status
from worker.visits.rules import Obstacle

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
END = START + timedelta(minutes=45)
A_MINUTE = timedelta(minutes=1)

marks = st.sampled_from(Mark)
seen = st.none() | marks
moments = st.integers(-3 * 1440, 3 * 1440).map(lambda minute: START + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("now", "possible"),
    [
        (START - timedelta(hours=2) - A_MINUTE, []),
        (START - timedelta(hours=2), [Mark.ARRIVED]),
        (START - A_MINUTE, [Mark.ARRIVED]),
        (START, list(Mark)),
        (END - A_MINUTE, list(Mark)),
        (END, [Mark.DONE, Mark.NO_SHOW]),
        (END + timedelta(days=1) - A_MINUTE, [Mark.DONE, Mark.NO_SHOW]),
        (END + timedelta(days=1), []),
    ],
)
def test_a_mark_is_possible_from_when_it_can_be_true_until_the_day_after(
    now: datetime, possible: list[Mark]
) -> None:
    assert possible_marks(visit_at(START), now) == possible


@pytest.mark.parametrize(("mark", "then"), [(Mark.ARRIVED, [Mark.DONE]), (Mark.DONE, []), (Mark.NO_SHOW, [])])
def test_only_who_arrived_is_marked_again(mark: Mark, then: list[Mark]) -> None:
    assert possible_marks(visit_at(START, mark=mark), START) == then


@given(seen, seen, moments)
def test_just_the_mark_that_was_seen_is_taken_back_and_until_the_day_after(
    mark: Mark | None, wanted: Mark | None, now: datetime
) -> None:
    visit = visit_at(START, mark=mark)
    late = now >= END + timedelta(days=1)
    assert (undoable_mark(visit, now) is not None) == (mark is not None and not late)
    if wanted is not None:
        expected = Hindrance.TOO_LATE if late else None if wanted is mark else Hindrance.MARKED
        assert obstacle_to_undo(visit, 1, wanted, now) is expected


@given(marks, seen, st.sampled_from([Status.DONE, Status.NO_SHOW, Status.CANCELLED]), moments)
def test_what_is_closed_or_cancelled_is_marked_no_more(
    mark: Mark, before: Mark | None, status: Status, now: datetime
) -> None:
    assert status not in LIVE
    visit = visit_at(START, status=status, mark=before)
    found = obstacle_to_mark(visit, 1, mark, now)
    assert found is (Obstacle.CANCELLED if status is Status.CANCELLED else Hindrance.TOO_LATE)
    assert obstacle_to_undo(visit, 1, mark, now) is found


@given(marks, seen)
def test_a_card_from_before_a_move_marks_nothing(mark: Mark, before: Mark | None) -> None:
    visit = visit_at(START, version=2, mark=before)
    assert obstacle_to_mark(visit, 1, mark, START) is Obstacle.STALE
    assert obstacle_to_undo(visit, 1, mark, START) is Obstacle.STALE


def test_a_forged_mark_is_none() -> None:
    assert obstacle_to_undo(visit_at(START), 1, "en", START) is Hindrance.MARKED
