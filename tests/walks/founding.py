"""A founder who answers and taps anything at all, from an empty database on, and now and then a customer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.doubles import ManualClock
from tests.kit.business import BUSINESS_ID
from tests.kit.engines import engine_to
from tests.walks.answers import PNG, answer
from tests.walks.checks.commands import check_commands
from tests.walks.checks.exports import check_export
from tests.walks.faults import errors_kept
from tests.walks.screens import Key, choose, keys_of
from tests.walks.walk import Walk
from tests.worker.shop import ANNA, NOW, Shop
from tests.worker.stage import BOSS, on_stage
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import make_sessions
from worker.db.models.catalogue import Service, Specialist

NAMES: Final = {BOSS: "Olga", ANNA: "Anna"}
FITTING: Final = (
    *(
        "Kati & Co",
        "Main street 1",
        "Berlin",
        "Minsk",
        "Europe/Lisbon",
        "Haircut",
        "Massage",
        "Boris",
        "Vera",
    ),
    *("50", "1h15m", "45m", "35", "from 30", "20-30", "free", "Mo-Fr 09:00-18:00; Sa 10-14", "mon-fri 9-18"),
    *(
        "DE-BY",
        "de",
        "EUR",
        "+49 30 1234567",
        "2026-12-24",
        "1d, 2h",
        "3",
        "10",
        "Wash and cut?",
        "Short, Long",
    ),
    *("Hello {name}, welcome to {business}!", "See you at {time}.\nRing twice.", "52.52, 13.405", "1002"),
)
UNFIT: Final = (
    *("\n".join(f"line {number}" for number in range(100)), "x" * 129, "x" * 3000, "Nowhere-upon-Nothing 99"),
    *(
        "Hi {nam}!",
        "{",
        "}{",
        "-5",
        "0",
        "25-99",
        "31.02",
        "soon",
        "/nothing",
        "<b>&",
        "\u202e\u200b",
        "*",
        "-",
    ),
    *("[1h", "&a [*a]", "👩‍👩‍👧‍👦" * 40, "Cut/Cut", "NaN", "1e9", "0m", "9999d", "PH off"),
)
PLACES: Final = ((52.5167, 13.3833), (0.0, -30.0), (55.75, 37.61), (89.9, 0.0))
TYPED: Final = ("start", "start", "admin", "admin", "admin", "cancel", "help", "today", "language")
PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=61), timedelta(days=2))
STEPS_BETWEEN: Final = 20
A_SHOP: Final = 400
"""After so many steps somebody else begins, at an empty database."""


@dataclass
class Founding(Walk):
    """One founder's chat, on one phone or two, and everything that was done in it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._often: dict[str, int] = {}

    async def begin(self) -> None:
        """Have the founder start the bot."""
        self.phones.write(BOSS, {"text": "/start"})
        await self.phones.deliver()

    async def step(self) -> str:
        """Do one thing, or two at the same moment; return what was done."""
        draw = self._random.random()
        if draw < 0.1:
            done = " | ".join([self._does(BOSS), self._does(BOSS)])
        elif draw < 0.16:
            done = self._says_twice()
        elif draw < 0.2:
            self.phones.repeats, done = True, f"twice: {self._does(BOSS)}"
        elif draw < 0.23:
            by = self._random.choice(PAUSES)
            await self.wait(by)
            done = f"{by} later"
        else:
            done = self._does(ANNA if draw > 0.92 else BOSS)
        await self.phones.deliver()
        self.phones.repeats = False
        await self._look()
        self.steps.append(done)
        return done

    def _does(self, person: int) -> str:
        shown = self.phones.shown(person)
        asked = bool(shown) and (shown[0].force_reply or "force_reply" in (shown[0].keyboard or {}))
        draw = self._random.random()
        if (asked and draw < 0.55) or draw < 0.03:
            return self._writes(person, self._said(person))
        keys = [key for message in shown[: 1 if draw < 0.9 else 8] for key in keys_of(message)]
        if not keys or draw > 0.95:
            return self._writes(person, {"text": f"/{self._command(person)}"})
        return self._taps(person, choose(self._random, keys, self._often))

    def _command(self, person: int) -> str:
        return "book" if person == ANNA else self._random.choice(TYPED)

    def _writes(self, person: int, said: dict[str, Any]) -> str:
        self.phones.write(person, said)
        return f"{NAMES[person]} says {str(said)[:80]}"

    def _says_twice(self) -> str:
        said = self._said(BOSS)
        return " | ".join([self._writes(BOSS, said), self._writes(BOSS, said)])

    def _taps(self, person: int, key: Key) -> str:
        self._often[key.kind] = self._often.get(key.kind, 0) + 1
        if key.link is not None:
            return self._writes(person, {"text": f"/start {key.link}"})
        self.phones.press(person, key.message, key.button)
        return f"{NAMES[person]} taps {key.button['text']!r} ({key.kind}) under {key.message.id}"

    def _said(self, person: int) -> dict[str, Any]:
        """Draw an answer: one that may fit, one that fits nowhere, or no words at all."""
        draw = self._random.random()
        if draw < 0.5:
            return {"text": self._random.choice(FITTING)}
        if draw < 0.78:
            return {"text": self._random.choice(UNFIT)}
        if draw < 0.84:
            latitude, longitude = self._random.choice(PLACES)
            return {"location": {"latitude": latitude, "longitude": longitude}}
        if draw < 0.9:
            return {"photo": {"data": PNG, "mime_type": "image/png", "name": "photo.png"}}
        return answer(self._random, person)

    async def found(self) -> list[str]:
        """Return what is not as it has to be: a command that failed, a shop that is there by half."""
        findings = [each async for each in check_commands(self)]
        async with self.stage.shop.sessions() as session:
            document = (await read_business(session)).document
            half = [
                await session.scalar(select(func.count()).select_from(each)) for each in (Service, Specialist)
            ]
        if document is None:
            return findings + (["there is no business, but a part of one"] if any(half) else [])
        return findings + _not_whole(document)


def _not_whole(document: Document) -> list[str]:
    again = read_document(write_document(document).encode(), "export")
    wrong = [] if again == document else ["the shop's file is read as another shop"]
    return wrong if BOSS in document.roles.owner else [*wrong, "its founder does not own the shop"]


@dataclass(frozen=True)
class Founded:
    """What came of a founder's walk."""

    steps: list[str]
    findings: list[str]
    opened: bool
    kinds: frozenset[str]


async def found_shop(url: str, empty: AsyncEngine, *, seed: int, steps: int) -> Founded:
    """Walk in an empty database; `empty` is another one, for what the shop exports in the end."""
    async with engine_to(url) as engine:
        shop = Shop(make_sessions(engine, BUSINESS_ID), ManualClock(NOW), {}, {})
        async with on_stage(shop) as stage:
            for number, name in NAMES.items():
                await stage.telegram.user(number, first_name=name)
            with errors_kept() as log:
                walk = Founding(stage, seed, log)
                return await _walk(walk, empty, steps)


async def _walk(walk: Founding, empty: AsyncEngine, steps: int) -> Founded:
    findings: list[str] = []
    await walk.begin()
    for number in range(1, steps + 1):
        await walk.step()
        if number % STEPS_BETWEEN == 0 or number == steps:
            await walk.settle()
            findings += [f"by step {number}: {each}" for each in await walk.found() if not findings]
    async with walk.stage.shop.sessions() as session:
        opened = (await read_business(session)).document is not None
    findings += await check_export(walk, empty) if opened else []
    return Founded(walk.steps, findings, opened, frozenset(walk.phones.kinds))
