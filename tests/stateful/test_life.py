"""Some lives of visits, drawn the same each time; `make walk-stateful` draws others."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.ground import Ground
from tests.stateful.life import Life

DRAWN = settings(max_examples=6, stateful_step_count=30, suppress_health_check=list(HealthCheck))


def test_whatever_becomes_of_visits_everything_stays_true(own_database_url: str) -> None:
    with Ground(own_database_url) as ground:
        run_state_machine_as_test(lambda: Life(ground), settings=DRAWN)
