"""A few steps of each machine, drawn the same each time; `make walk-machines` goes on."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.ground import Ground
from tests.stateful.life import Life
from tests.stateful.two_admins import TwoAdmins

DRAWN = settings(max_examples=4, stateful_step_count=25, suppress_health_check=list(HealthCheck))


def test_whatever_becomes_of_visits_everything_stays_true(own_database_url: str) -> None:
    with Ground(own_database_url) as ground:
        run_state_machine_as_test(lambda: Life(ground), settings=DRAWN)  # type: ignore[arg-type]  # what makes one will do


def test_whatever_two_admins_change_at_once_nothing_is_lost(own_database_url: str) -> None:
    with Ground(own_database_url) as ground:
        run_state_machine_as_test(lambda: TwoAdmins(ground), settings=DRAWN)  # type: ignore[arg-type]  # what makes one will do
