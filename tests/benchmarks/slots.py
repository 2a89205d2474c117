"""How long slots take to compute, in milliseconds: the engine alone, and from a tap on with a full database.

Of the engine, `calendars` is the making of the specialists' calendars from rows, `month view` which days
have a slot, `anyone` every slot of every specialist, merged, `explain` the same for one specialist with every
refusal. Busy ranges are spread over a year; `booked up` leaves no slot at all, the month view's worst case.

From a tap on is the worker's whole decision: who asks, the calendars from PostgreSQL, the slots, the
keyboard. `few` bookings are those of the month alone, `many` are those of a year. `cpu_ms` is what of it the
worker's own processor time is, with many: the rest waits for PostgreSQL, or for the machine.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text

from shared.contracts.booking import ShowDay, ShowMonth
from shared.envelope import AnyCommand
from tests.benchmarks.conditions import BASINS, CHAIRS, Conditions, open_conditions
from tests.benchmarks.deciding import Decider
from tests.benchmarks.system import SPECIALISTS, TEAM_CUT, Bench
from tests.kit.business import BUSINESS_ID
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.engine import check, days_with_slots, find_slots, merge
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rules import ServicePolicy, SlotQuery
from worker.scheduling.wallclock import instant

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 3, 1)
MONTH = FIRST + timedelta(days=30)
NOW = instant(FIRST - timedelta(days=1), 720, BERLIN)
POLICY = ServicePolicy(
    id=1,
    duration=2700,
    buffer_before=0,
    buffer_after=600,
    step=900,
    min_notice=7200,
    horizon=60 * 86_400,
)
WEEK = dict.fromkeys(range(6), ((540, 780), (840, 1080)))
PERSON = 700_001
"""Who asks: the visits are others', as nobody has hundreds ahead."""
NEAR_DAYS = 45
DAYS_AT_ONCE = 15
"""Of visits that are written: no statement may take as long as all of them."""

PEOPLE = text("""
    INSERT INTO person (business_id, id, first_name)
    SELECT 1, :person + n, 'Quill' FROM generate_series(0, :specialists) AS n
""")
VISITS = text("""
    INSERT INTO booking (
        business_id, service_id, specialist_id, customer_id, during, busy, status, price, currency, units
    )
    SELECT 1, 2, 1 + n % :specialists, :person + 1 + n % :specialists, during, during, 'confirmed',
      numrange(20, 20, '[]'), 'EUR',
      int8multirange(VARIADIC array_remove(ARRAY[
        CASE WHEN n % :specialists < :chairs THEN int8range(1000 + place, 1001 + place) END,
        CASE WHEN n % :specialists < :basins THEN int8range(2000 + place, 2001 + place) END
      ], NULL))
    FROM generate_series(0, :count - 1) AS n,
      LATERAL (SELECT n / :specialists AS visit, n % :specialists * 2 AS place) AS its,
      LATERAL (
        SELECT (visit / 3 + 1) / 2 * CASE WHEN visit / 3 % 2 = 0 THEN -1 ELSE 1 END AS day, visit % 3 AS turn
      ) AS when_,
      LATERAL (
        SELECT tstzrange(at, at + interval '45 min') AS during
        FROM (SELECT CAST(:today AS timestamptz) + day * interval '1 day'
              + (9 + 3 * turn) * interval '1 h' AS at) AS moment
      ) AS range
    WHERE day BETWEEN :first AND :last
""")


async def measure(bench: Bench) -> dict[str, Any]:
    """Measure the engine, then decisions in turn between a database with few and one with many bookings."""
    tables = dict[str, tuple[Sessions, Conditions]]()
    for name, near in (("few", NEAR_DAYS), ("many", 366)):
        engine = make_engine(await bench.database(), pool_size=2)
        bench.stack.push_async_callback(engine.dispose)
        sessions = make_sessions(engine, BUSINESS_ID)
        async with sessions.begin() as session:
            await session.execute(PEOPLE, {"person": PERSON, "specialists": SPECIALISTS})
        tables[name] = sessions, await open_conditions(sessions, PERSON)
        await _fill(sessions, bench.scale.bookings, near)
    decided, cpu = await _decided(tables, bench.scale.repeats)
    return {
        "bookings": bench.scale.bookings,
        "engine_ms": _engine(bench.scale.repeats),
        "decided_ms": decided,
        "cpu_ms": cpu,
    }


async def _fill(sessions: Sessions, count: int, near: int) -> None:
    """Put so many bookings there, from today on in both directions, of which only those near are kept."""
    given = {
        "specialists": SPECIALISTS,
        "person": PERSON,
        "count": count,
        "today": datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
        "chairs": CHAIRS,
        "basins": BASINS,
    }
    for first in range(-near, near + 1, DAYS_AT_ONCE):
        async with sessions.begin() as session:
            last = min(first + DAYS_AT_ONCE - 1, near)
            await session.execute(VISITS, {**given, "first": first, "last": last})
    async with sessions() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("VACUUM ANALYZE booking"))


async def _decided(
    tables: Mapping[str, tuple[Sessions, Conditions]], repeats: int
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    times: defaultdict[str, defaultdict[str, list[Taken]]] = defaultdict(lambda: defaultdict(list))
    deciders = {name: (Decider(sessions), _asked(there)) for name, (sessions, there) in tables.items()}
    for number in range(repeats + 3):
        for what in next(iter(deciders.values()))[1]:
            for name, (decider, asked) in deciders.items():
                taken = await _timed(decider, asked[what])
                if number >= 3:
                    times[what][name].append(taken)
    decided = {
        what: {name: median(one.wall for one in found) for name, found in each.items()}
        for what, each in times.items()
    }
    return decided, {what: median(one.cpu for one in each["many"]) for what, each in times.items()}


class Taken(NamedTuple):
    """What a decision took, in milliseconds."""

    wall: float
    cpu: float


async def _timed(decider: Decider, command: AnyCommand) -> Taken:
    began, worked = perf_counter(), process_time()
    reply = await decider.decide(command, PERSON)
    taken = Taken((perf_counter() - began) * 1000, (process_time() - worked) * 1000)
    if reply.view is None:
        raise AssertionError(f"nothing is shown for {command}: {reply.toast}")
    return taken


def _asked(there: Conditions) -> dict[str, AnyCommand]:
    today = datetime.now(UTC).date()
    following = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return {
        "day, 1 specialist": ShowDay(service_id=TEAM_CUT, specialist_id=1, day=following),
        "day, 50 specialists": ShowDay(service_id=TEAM_CUT, day=following),
        "month, 1 specialist": ShowMonth(service_id=TEAM_CUT, specialist_id=1, month=following),
        "month, 50 specialists": ShowMonth(service_id=TEAM_CUT, month=following),
        **there.asked(following),
    }


def rows(count: int) -> list[Busy]:
    """Spread visits evenly over a year around the month."""
    begin = instant(FIRST - timedelta(days=180), 540, BERLIN)
    step = 365 * 86_400 // max(count, 1) // 300 * 300
    starts = range(begin, begin + count * step, step) if count else ()
    return [Busy(start, start + 3300, start, start + 2700, 7) for start in starts]


def booked_up() -> list[Busy]:
    """Leave half an hour between the visits of the month: too little for another."""
    begin, end = instant(FIRST, 0, BERLIN), instant(MONTH, 1440, BERLIN)
    return [Busy(start, start + 3600, start, start + 3000, 7) for start in range(begin, end, 5400)]


def calendars(specialists: int, busy: Sequence[Busy]) -> list[Calendar]:
    return [Calendar(number, WeeklyHours(WEEK), busy) for number in range(specialists)]


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        work()
        times.append(perf_counter() - begin)
    return median(times) * 1000


def _engine(repeats: int) -> dict[str, dict[str, float]]:
    loads = {"0 busy": rows(0), "2000 busy": rows(2000), "booked up": booked_up()}
    return {
        f"{name}, {specialists} specialists": dict(figures(specialists, busy, repeats))
        for name, busy in loads.items()
        for specialists in (1, 50)
    }


def figures(specialists: int, busy: Sequence[Busy], repeats: int) -> Iterator[tuple[str, float]]:
    team = [
        SlotQuery(service=POLICY, calendar=calendar, zone=BERLIN, now=NOW)
        for calendar in calendars(specialists, busy)
    ]

    def anyone(last: date) -> object:
        return merge([find_slots(each, FIRST + timedelta(days=1), last) for each in team])

    start = instant(FIRST + timedelta(days=9), 600, BERLIN)
    work: dict[str, Callable[[], object]] = {
        "calendars": lambda: calendars(specialists, busy),
        "month view": lambda: days_with_slots(team, FIRST, MONTH),
        "anyone, day": lambda: anyone(FIRST + timedelta(days=1)),
        "anyone, month": lambda: anyone(MONTH),
        "explain month": lambda: find_slots(team[0], FIRST, MONTH, explain=True),
        "check": lambda: check(team[0], start),
    }
    for name, each in work.items():
        yield name, milliseconds(each, repeats)
