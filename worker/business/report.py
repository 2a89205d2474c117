"""A plan in lines of text, for a terminal or a log."""

from collections.abc import Iterator
from itertools import groupby
from zoneinfo import ZoneInfo

from worker.business.hits import Hit
from worker.business.identity import Rename
from worker.business.plan import ChangePlan, ChangeQuestion
from worker.business.stored import ComingVisit

MOST_VISITS = 100
"""So many visits are listed of one kind; of more than that only the number."""


def describe(plan: ChangePlan) -> list[str]:
    """Say what a plan does: what changes, and which visits it hits."""
    if not plan.changes:
        return [f"Nothing changed ({plan.unchanged} entries are as the file says)."]
    lines = [str(change) for change in plan.told]
    lines += [describe_rename(rename) for rename in plan.renames]
    lines.append(f"{len(plan.told)} changed, {plan.unchanged} unchanged.")
    return lines + [f"Warning: {line}" for line in (*plan.warnings, *_hits(plan))]


def describe_obstacles(plan: ChangePlan) -> list[str]:
    """Say what has to be said or mended before a plan can be carried out."""
    lines: list[str] = []
    for question in plan.questions:
        lines += describe_question(question)
    return lines


def describe_question(question: ChangeQuestion) -> list[str]:
    """Say a question with its answers."""
    return [question.text, *(f"  {option.argument}: {option.meaning}" for option in question.options)]


def describe_rename(rename: Rename) -> str:
    """Say what is taken to be a new name of the same, and how to say otherwise."""
    return (
        f"Taken to be the same {rename.label} under a new name: '{rename.before}' → '{rename.after}'. "
        f"If it is another one, give it an `id` of its own."
    )


def _hits(plan: ChangePlan) -> Iterator[str]:
    for why, hits in groupby(sorted(plan.hits, key=lambda hit: hit.why), key=lambda hit: hit.why):
        yield _group(why, list(hits), plan.zone)


def _group(why: str, hits: list[Hit], zone: ZoneInfo) -> str:
    lines = [f"{len(hits)} coming {'visit' if len(hits) == 1 else 'visits'} {why}"]
    lines += [f"  {_visit(hit.visit, zone)}" for hit in hits[:MOST_VISITS]]
    if len(hits) > MOST_VISITS:
        lines.append(f"  and {len(hits) - MOST_VISITS} more")
    return "\n".join(lines)


def _visit(visit: ComingVisit, zone: ZoneInfo) -> str:
    when = f"{visit.begins.astimezone(zone):%a %Y-%m-%d %H:%M}"
    line = f"№ {visit.number}, {when}: {visit.service} with {visit.specialist}, for {visit.customer}"
    return "".join(letter if letter.isprintable() else " " for letter in line)
