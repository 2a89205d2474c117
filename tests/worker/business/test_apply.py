import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.doubles import ManualClock
from tests.worker.business.test_reader import BARBER
from worker.business.__main__ import main
from worker.business.apply import UNSAID, OtherPlanError, RefusedPlanError, apply_document, plan_document
from worker.business.consequences import CollisionError
from worker.business.document import Document
from worker.business.plan import ChangePlan, Choices, KeepVisits
from worker.business.reader import read_document
from worker.business.zones import Constant
from worker.db.engine import Sessions

CLOCK = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


KEEP = Choices(stranded=KeepVisits())


def document(content: str) -> Document:
    return read_document(content.encode(), "b.yaml")


async def apply(sessions: Sessions, content: str, choices: Choices = UNSAID) -> ChangePlan:
    return await apply_document(sessions, document(content), CLOCK, choices)


async def changes(sessions: Sessions, content: str) -> list[str]:
    return [str(change) for change in (await apply(sessions, content)).told]


def hits(plan: ChangePlan) -> list[str]:
    return [f"№ {hit.visit.number} {hit.why}{', stranded' if hit.strands else ''}" for hit in plan.hits]


async def scalar(sessions: Sessions, query: str) -> object:
    async with sessions.begin() as session:
        return (await session.execute(text(query))).scalar()


async def test_applying_again_changes_nothing(sessions: Sessions) -> None:
    assert await changes(sessions, BARBER) == [
        "business 'Barber & Co' added",
        "location 'Main street' added",
        "service 'Haircut' added",
        "specialist 'Alice' added",
        "roles changed\n  owner: added 1000",
    ]
    again = await apply(sessions, BARBER)
    assert (again.changes, again.unchanged) == ([], 3)


async def test_what_is_gone_becomes_inactive_and_can_come_back(sessions: Sessions) -> None:
    await apply(sessions, BARBER)
    bob = BARBER.replace("Alice", "Bob").replace("1001", "1002").replace("price: 35", "price: 40.50")
    assert await changes(sessions, bob) == [
        "service 'Haircut' changed\n  price: 35 → 40.50",
        "specialist 'Bob' added",
        "specialist 'Alice' no longer offered",
    ]
    assert await scalar(sessions, "SELECT array_agg(name ORDER BY id) FROM specialist") == ["Alice", "Bob"]
    back = await changes(sessions, BARBER)
    assert "specialist 'Alice' back again" in back
    assert await scalar(sessions, "SELECT telegram_id FROM specialist WHERE name = 'Alice'") == 1001


async def test_telegram_ids_may_be_swapped(sessions: Sessions) -> None:
    one = BARBER.replace("roles:", "  - {name: Bob, telegram_id: 1002}\nroles:")
    other = one.replace("1002", "x").replace("1001", "1002").replace("x}", "1001}")
    await apply(sessions, one)
    assert await changes(sessions, other) == [
        "specialist 'Alice' changed\n  telegram_id: 1001 → 1002",
        "specialist 'Bob' changed\n  telegram_id: 1002 → 1001",
    ]


async def test_the_order_is_the_files(sessions: Sessions) -> None:
    pair = ["  - {name: Bob}\n", "  - {name: Carol}\n"]
    head, tail = BARBER.split("roles:")
    await apply(sessions, f"{head}{''.join(pair)}roles:{tail}")
    assert await changes(sessions, f"{head}{''.join(reversed(pair))}roles:{tail}") == [
        "order of specialists changed"
    ]


async def test_services_in_another_order_change_nobody_who_does_them(sessions: Sessions) -> None:
    pair = ["  - {name: Cut, duration: 45m}\n", "  - {name: Shave, duration: 20m}\n"]
    head = "business: {name: B, timezone: Europe/Berlin, currency: EUR}\nservices:\n"
    tail = "specialists: [{name: Alice, services: [Cut, Shave]}]\n"
    await apply(sessions, f"{head}{''.join(pair)}{tail}")
    assert await changes(sessions, f"{head}{''.join(reversed(pair))}{tail}") == ["order of services changed"]


COMING = ("2026-11-23 08:00Z", "2026-11-23 13:00Z")
"""One morning and one afternoon to come."""


async def book(sessions: Sessions, *starts: str) -> None:
    """Book Alice's Haircut at these instants, by default those that are coming, and once in the past."""
    visits = [f"('{start}'::timestamptz)" for start in (*(starts or COMING), "2026-11-16 13:00Z")]
    async with sessions.begin() as session:
        await session.execute(text("INSERT INTO person (business_id, id, first_name) VALUES (1, 5, 'P\x1b')"))
        await session.execute(
            text(f"""
                INSERT INTO booking (business_id, service_id, specialist_id,
                    customer_id, during, busy, status, price, currency)
                SELECT business_id, service_id, specialist_id, 5, visit, visit, 'confirmed', NULL, 'EUR'
                FROM specialist_service, (VALUES {", ".join(visits)}) AS starts (start),
                    LATERAL tstzrange(start, start + interval '45 minutes') AS visit
            """)  # noqa: S608 - the test's own words
        )


async def test_coming_visits_that_no_longer_fit_are_named(sessions: Sessions) -> None:
    await apply(sessions, BARBER)
    await book(sessions)
    shorter = BARBER.replace(', "14:00-18:00"', "")
    assert hits(await apply(sessions, shorter)) == ["№ 2 with 'Alice' outside the new hours"]
    again = await apply(sessions, shorter.replace("Barber & Co", "Barber"))
    assert hits(again) == []  # it was outside before


GONE = {
    "specialist": (
        BARBER.replace("Alice", "Bob").replace("1001", "1002"),
        "with 'Alice', who is no longer offered",
    ),
    "service": (
        BARBER.replace("Haircut", "Shave").replace("45m", "20m"),
        "for 'Haircut', which is no longer offered",
    ),
    "both": (
        BARBER.replace("services: [Haircut]", "services: []"),
        "for 'Haircut' with 'Alice', who no longer does it",
    ),
}


@pytest.mark.parametrize(("content", "why"), GONE.values(), ids=GONE)
async def test_nobody_is_stranded_unless_somebody_says_so(sessions: Sessions, content: str, why: str) -> None:
    await apply(sessions, BARBER)
    await book(sessions)
    with pytest.raises(RefusedPlanError) as refused:
        await apply(sessions, content)
    assert hits(refused.value.plan) == [f"№ {number} {why}, stranded" for number in (1, 2)]
    assert (await apply(sessions, BARBER)).changes == []  # nothing was changed
    assert (await apply(sessions, content, KEEP)).told
    assert await scalar(sessions, "SELECT count(*) FROM booking WHERE status = 'confirmed'") == 3
    # Who was kept is not asked about again.
    assert hits(await apply(sessions, content.replace("Barber & Co", "Barber"))) == []


async def test_a_new_name_is_no_new_thing(sessions: Sessions) -> None:
    await apply(sessions, BARBER)
    await book(sessions)
    plan = await apply(sessions, BARBER.replace("Alice", "Alice Brown").replace("Haircut", "Haircut & wash"))
    assert [str(change) for change in plan.told] == [
        "service 'Haircut & wash' changed\n  name: Haircut → Haircut & wash",
        "specialist 'Alice Brown' changed\n  name: Alice → Alice Brown",
    ]
    assert [rename.before for rename in plan.renames] == ["Haircut"]  # she has her Telegram id
    assert hits(plan) == []
    count = "SELECT count(*) FROM {} AS one JOIN booking ON booking.{} = one.id WHERE one.name = '{}'"
    assert await scalar(sessions, count.format("service", "service_id", "Haircut & wash")) == 3
    assert await scalar(sessions, count.format("specialist", "specialist_id", "Alice Brown")) == 3
    assert await scalar(sessions, "SELECT count(*) FROM specialist_service") == 1


async def test_clock_times_that_become_one_instant_are_refused(sessions: Sessions) -> None:
    """In the night on which Berlin's clocks go from 2:00 to 3:00, 2:00 is no time of its own there."""
    utc = BARBER.replace("Europe/Berlin", "UTC")
    await apply(sessions, utc)
    await book(sessions, "2027-03-28 02:00Z", "2027-03-28 03:00Z")
    with pytest.raises(CollisionError, match="№ 2 cannot keep its clock time"):
        await apply(sessions, BARBER, Choices(constant=Constant.CLOCK))
    assert (await apply(sessions, utc)).changes == []
    assert (await apply(sessions, BARBER, Choices(constant=Constant.INSTANT))).told


async def test_what_was_shown_is_what_is_done(sessions: Sessions) -> None:
    await apply(sessions, BARBER)
    dearer = document(BARBER.replace("price: 35", "price: 40").replace(', "14:00-18:00"', ""))
    shown = await plan_document(sessions, dearer, CLOCK)
    assert await scalar(sessions, "SELECT lower(price) FROM service") == 35
    await book(sessions)  # meanwhile, and one of them outside the new hours
    with pytest.raises(OtherPlanError):
        await apply_document(sessions, dearer, CLOCK, shown=shown)
    assert await scalar(sessions, "SELECT lower(price) FROM service") == 35
    shown = await plan_document(sessions, dearer, CLOCK)
    assert await apply_document(sessions, dearer, CLOCK, shown=shown) == shown
    assert await scalar(sessions, "SELECT lower(price) FROM service") == 40


async def test_two_at_once_go_one_after_the_other(sessions: Sessions) -> None:
    done = await asyncio.gather(*[apply(sessions, BARBER) for _ in range(4)])
    assert sorted(len(plan.told) for plan in done) == [0, 0, 0, 5]


async def run(database_url: str, *arguments: str, given: str = "") -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker.business", *arguments),
        env={**os.environ, "DATABASE_URL": database_url},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode())
    return process.returncode, out.decode(), err.decode()


async def test_as_a_process(database_url: str, tmp_path: Path) -> None:
    assert await run(database_url, "export", "-") == (
        1,
        "",
        "There is no business yet: apply a file first.\n",
    )
    code, out, _ = await run(database_url, "apply", "-", given=BARBER)
    assert (code, out.splitlines()[-1]) == (0, "5 changed, 0 unchanged.")
    file = str(tmp_path / "barber.yaml")
    assert await run(database_url, "export", file) == (0, f"{file} written.\n", "")
    code, out, _ = await run(database_url, "apply", file)
    assert (code, out) == (0, "Nothing changed (3 entries are as the file says).\n")
    code, out, _ = await run(database_url, "apply", "-", given=BARBER.replace("45m", "50m"))
    told = ["service 'Haircut' changed", "  duration: 45m → 50m", "1 changed, 2 unchanged."]
    assert (code, out.splitlines()) == (0, told)
    code, out, err = await run(database_url, "apply", "-", given=BARBER.replace("45m", "45 minutes"))
    message = "services[0].duration: '45 minutes' is not a duration; write 45m, 2h or 1d"
    assert (code, out, err) == (1, "", f"<stdin>:4: {message}\n")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), ([], 2), (["apply"], 2), (["undo", "x"], 2)]
)
def test_usage(arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == code


def test_without_a_database_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://me:hush@127.0.0.1:1/x")
    assert main(["export", str(tmp_path / "x")]) == 1
    err = capsys.readouterr().err
    assert err.startswith("The database cannot be reached: ")
    assert "hush" not in err
