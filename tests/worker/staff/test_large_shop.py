"""A shop far larger than most: all there is can be reached by turning pages, and Telegram takes each."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from sandbox.postgres import PostgresCluster
from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import ShowServices, ShowSoonest, ShowSpecialists
from shared.contracts.staff import ShowAgenda, ShowStaffCard
from tests.conftest import TEMPLATE
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ADMIN, BEN, CARLA, at, open_shop
from tests.worker.stage import Stage, on_stage
from worker.db.engine import make_engine, make_sessions
from worker.db.models.booking import Booking

SERVICES, SPECIALISTS, VISITS_EACH = 100, 50, 5
LONGEST = 64

type Turned = ShowAgenda | ShowServices | ShowSpecialists
LANGUAGES = {"de": BEN, "ru": CARLA}


def long_name(what: str, number: int) -> str:
    """Make a name of the greatest length, with a character that takes two of UTF-16."""
    return f"{what} {number} 💇 ".ljust(LONGEST, "W")


def file() -> bytes:
    services = [long_name("Frisieren", n) for n in range(SERVICES)]
    lines = [
        "business: {name: Salon, timezone: Europe/Berlin, currency: EUR, language: en}",
        "services:",
        *(f"  - {{name: '{name}', duration: 30m, min_notice: 0m}}" for name in services),
        "specialists:",
        *(
            f"  - {{name: '{long_name('Александра', n)}', services: {services if n == 0 else services[:1]},"
            " hours: {mon-sun: ['00:00-24:00']}}"
            for n in range(SPECIALISTS)
        ),
        "roles: {owner: [1000], admin: [1003]}",
    ]
    return "\n".join(lines).encode()


@pytest_asyncio.fixture
async def large(postgres_cluster: PostgresCluster) -> AsyncIterator[Stage]:
    url = await postgres_cluster.create_database("bellhop_large", template=TEMPLATE)
    engine = make_engine(url)
    shop = await open_shop(make_sessions(engine, BUSINESS_ID), file())
    async with on_stage(shop) as stage:
        await stage.meet(ADMIN, *LANGUAGES.values())
        yield stage
    await engine.dispose()
    await postgres_cluster.drop_database("bellhop_large")


async def fill_the_day(stage: Stage) -> set[int]:
    """Book visits of one day with everybody; return their ids."""
    service = next(number for name, number in stage.shop.services.items() if name == name_of_first())
    customers = await stage.shop.crowd(SPECIALISTS * VISITS_EACH)
    rows = []
    for place, specialist in enumerate(stage.shop.specialists.values()):
        for n in range(VISITS_EACH):
            begins = at("10:00", 1) + timedelta(minutes=40 * n)
            span = Range(begins, begins + timedelta(minutes=30))
            about = stage.shop.about(customers[place * VISITS_EACH + n])
            rows.append(
                {**about, "service_id": service, "specialist_id": specialist, "during": span, "busy": span}
            )
    async with stage.shop.sessions.begin() as session:
        found = await session.scalars(insert(Booking).returning(Booking.id), rows)
        return set(found)


def name_of_first() -> str:
    return long_name("Frisieren", 0).strip()


async def shown(stage: Stage, first: Turned, person: int) -> AsyncIterator[Command]:
    """Turn the pages of what a command shows to the last; yield what each button asks for."""
    asked: Turned | None = first
    while asked is not None:
        answer = await stage.tap(asked, person)
        [message] = [each for each in stage.messages(person) if each["message_id"] == answer.message]
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        commands = [unpack(button["callback_data"]) for button in buttons if "callback_data" in button]
        for command in commands:
            yield command
        following = asked.model_copy(update={"page": asked.page + 1})
        asked = following if following in commands else None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everything_is_reached_by_turning_pages(large: Stage, language: str) -> None:
    """Many visits of a day, services and specialists, all with the longest names."""
    person, shop = LANGUAGES[language], large.shop
    large.languages |= {person: language, ADMIN: language}
    visits = await fill_the_day(large)
    agenda = ShowAgenda(days=1, first=at("10:00", 1).date())
    day = [each async for each in shown(large, agenda, ADMIN) if isinstance(each, ShowStaffCard)]
    assert len(day) == len(visits)
    assert {each.booking_id for each in day} == visits
    services = [
        each async for each in shown(large, ShowServices(), person) if isinstance(each, ShowSpecialists)
    ]
    assert {each.service_id for each in services} == set(shop.services.values())
    asked = ShowSpecialists(service_id=shop.services[name_of_first()])
    specialists = {
        each.specialist_id async for each in shown(large, asked, person) if isinstance(each, ShowSoonest)
    }
    assert specialists - {None} == set(shop.specialists.values())
    card = await large.tap(day[-1], ADMIN)
    assert name_of_first()[:20] in card.text
