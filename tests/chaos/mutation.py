"""`python -m tests.chaos.mutation`: take each guard out in turn and show that a run then fails."""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.findings import Promise
from tests.chaos.mutants import MUTANTS, Mutant
from tests.chaos.report import Verdict
from tests.chaos.run import Plan, run
from tests.running import make_data_directory


@dataclass(frozen=True)
class Trial:
    """What became of one mutant."""

    guard: str
    verdict: Verdict
    caught_by: Sequence[Promise]

    def line(self) -> str:
        """Write it as a row of the table."""
        if not self.caught_by:
            others = sorted({one.promise.value for one in self.verdict.findings})
            return f"{self.guard:<24} NOT CAUGHT; complaints: {', '.join(others) or 'none'}"
        counts = (
            f"{promise.value} ({sum(one.promise is promise for one in self.verdict.findings)})"
            for promise in self.caught_by
        )
        return f"{self.guard:<24} {', '.join(counts)}"


async def try_out(name: str, seed: int) -> Trial:
    """Run without one guard."""
    mutant: Mutant = MUTANTS[name]
    plan = Plan(
        seed=seed, worker_module=("tests.chaos.mutants", name), say=lambda _line: None, **mutant.options
    )
    data = make_data_directory()
    try:
        verdict = await run(plan, data)
    finally:
        await asyncio.to_thread(shutil.rmtree, data, ignore_errors=True)
    complaints = {one.promise for one in verdict.findings}
    return Trial(mutant.guard, verdict, sorted(mutant.caught_by & complaints))


def main() -> int:
    """Try the mutants and print who caught which; exit code 1 when one got through."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GUARD", help=f"of {', '.join(MUTANTS)}; all without any")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    caught = True
    sys.stdout.write(f"{'guard taken out':<24} caught by\n")
    for name in options.names or MUTANTS:
        trial = asyncio.run(try_out(name, options.seed))
        sys.stdout.write(f"{trial.line()}\n")
        sys.stdout.flush()
        caught = caught and bool(trial.caught_by)
    return 0 if caught else 1


if __name__ == "__main__":
    sys.exit(main())
