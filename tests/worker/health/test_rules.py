"""When owners are told of a trouble, whatever comes and goes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.running import ROOT
from worker.doctor import backups, bots, machine, postgres, redis, telegram
from worker.doctor.findings import Finding, Level
from worker.health.rules import (
    AGAIN,
    DEPENDENCIES,
    FINDINGS,
    HOLDS,
    OPERATORS_ALONE,
    Trouble,
    TroubleState,
    Word,
    follow,
    seen,
)
from worker.health.views import MEANINGS, NAMES, SECTIONS

START: Final = datetime(2026, 11, 29, 12, tzinfo=UTC)
LOOKS: Final = st.lists(st.tuples(st.integers(1, 700), st.booleans()), max_size=60)
"""After how many minutes each look came, and whether the trouble was there."""
CHECKS: Final = (
    *(check.name for check in machine.CHECKS),
    *(check.name for check in (postgres.REACH, *postgres.OTHERS)),
    *(check.name for check in (redis.REACH, *redis.OTHERS)),
    *(check.name for check in (telegram.REACH, *telegram.OTHERS)),
    *(check.name for check in bots.CHECKS),
    backups.BACKUP.name,
)


def findings(**levels: Level) -> list[Finding]:
    """Return what the doctor says; names are written with underscores, and what is not named is well."""
    given = {name.replace("_", " "): level for name, level in levels.items()}
    return [Finding(name, given.get(name, Level.OK), "as it is", "what to do") for name in CHECKS]


def test_every_check_of_the_doctor_is_some_trouble_or_expressly_none() -> None:
    assert set(CHECKS) == {*FINDINGS, *OPERATORS_ALONE, *DEPENDENCIES}


def test_every_trouble_has_words_and_a_page_that_is_there() -> None:
    assert set(NAMES) == set(MEANINGS) == set(Trouble)
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8").splitlines()
    assert {f"## {section}" for section in (*SECTIONS.values(), "When something is wrong")} <= set(page)


def test_a_warning_is_told_only_where_the_doctor_knows_no_worse() -> None:
    assert not any(seen(findings(queue=Level.WARNING, second_bot=Level.WARNING)).values())
    found = seen(findings(queue=Level.FAILURE, last_backup=Level.WARNING, dead_commands=Level.WARNING))
    assert {each for each, there in found.items() if there} == {
        Trouble.COMMANDS,
        Trouble.BACKUP,
        Trouble.FAILED,
    }


def test_nothing_is_said_of_what_could_not_be_looked_at() -> None:
    assert Trouble.BACKUP not in seen(findings(last_backup=Level.SKIPPED))


@pytest.mark.parametrize("away", ["Telegram", "PostgreSQL", "Redis"])
def test_an_outage_concludes_nothing(away: str) -> None:
    assert seen(findings(**{away: Level.FAILURE}, outbox=Level.FAILURE, dead_commands=Level.WARNING)) == {}


def test_a_token_that_is_refused_is_told_from_a_telegram_that_is_away() -> None:
    others = [each for each in findings(outbox=Level.FAILURE) if each.name != "Telegram"]
    refused = Finding("Telegram", Level.FAILURE, "refuses the token: Unauthorized", "copy it again")
    assert seen([refused, *others]) == {Trouble.REFUSED: True}


@given(LOOKS, st.sampled_from(Trouble))
def test_it_is_told_once_a_day_at_most_and_over_once_after_each(
    looks: list[tuple[int, bool]], trouble: Trouble
) -> None:
    now, state = START, None
    said: list[tuple[datetime, Word]] = []
    bad_since: datetime | None = None
    good_since: datetime | None = None
    for minutes, there in looks:
        now += timedelta(minutes=minutes)
        bad_since = (bad_since or now) if there else bad_since
        good_since = None if there else (good_since or now)
        state, word = follow(trouble, state, now, there=there)
        if word is Word.ILL:
            assert there
            assert bad_since is not None
            assert now - bad_since >= HOLDS
        if word is Word.OVER:
            assert good_since is not None
            assert now - good_since >= HOLDS
            assert said[-1][1] is Word.ILL
        if word is not None:
            said.append((now, word))
    ill = [moment for moment, word in said if word is Word.ILL]
    assert all(after - before >= AGAIN for before, after in pairwise(ill))


@given(LOOKS, st.sampled_from(Trouble))
def test_what_is_over_for_a_day_leaves_nothing(looks: list[tuple[int, bool]], trouble: Trouble) -> None:
    now, state = START, None
    for minutes, there in looks:
        now += timedelta(minutes=minutes)
        state, _ = follow(trouble, state, now, there=there)
    for later in (timedelta(0), HOLDS, AGAIN):
        state, _ = follow(trouble, state, now + later, there=False)
    assert state is None or state.since is None
    assert follow(trouble, state, now + 2 * AGAIN, there=False) == (None, None)


def test_what_lasts_is_told_again_the_next_day() -> None:
    state = TroubleState(START, None, START + HOLDS)
    before, word = follow(Trouble.FAILED, state, START + AGAIN, there=True)
    assert (before, word) == (state, None)
    after, word = follow(Trouble.FAILED, state, START + HOLDS + AGAIN, there=True)
    assert word is Word.ILL
    assert after == TroubleState(START, None, START + HOLDS + AGAIN)
