"""`python -m tests.stateful`: machines are drawn from a seed for as long as one likes."""

import argparse
import asyncio
import shutil
import sys
from time import perf_counter
from typing import Final

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.running import make_data_directory, migrate
from tests.stateful.ground import Ground
from tests.stateful.life import Life
from tests.stateful.machine import Machine
from tests.stateful.two_admins import TwoAdmins

MACHINES: Final[dict[str, type[Machine]]] = {"life": Life, "admins": TwoAdmins}
A_RUN: Final = 100
"""So many steps are made in one shop."""


def main() -> int:
    """Run the machines; exit code 1 where something is found."""
    options = _options()
    data = make_data_directory()
    cluster = PostgresCluster(data, fsync=False)
    try:
        with asyncio.Runner() as runner:
            url = runner.run(_start(cluster))
            try:
                return max(_run(url, name, options) for name in options.machines or MACHINES)
            finally:
                runner.run(cluster.kill())
    finally:
        shutil.rmtree(data, ignore_errors=True)


async def _start(cluster: PostgresCluster) -> str:
    await cluster.start()
    migrate(await cluster.create_database(TEMPLATE))
    return await cluster.create_database("stateful", template=TEMPLATE)


def _run(url: str, name: str, options: argparse.Namespace) -> int:
    begun, machine = perf_counter(), MACHINES[name]
    machine.made = machine.runs = 0
    drawn = settings(
        max_examples=max(1, options.steps // options.run),
        stateful_step_count=options.run,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate, *([Phase.shrink] if options.shrink else [])],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.normal,
    )
    found = ""
    with Ground(url) as ground:
        try:
            drawn_from = seed(options.seed)(lambda: machine(ground))
            run_state_machine_as_test(drawn_from, settings=drawn)  # type: ignore[arg-type]  # what makes one will do
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            notes = [str(each) for each in getattr(error, "__notes__", ())]
            found = "\n".join(
                [f"FOUND {each}" for each in dict.fromkeys([*ground.found, repr(error)])] + notes
            )
    lines = [found] if found else []
    lines.append(
        f"Machine {name}, seed {options.seed}: {machine.made} steps in {machine.runs} shops, "
        f"{'something' if found else 'nothing'} found, {perf_counter() - begun:.0f} s."
    )
    sys.stdout.write("\n".join([*lines, ""]))
    sys.stdout.flush()
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stateful", description=__doc__)
    parser.add_argument("--steps", type=int, default=2000, help="of each machine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", type=int, default=A_RUN, help="how many steps are made in one shop")
    parser.add_argument("--shrink", action="store_true", help="make what is found short; that takes minutes")
    parser.add_argument("machines", nargs="*", choices=[*MACHINES, []], help="which; all of them")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
