"""What operators see of two businesses in one database: the one that they ask about."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.clock import SystemClock
from tests.doubles import ManualClock
from tests.worker.shop import FILE, NOW, at
from tests.worker.stage import Stage
from tests.worker.two_businesses import FILES, SALON, Two
from worker.business.__main__ import main as business_main
from worker.business.apply import apply_document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions
from worker.dead import repository as dead_letters
from worker.doctor import postgres
from worker.doctor.findings import Finding, run_checks
from worker.slots.answer import SlotReport, find_answer
from worker.slots.arguments import read_arguments


async def test_a_dead_letter_is_seen_and_dropped_where_it_belongs(two: Two) -> None:
    async with two.barber.shop.sessions.begin() as session:
        await dead_letters.add(session, "update:1:1", "menu.home", {}, "x")
    [letter] = await dead_letters.find(two.barber.shop.sessions, ())
    assert await dead_letters.find(two.salon.shop.sessions, ()) == []
    assert await dead_letters.find(two.salon.shop.sessions, (letter.id,)) == []
    assert not await dead_letters.drop(two.salon.shop.sessions, letter)
    assert await dead_letters.drop(two.barber.shop.sessions, letter)


async def diagnosed(stage: Stage) -> dict[str, Finding]:
    database = postgres.DatabaseExaminer(stage.shop.sessions, SystemClock())
    found = await run_checks(postgres.REACH, postgres.OTHERS, database, str)
    return {finding.name: finding for finding in found}


async def test_the_doctor_looks_at_one_business(two: Two) -> None:
    async with two.salon.shop.sessions.begin() as session:
        await dead_letters.add(session, "update:1:1", "menu.home", {}, "x")
        await session.execute(text("UPDATE business SET timezone = 'Mars/Olympus' WHERE id = 2"))
    barber, salon = await diagnosed(two.barber), await diagnosed(two.salon)
    assert barber["business"].message == "Barber & Co: 4 services, 2 specialists"
    assert salon["business"].message == "Salon & Co: 4 services, 2 specialists"
    assert (barber["dead commands"].message, salon["dead commands"].message) == ("none", "1 failed for good")
    assert barber["business time zone"].message == "Europe/Berlin"
    assert "Mars/Olympus" in salon["business time zone"].message


async def slots(sessions: Sessions) -> SlotReport:
    day = str(at("10:00").date())
    question = read_arguments(["Cut", "--specialist", "Alice", "--from", day, "--to", day])
    async with sessions.begin() as session:
        return await find_answer(session, question, ManualClock(NOW))


async def test_slots_are_those_of_the_business_that_is_asked(two: Two) -> None:
    before = await slots(two.salon.shop.sessions)
    await two.barber.book("10:00")
    assert await slots(two.salon.shop.sessions) == before
    assert await slots(two.barber.shop.sessions) != before


async def exported(sessions: Sessions) -> str:
    async with sessions.begin() as session:
        document = (await read_business(session)).document
    assert document is not None
    return write_document(document)


async def test_a_business_file_changes_one_business(two: Two) -> None:
    before, written = await two.rows(two.salon), await exported(two.salon.shop.sessions)
    file = FILE.replace(b"name: Alice", b"name: Eve").replace(b"price: 35", b"price: 99")
    file = file.replace(b"owner: [1000]", b"owner: [7]").replace(b"Main street", b"Side street")
    await apply_document(two.barber.shop.sessions, read_document(file, "b.yaml"), SystemClock())
    assert await two.rows(two.salon) == before
    assert await exported(two.salon.shop.sessions) == written
    assert "Eve" in await exported(two.barber.shop.sessions)


async def test_tools_mean_the_business_of_the_setting(
    own_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", own_database_url)
    for number, file in FILES.items():
        monkeypatch.setenv("BUSINESS_ID", str(number))
        written = tmp_path / "business.yaml"
        written.write_bytes(file)
        assert await asyncio.to_thread(business_main, ["apply", str(written)]) == 0
    capsys.readouterr()
    for number, name in ((1, "Barber & Co"), (SALON, "Salon & Co")):
        monkeypatch.setenv("BUSINESS_ID", str(number))
        assert await asyncio.to_thread(business_main, ["export", "-"]) == 0
        assert name in capsys.readouterr().out
    monkeypatch.setenv("BUSINESS_ID", "3")
    assert await asyncio.to_thread(business_main, ["export", "-"]) == 1
    assert "There is no business yet" in capsys.readouterr().err
