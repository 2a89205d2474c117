"""Each rule is whole: oracle and generator know it, the page lists it, searching and checking agree."""

import re
from collections.abc import Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.running import ROOT
from tests.worker.scheduling.cases import Case, cases, with_busy
from tests.worker.scheduling.reference import REFERENCES
from worker.business.document import ServiceEntry, SpecialistEntry
from worker.business.fields import FileEntry, ValueKind
from worker.scheduling.calendars import Busy
from worker.scheduling.engine import check, find_slots, steps_around
from worker.scheduling.hours import stretches
from worker.scheduling.rules import RULES, Reason, Rule, Seconds, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.wallclock import DAY, day_of, instant

GUARDED_BY_CONSTRAINTS = {Reason.BOOKED, Reason.BUFFER, Reason.RESOURCE}
"""Of these PostgreSQL's exclusion constraints refuse the second of two people at the same moment."""
ENOUGH = settings(
    max_examples=2000, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
)
LENGTHS = (Seconds, Seconds | None)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)


def listed(page: str) -> list[str]:
    """Return the reasons that docs/slots.md explains, in the order of its table."""
    table = page.partition("| Reason |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \| \S", table, re.MULTILINE)


def missing(wanted: Sequence[str], found: Sequence[str]) -> str:
    lacking = [name for name in wanted if name not in found]
    beyond = [f"none of them is {name}" for name in found if name not in wanted]
    return ", ".join(lacking + beyond) or "none; the order differs"


def test_each_reason_has_one_rule() -> None:
    reasons = [rule.reason for rule in RULES]
    assert sorted(reasons) == sorted(Reason), f"without a rule in RULES: {missing(list(Reason), reasons)}"


def test_the_oracle_knows_each_rule() -> None:
    reasons = [rule.reason for rule in RULES]
    assert list(REFERENCES) == reasons, f"missing in REFERENCES: {missing(reasons, list(REFERENCES))}"


def test_an_example_shows_each_reason() -> None:
    examples = Path(__file__).with_name("test_examples.py").read_text(encoding="utf-8")
    shown = re.findall(r"Reason\.(\w+)", examples)
    unshown = [reason for reason in Reason if reason.name not in shown]
    assert not unshown, f"without an example in test_examples.py: {', '.join(unshown)}"


def test_the_generator_draws_each_figure() -> None:
    for policy, drawn in (
        (ServicePolicy, [name for known in REFERENCES.values() for name in known.service]),
        (SpecialistPolicy, [name for known in REFERENCES.values() for name in known.specialist]),
    ):
        figures = [field.name for field in fields(policy) if field.name != "id"]
        assert sorted(drawn) == sorted(figures), (
            f"{policy.__name__}: no strategy in REFERENCES draws {missing(figures, drawn)}"
        )


def test_the_page_explains_each_reason_in_order() -> None:
    page = (ROOT / "docs" / "slots.md").read_text()
    reasons = [rule.reason.value for rule in RULES]
    assert listed(page) == reasons, f"missing in docs/slots.md: {missing(reasons, listed(page))}"
    without = re.sub(r"^\| `notice`.*\n", "", page, flags=re.MULTILINE)
    assert missing(reasons, listed(without)) == "notice"


@pytest.mark.parametrize(
    ("policy", "entry"), [(ServicePolicy, ServiceEntry), (SpecialistPolicy, SpecialistEntry)]
)
def test_a_length_of_time_is_one_of_seconds(policy: type[Any], entry: type[FileEntry]) -> None:
    """The file and the database have it in minutes; what is not declared so would be read as it is there."""
    lengths = {name for name, spec in entry.specs.items() if spec.type.kind is ValueKind.DURATION}
    wrong = [each.name for each in fields(policy) if (each.name in lengths) != (each.type in LENGTHS)]
    assert not wrong, f"{policy.__name__}: a length of time is Seconds, and nothing else: {', '.join(wrong)}"


@each_rule
def test_generated_calendars_meet_the_rule(rule: Rule) -> None:
    def refuses(case: Case) -> bool:
        found = find_slots(case.query, case.first, case.last, explain=True)
        if rule.reason is Reason.GRID:  # every step is on the grid
            return any(check(case.query, start + 60) is rule.reason for start in found.slots)
        return any(refusal.reason is rule.reason for refusal in found.refused)

    find(cases(), refuses, settings=ENOUGH)


@given(cases(), st.integers(0, 2 * DAY))
def test_the_nearest_steps_hold_a_start_between_them(case: Case, later: int) -> None:
    start = instant(case.first, 0, case.query.zone) + later
    before, after = steps_around(case.query, start)
    assert before <= start < after == before + case.query.service.step


@each_rule
@settings(max_examples=50)
@given(cases(), st.data())
def test_a_rule_leaves_of_many_starts_those_that_it_leaves_alone(
    rule: Rule, case: Case, data: st.DataObject
) -> None:
    query, step = case.query, case.query.service.step
    around = stretches(query.calendar.hours, case.first, query.zone, query.service.duration)
    stretch = data.draw(st.sampled_from(around))
    run = range(data.draw(st.integers(stretch.begin, stretch.end - 1)), stretch.end, step)
    gap = data.draw(st.integers(0, len(run)))
    runs = [part for part in (run[:gap], run[gap + 1 :]) if part] or [run]
    one_by_one = [s for s in chain(*runs) if rule.leaves(query, stretch, [range(s, s + 1)])]
    left = rule.leaves(query, stretch, runs)
    assert all(left)
    assert list(chain(*left)) == one_by_one


@settings(max_examples=150)
@given(cases(), st.data())
def test_what_two_people_can_break_together_is_checked_under_a_lock(case: Case, data: st.DataObject) -> None:
    """Where either of two starts may be had, but not both, a constraint or a lock refuses the second."""
    slots = find_slots(case.query, case.first, case.last).slots
    if not slots:
        return
    with_other = with_busy(case.query, visit(case.query, data.draw(st.sampled_from(slots))))
    gone = sorted(set(slots).difference(find_slots(with_other, case.first, case.last).slots))
    reasons = {check(with_other, mine) for mine in (*gone[:2], *gone[-2:])}
    for rule in RULES:
        if rule.reason in reasons - GUARDED_BY_CONSTRAINTS:
            assert rule.needs_lock(case.query), f"the rule {rule.reason} counts: say needs_lock"


@each_rule
def test_a_rule_that_counts_says_what_is_in_the_way(rule: Rule) -> None:
    says = {each.name: getattr(rule, each.name) != each.default for each in fields(Rule)}
    assert says["in_the_way"] or not says["needs_lock"], f"the rule {rule.reason} counts: say in_the_way"


def visit(query: SlotQuery, start: int) -> Busy:
    """Make the visit that the query asks for."""
    service = query.service
    return Busy(
        busy_start=start - service.buffer_before,
        busy_end=start + service.duration + service.buffer_after,
        visit_start=start,
        visit_end=start + service.duration,
        service=service.id if service.capacity > 1 else None,
    )


@given(cases())
def test_the_visits_of_a_date_are_those_that_begin_on_it(case: Case) -> None:
    query = case.query
    expected = [taken for taken in query.calendar.busy if day_of(taken.visit_start, query.zone) == case.first]
    assert query.calendar.visits_on(case.first, query.zone) == expected
