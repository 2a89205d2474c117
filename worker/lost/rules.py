"""What a customer believes of a visit, against what stands after a restore."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, Field

from shared.contracts.base import Frozen
from worker.visits.repository import Visit


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone") from error
    return name


class KnownVisit(Frozen):
    """A visit as it was before a restore, which its customer goes by."""

    business_id: int
    number: Annotated[int, Field(gt=0, lt=2**63)]
    live: bool
    """Whether it stood; else it was cancelled."""
    start: AwareDatetime
    end: AwareDatetime
    timezone: Annotated[str, AfterValidator(_zone)]
    """Of the business."""
    service: str
    specialist: str
    customer_id: Annotated[int, Field(gt=-(2**63), lt=2**63)]
    """Below zero of somebody without Telegram."""
    phone: str | None = None
    """By which number the customer is called, where that is known."""
    languages: tuple[str | None, ...] = ()
    """What they would like to be spoken to in, the best first."""


class Loss(StrEnum):
    """What a customer has to hear."""

    GONE = "gone"
    """There is no such visit."""
    MOVED = "moved"
    """It stands at another time."""
    REVIVED = "revived"
    """They had cancelled it, and it stands."""


def judge(known: KnownVisit, now_there: Visit | None, now: datetime) -> Loss | None:
    """Compare; None where all is as the customer knows it, has been put right since, or is over."""
    own = now_there if now_there is not None and now_there.customer_id == known.customer_id else None
    if own is None:
        return Loss.GONE if known.live and known.end > now else None
    if not own.is_live or own.until <= now:
        return None
    if not known.live:
        return Loss.REVIVED
    return Loss.MOVED if own.start != known.start else None
