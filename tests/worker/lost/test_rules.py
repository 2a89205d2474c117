"""What a customer has to hear after a restore, and what not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.worker.shop import ANNA, BEN, NOW
from worker.lost.rules import KnownVisit, Loss, judge

START, HOUR = NOW + timedelta(days=1), timedelta(hours=1)
KNOWN = KnownVisit(
    business_id=1,
    number=7,
    live=True,
    start=START,
    end=START + HOUR,
    timezone="Europe/Berlin",
    service="Cut",
    specialist="Alice",
    customer_id=ANNA,
)
CANCELLED = KNOWN.model_copy(update={"live": False})
OVER = KNOWN.model_copy(update={"start": NOW - HOUR, "end": NOW})


@dataclass(frozen=True)
class Stands:
    customer_id: int = ANNA
    start: datetime = START
    is_live: bool = True

    @property
    def end(self) -> datetime:
        return self.start + HOUR


@pytest.mark.parametrize(
    ("known", "stands", "loss"),
    [
        (KNOWN, None, Loss.GONE),
        (KNOWN, Stands(BEN), Loss.GONE),
        (KNOWN, Stands(), None),
        (KNOWN, Stands(start=START + HOUR), Loss.MOVED),
        (KNOWN, Stands(is_live=False), None),
        (KNOWN, Stands(start=NOW - HOUR), None),
        (OVER, None, None),
        (OVER, Stands(), Loss.MOVED),
        (CANCELLED, None, None),
        (CANCELLED, Stands(), Loss.REVIVED),
        (CANCELLED, Stands(BEN), None),
        (CANCELLED, Stands(is_live=False), None),
        (CANCELLED, Stands(start=NOW - HOUR), None),
    ],
)
def test_what_is_said(known: KnownVisit, stands: Stands | None, loss: Loss | None) -> None:
    assert judge(known, stands, NOW) is loss


@pytest.mark.parametrize("number", [0, 2**63])
def test_a_number_that_none_can_be_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"should be (greater|less) than"):
        KnownVisit.model_validate({**KNOWN.model_dump(), "number": number})


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'Mars/Olympus' is no time zone"):
        KnownVisit.model_validate({**KNOWN.model_dump(), "timezone": "Mars/Olympus"})
