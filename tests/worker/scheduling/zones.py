from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

NAMES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",  # winter time is the exception there
    "America/New_York",
    "America/Nuuk",  # changes in the evening
    "America/Santiago",  # changes at midnight
    "America/Sao_Paulo",  # changed at midnight until 2019
    "America/St_Johns",  # changed a minute after midnight until 2011
    "Africa/Cairo",  # changes at midnight, with years without
    "Africa/Casablanca",  # leaves its time for Ramadan
    "Antarctica/Troll",  # two hours at once
    "Asia/Kathmandu",  # a quarter past
    "Asia/Tehran",  # changed at midnight until 2022
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # had no 30 December 2011
)
ZONES = tuple(map(ZoneInfo, NAMES))
SINCE, UNTIL = date(2005, 1, 1), date(2037, 1, 1)


@cache
def transition_days(zone: ZoneInfo) -> tuple[date, ...]:
    """Find the dates on whose UTC day the zone's offset changed."""
    begin = datetime.combine(SINCE, datetime.min.time(), UTC)
    noons = [begin + timedelta(days=number) for number in range((UNTIL - SINCE).days)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    return tuple(
        noon.date()
        for noon, before, after in zip(noons[1:], offsets, offsets[1:], strict=False)
        if before != after
    )


@st.composite
def days(draw: st.DrawFn, zone: ZoneInfo) -> date:
    """Draw a date, most often one near a change of the clock."""
    changes = transition_days(zone)
    near = draw(st.integers(0, 4)) > 0
    if changes and near:
        return draw(st.sampled_from(changes)) + timedelta(days=draw(st.integers(-2, 1)))
    return draw(st.dates(SINCE, UNTIL))


zones = st.sampled_from(ZONES)
