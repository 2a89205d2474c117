"""`python -m tests.chaos.mutation`: take each guard out in turn and show that a run then fails."""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.findings import Promise
from tests.chaos.mutants import CONTROL, MUTANTS, Mutant
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
    module = ("tests.chaos.mutants", name)
    verdict = await _run(Plan(seed=seed, worker_module=module, say=_say_nothing, **mutant.options))
    complaints = {one.promise for one in verdict.findings}
    return Trial(mutant.guard, verdict, sorted(mutant.caught_by & complaints))


async def _run(plan: Plan) -> Verdict:
    data = make_data_directory()
    try:
        return await run(plan, data)
    finally:
        await asyncio.to_thread(shutil.rmtree, data, ignore_errors=True)


def _nothing_found(seed: int) -> bool:
    """Run with every guard in its place: what catches mutants must not complain without one."""
    verdict = asyncio.run(_run(Plan(seed=seed, say=_say_nothing, **CONTROL)))
    sys.stdout.write(f"{'none':<24} {'nothing, as it should be' if verdict.ok else verdict.as_table()}\n")
    sys.stdout.flush()
    return verdict.ok


def _say_nothing(_line: str) -> None:
    """Keep the table together."""


def main() -> int:
    """Try the mutants and print who caught which; exit code 1 when one got through."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutation", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GUARD", help=f"of {', '.join(MUTANTS)}; all without any")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.write(f"{'guard taken out':<24} caught by\n")
    caught = bool(options.names) or _nothing_found(options.seed)
    for name in options.names or MUTANTS:
        trial = asyncio.run(try_out(name, options.seed))
        sys.stdout.write(f"{trial.line()}\n")
        sys.stdout.flush()
        caught = caught and bool(trial.caught_by)
    return 0 if caught else 1


if __name__ == "__main__":
    sys.exit(main())
