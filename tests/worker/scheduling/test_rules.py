"""Each rule is whole: oracle and generator know it, the page lists it, searching and checking agree."""

import re
from collections.abc import Sequence
from dataclasses import fields
from itertools import chain

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.running import ROOT
from tests.worker.scheduling.cases import Case, cases, with_busy
from tests.worker.scheduling.reference import REFERENCES
from worker.scheduling.calendars import Busy
from worker.scheduling.engine import check, find_slots, steps_around
from worker.scheduling.hours import stretches
from worker.scheduling.rules import RULES, Reason, Rule, ServicePolicy, SlotQuery, SpecialistPolicy
from worker.scheduling.wallclock import DAY, day_of, instant

GUARDED_BY_CONSTRAINTS = {Reason.BOOKED, Reason.BUFFER, Reason.RESOURCE}
"""Of these PostgreSQL's exclusion constraints refuse the second of two people at the same moment."""
ENOUGH = settings(
    max_examples=2000, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)


def listed(page: str) -> list[str]:
    """Return the reasons that docs/slots.md explains, in the order of its table."""
    table = page.partition("| Reason |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \| \S", table, re.MULTILINE)


def missing(wanted: Sequence[str], found: Sequence[str]) -> str:
    return ", ".join(name for name in wanted if name not in found) or "none; the order differs"


def test_each_reason_has_one_rule() -> None:
    reasons = [rule.reason for rule in RULES]
    assert sorted(reasons) == sorted(Reason), f"without a rule in RULES: {missing(list(Reason), reasons)}"


def test_the_oracle_knows_each_rule() -> None:
    reasons = [rule.reason for rule in RULES]
    assert list(REFERENCES) == reasons, f"missing in REFERENCES: {missing(reasons, list(REFERENCES))}"


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


@given(cases(), st.data())
def test_what_two_people_can_break_together_is_checked_under_a_lock(case: Case, data: st.DataObject) -> None:
    """Where either of two starts may be had, but not both, a constraint or a lock refuses the second."""
    slots = find_slots(case.query, case.first, case.last).slots
    if not slots:
        return
    mine, other = (data.draw(st.sampled_from(slots)) for _ in range(2))
    reason = check(with_busy(case.query, visit(case.query, other)), mine)
    if reason is not None and reason not in GUARDED_BY_CONSTRAINTS:
        [rule] = [rule for rule in RULES if rule.reason is reason]
        assert rule.needs_lock(case.query), f"the rule {reason} counts: say needs_lock"


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
