"""What `python -m worker.business apply` says, asks and refuses."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.worker.business.test_apply import CLOCK, apply, book, scalar
from tests.worker.business.test_reader import BARBER
from worker.business import __main__ as command
from worker.db.clock import DatabaseClock
from worker.db.engine import Sessions

WITHOUT = BARBER.replace("services: [Haircut]", "services: []")
LISTED = [
    "Warning: 2 coming visits for 'Haircut' with 'Alice', who no longer does it",
    "  № 1, Mon 2026-11-23 09:00: Haircut with Alice, for P ",
    "  № 2, Mon 2026-11-23 14:00: Haircut with Alice, for P ",
]
ASKED = "What becomes of 2 coming visits that nobody offers any more?"
OPTIONS = """\
  --keep: they stay booked as they are
  --cancel-with "WORDS": they are cancelled, and each customer is told so in these words"""
LONDON = BARBER.replace("Europe/Berlin", "Europe/London")
STATES = "SELECT string_agg(DISTINCT status, ' ') FROM booking WHERE id < 3"
BEGINS = "SELECT to_char(min(lower(during)) FILTER (WHERE id < 3) AT TIME ZONE 'UTC', 'HH24:MI') FROM booking"

type Run = Callable[..., Coroutine[Any, Any, tuple[int, str, str]]]


@pytest_asyncio.fixture
async def run(
    sessions: Sessions, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Apply a file to a business with two visits to come, with the arguments, as the command line does."""
    await apply(sessions, BARBER)
    await book(sessions)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(DatabaseClock, "now", lambda _: CLOCK.now())

    async def applied(content: str, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "b.yaml"
        await asyncio.to_thread(file.write_text, content)
        code = await asyncio.to_thread(command.main, ["apply", str(file), *arguments])
        return code, *capsys.readouterr()

    return applied


def sits_there(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Have somebody sit at the terminal and answer; return what they will have been asked."""
    asked: list[str] = []
    left = list(answers)

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return left.pop(0)

    monkeypatch.setattr(command, "_has_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    return asked


async def test_nothing_is_written_that_would_strand_somebody(run: Run, sessions: Sessions) -> None:
    code, out, err = await run(WITHOUT)
    assert (code, out) == (1, "")
    assert [line for line in err.splitlines() if line in LISTED] == LISTED
    assert err.endswith(f"{ASKED}\n{OPTIONS}\nNothing was changed.\n")
    assert await scalar(sessions, "SELECT count(*) FROM specialist_service") == 1


async def test_a_dry_run_says_it_all_and_writes_nothing(run: Run, sessions: Sessions) -> None:
    code, out, err = await run(WITHOUT, "--dry-run")
    assert (code, out.splitlines()[-1], err) == (0, "Nothing was written.", "")
    assert {*LISTED, ASKED} <= set(out.splitlines())
    assert await scalar(sessions, "SELECT count(*) FROM specialist_service") == 1


async def test_it_is_done_where_it_is_said_what_becomes_of_them(run: Run, sessions: Sessions) -> None:
    code, out, err = await run(WITHOUT, "--keep")
    assert (code, out.splitlines()[-3:], err) == (0, LISTED, "")
    assert await scalar(sessions, "SELECT count(*) FROM specialist_service") == 0


@pytest.mark.parametrize(("answer", "price"), [("y", 40), ("YES ", 40), ("", 35), ("n", 35), ("no", 35)])
async def test_somebody_at_a_terminal_is_asked(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, answer: str, price: int
) -> None:
    asked = sits_there(monkeypatch, answer)
    code, out, err = await run(BARBER.replace("price: 35", "price: 40"))
    assert "  price: 35 → 40" in out.splitlines()
    assert asked == ["Apply? [y/N] "]
    assert await scalar(sessions, "SELECT lower(price) FROM service") == price
    assert (code, err) == ((0, "") if price == 40 else (1, "Nothing was changed.\n"))


async def test_somebody_who_wants_no_question_is_asked_none(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = sits_there(monkeypatch)
    assert (await run(BARBER))[0] == 0
    assert (await run(BARBER.replace("price: 35", "price: 40"), "--yes"))[0] == 0
    assert await scalar(sessions, "SELECT lower(price) FROM service") == 40
    assert asked == []


@pytest.mark.parametrize(
    ("answers", "code", "states"),
    [
        (["1", "y"], 0, "confirmed"),
        (["2", " Sorry! ", "y"], 0, "cancelled"),
        (["2", "  "], 1, "confirmed"),
        (["1", ""], 1, "confirmed"),
        (["3"], 1, "confirmed"),
    ],
)
async def test_somebody_at_a_terminal_says_what_becomes_of_visits(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, answers: list[str], code: int, states: str
) -> None:
    asked = sits_there(monkeypatch, *answers)
    assert (await run(WITHOUT))[0] == code
    assert len(asked) == len(answers)
    assert await scalar(sessions, STATES) == states
    assert await scalar(sessions, "SELECT count(*) FROM specialist_service") == code


@pytest.mark.parametrize(
    ("answers", "arguments", "code", "begins"),
    [
        (["1", "y"], [], 0, "09:00"),
        (["2", "y"], [], 0, "08:00"),
        ([], ["--yes", "--keep-clock"], 0, "09:00"),
        ([], ["--yes", "--keep-instant"], 0, "08:00"),
        ([], ["--yes"], 1, "08:00"),
    ],
)
async def test_a_corrected_zone_is_asked_about(
    run: Run,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[str],
    arguments: list[str],
    code: int,
    begins: str,
) -> None:
    sits_there(monkeypatch, *answers)
    assert (await run(LONDON, *arguments))[0] == code
    assert await scalar(sessions, BEGINS) == begins


@pytest.mark.parametrize(("answer", "rows"), [("", ["Haircut & wash"]), ("n", ["Haircut", "Haircut & wash"])])
async def test_what_looks_like_a_new_name_is_asked_about(
    run: Run, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, answer: str, rows: list[str]
) -> None:
    asked = sits_there(monkeypatch, answer, *(["1"] if answer else []), "y")
    assert (await run(BARBER.replace("Haircut", "Haircut & wash")))[0] == 0
    assert asked[0] == "Is the service 'Haircut' now called 'Haircut & wash'? [Y/n] "
    assert await scalar(sessions, "SELECT array_agg(name ORDER BY id) FROM service") == rows


async def test_what_makes_no_sense_with_what_is_stored_is_refused_by_line(run: Run) -> None:
    wax = BARBER.replace("[Haircut]", "[Wax]").replace("{name: Haircut,", "{name: Wax, was: Haircot,")
    code, out, err = await run(wax)
    assert (code, out) == (1, "")
    assert "b.yaml:4: services[0].was: 'Haircot' is not a service here; did you mean Haircut?" in err
