from worker.scheduling.workplaces import EVERY_DAY, Workplaces

MAIN, SIDE, OLD = 1, 2, 3
BOTH = Workplaces({0: (MAIN,), 1: (MAIN, SIDE), 3: (SIDE,)}, MAIN)


def test_a_visit_is_where_its_specialist_is_that_day() -> None:
    assert [BOTH.place(day) for day in (0, 1, 3)] == [MAIN, MAIN, SIDE]


def test_a_place_that_is_wanted_is_had_on_its_days_alone() -> None:
    assert BOTH.place(1, SIDE) == SIDE
    assert BOTH.place(0, SIDE) == MAIN
    assert BOTH.place(1, OLD) == MAIN


def test_a_day_that_nobody_named_is_at_the_first_place() -> None:
    assert BOTH.place(6) == MAIN
    assert BOTH.weekdays(MAIN) == {0, 1, 2, 4, 5, 6}
    assert BOTH.weekdays(SIDE) == {1, 3}
    assert BOTH.all == {MAIN, SIDE}


def test_who_has_no_place_is_nowhere() -> None:
    assert [Workplaces().place(day, MAIN) for day in EVERY_DAY] == [None] * 7
    assert Workplaces().all == frozenset()
