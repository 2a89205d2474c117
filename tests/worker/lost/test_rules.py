"""What a customer has to hear after a restore, and what not."""

from datetime import datetime, timedelta

import pytest

from tests.worker.placement.visits import visit_at
from tests.worker.shop import ANNA, BEN, NOW
from worker.db.models.booking import Status
from worker.lost.rules import KnownVisit, Loss, judge
from worker.visits.repository import Visit

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


def stands(customer: int = ANNA, start: datetime = START, status: Status = Status.CONFIRMED) -> Visit:
    return visit_at(start, 60, customer_id=customer, status=status)


@pytest.mark.parametrize(
    ("known", "there", "loss"),
    [
        (KNOWN, None, Loss.GONE),
        (KNOWN, stands(BEN), Loss.GONE),
        (KNOWN, stands(), None),
        (KNOWN, stands(start=START + HOUR), Loss.MOVED),
        (KNOWN, stands(status=Status.CANCELLED), None),
        (KNOWN, stands(start=NOW - HOUR), None),
        (OVER, None, None),
        (OVER, stands(), Loss.MOVED),
        (CANCELLED, None, None),
        (CANCELLED, stands(), Loss.REVIVED),
        (CANCELLED, stands(BEN), None),
        (CANCELLED, stands(status=Status.CANCELLED), None),
        (CANCELLED, stands(start=NOW - HOUR), None),
    ],
)
def test_what_is_said(known: KnownVisit, there: Visit | None, loss: Loss | None) -> None:
    assert judge(known, there, NOW) is loss


@pytest.mark.parametrize("number", [0, 2**63])
def test_a_number_that_none_can_be_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"should be (greater|less) than"):
        KnownVisit.model_validate({**KNOWN.model_dump(), "number": number})


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'Mars/Olympus' is no time zone"):
        KnownVisit.model_validate({**KNOWN.model_dump(), "timezone": "Mars/Olympus"})
