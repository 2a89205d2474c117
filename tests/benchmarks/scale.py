"""How much is measured: a whole run, a quick one, and a glimpse that only shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Counts and seconds of every part."""

    name: str
    rounds: int
    rates: tuple[int, ...]
    tap_seconds: float
    fast_seconds: float
    """For rates at which something may fall behind."""
    warm_up_seconds: float
    accept_seconds: float
    booking_warm_up: float
    """For each worker."""
    booking_seconds: float
    workers: tuple[int, ...]
    watched: int
    """Bookings of which every call is counted."""
    transactions: int
    bulk: int
    bulk_rate: int
    bulk_seconds: float
    starts: int
    idle_seconds: float
    repeats: int
    """Of a computation that is timed."""
    pictures: int
    """Drawn by a worker whose memory is looked at."""
    bookings: int
    """In the database while slots are computed."""
    pending: int
    """Reminders that wait."""
    reminders: int
    stretch_seconds: float
    pick_ups: int
    jobs: int
    contenders: tuple[str, ...] = ("bellhop", "monolith", "stock arq")
    people: int = 2000


FULL = Scale(
    name="full",
    rounds=3,
    rates=(20, 100, 300),
    tap_seconds=6,
    fast_seconds=3,
    warm_up_seconds=3,
    accept_seconds=3,
    booking_warm_up=2,
    booking_seconds=2,
    workers=(1, 2, 4),
    watched=20,
    transactions=2000,
    bulk=10_000,
    bulk_rate=15,
    bulk_seconds=10,
    starts=3,
    idle_seconds=10,
    repeats=25,
    pictures=100,
    bookings=100_000,
    pending=1_000_000,
    reminders=600,
    stretch_seconds=14,
    pick_ups=200,
    jobs=4000,
)
QUICK = Scale(
    name="quick",
    rounds=1,
    rates=(20,),
    tap_seconds=3,
    fast_seconds=2,
    warm_up_seconds=1,
    accept_seconds=1,
    booking_warm_up=1,
    booking_seconds=1.5,
    workers=(1,),
    watched=8,
    transactions=300,
    bulk=1_000,
    bulk_rate=15,
    bulk_seconds=3,
    starts=1,
    idle_seconds=2,
    repeats=5,
    pictures=20,
    bookings=10_000,
    pending=20_000,
    reminders=50,
    stretch_seconds=2,
    pick_ups=20,
    jobs=1000,
    contenders=("bellhop", "monolith"),
)
GLIMPSE = Scale(
    name="glimpse",
    rounds=1,
    rates=(10,),
    tap_seconds=1,
    fast_seconds=1,
    warm_up_seconds=0.5,
    accept_seconds=0.3,
    booking_warm_up=0.2,
    booking_seconds=0.5,
    workers=(1,),
    watched=4,
    transactions=20,
    bulk=50,
    bulk_rate=10,
    bulk_seconds=1,
    starts=1,
    idle_seconds=0.5,
    repeats=2,
    pictures=2,
    bookings=500,
    pending=1000,
    reminders=10,
    stretch_seconds=1,
    pick_ups=3,
    jobs=30,
    contenders=("bellhop",),
    people=50,
)
