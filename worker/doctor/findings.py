"""What a check found, and how checks are run so that none hides another."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

CHECK_SECONDS = 10.0


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"
    """It could not be looked at, because what it needs failed; that failure is in the report."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says: how it is, and what to do about it."""

    level: Level
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and the check it comes from."""

    name: str
    level: Level
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Check[T]:
    """One thing to look at in a dependency."""

    name: str
    run: Callable[[T], Awaitable[Verdict]]
    hint: str = ""
    """What to do where it cannot even be looked at."""
    advise: Callable[[Exception], str] | None = None
    """Knows better what to do about some of what is raised; empty for the rest."""

    def remedy(self, error: Exception) -> str:
        """Say what to do about what the check raised."""
        return (self.advise(error) if self.advise else "") or self.hint


def good(message: str) -> Verdict:
    """Say that all is well."""
    return Verdict(Level.OK, message)


def warn(message: str, hint: str) -> Verdict:
    """Say that it works, and may not for long or not as promised."""
    return Verdict(Level.WARNING, message, hint)


def fail(message: str, hint: str) -> Verdict:
    """Say that it does not work."""
    return Verdict(Level.FAILURE, message, hint)


def grade(message: str, value: float, limits: tuple[float, float], hint: str) -> Verdict:
    """Warn from the first limit on, fail from the second."""
    if value >= limits[1]:
        return fail(message, hint)
    return warn(message, hint) if value >= limits[0] else good(message)


async def run_check[T](check: Check[T], target: T, explain: Callable[[Exception], str]) -> Finding:
    """Run one check; whatever it raises becomes its finding."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            verdict = await check.run(target)
    except TimeoutError:
        verdict = fail(f"no answer within {CHECK_SECONDS:g} s", check.hint or "is it overloaded?")
    except Exception as error:  # noqa: BLE001 - a check that breaks must not take the others along
        verdict = fail(explain(error), check.remedy(error))
    return Finding(check.name, verdict.level, verdict.message, verdict.hint)


async def run_checks[T](
    reach: Check[T], others: Sequence[Check[T]], target: T, explain: Callable[[Exception], str]
) -> list[Finding]:
    """Run a dependency's checks, one after another; without reaching it, there is nothing else to look at."""
    reached = await run_check(reach, target, explain)
    if reached.level is Level.FAILURE:
        return [reached, *skip(others, f"needs {reach.name}")]
    return [reached, *[await run_check(check, target, explain) for check in others]]


def skip[T](checks: Iterable[Check[T]], reason: str) -> list[Finding]:
    """Say of checks that they could not be run."""
    return [Finding(check.name, Level.SKIPPED, reason) for check in checks]


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 0 for all well, 1 for warnings, 2 for failures."""
    levels = {finding.level for finding in findings}
    if Level.FAILURE in levels:
        return 2
    return 1 if Level.WARNING in levels else 0
