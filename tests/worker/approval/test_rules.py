"""Who may answer a request as it was seen, and what its notices offer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.i18n.translator import load_translators
from tests.worker.placement.visits import visit_at
from worker.approval.rules import Closed, closed
from worker.db.models.booking import Awaited, Status
from worker.deposit import Deposit, DepositTerms, Payer
from worker.moving.rules import obstacle
from worker.notices.views import News, notice
from worker.payments.rules import TO_PAY, TO_PAY_FOR_REQUEST, pay_request_until
from worker.requests.views import proposal_buttons, request_rows
from worker.ui.view import View
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
START = NOW + timedelta(days=3)
STAFF, HOUR = None, timedelta(hours=1)
TEXTS = load_translators().choose("en")


def request(awaits: Awaited | None = None, kept: timedelta = HOUR, version: int = 1) -> Visit:
    """Make what waits for an answer for so long."""
    status, until = Status.PENDING, NOW + kept
    return visit_at(START, awaits=awaits, status=status, kept_until=until, version=version)


@pytest.mark.parametrize(
    ("visit", "version", "staff", "customer"),
    [
        (request(), 1, None, Closed.CHANGED),
        (request(Awaited.CUSTOMER), 1, Closed.CHANGED, None),
        (request(Awaited.PAYMENT), 1, Closed.CHANGED, Closed.CHANGED),
        (request(version=2), 1, Closed.CHANGED, Closed.CHANGED),
        (request(kept=timedelta()), 1, Closed.LAPSED, Closed.LAPSED),
        (request(Awaited.CUSTOMER, kept=-HOUR), 1, Closed.LAPSED, Closed.LAPSED),
        (visit_at(START), 1, Closed.ANSWERED, Closed.ANSWERED),
    ],
)
def test_whoevers_turn_it_is_answers_in_time_what_they_saw(
    visit: Visit, version: int, staff: Closed | None, customer: Closed | None
) -> None:
    assert closed(visit, version, NOW, STAFF) == staff
    assert closed(visit, version, NOW, Awaited.CUSTOMER) == customer


@pytest.mark.parametrize("by_staff", [True, False], ids=["staff", "customer"])
def test_what_has_lapsed_or_is_to_be_paid_for_is_moved_by_nobody(*, by_staff: bool) -> None:
    assert obstacle(request(), 1, NOW, by_staff=by_staff) is None
    assert obstacle(request(Awaited.CUSTOMER), 1, NOW, by_staff=by_staff) is None
    assert obstacle(request(Awaited.PAYMENT), 1, NOW, by_staff=by_staff) is Obstacle.UNPAID
    assert obstacle(request(kept=timedelta()), 1, NOW, by_staff=by_staff) is Obstacle.LAPSED


def labels(view: View) -> list[str]:
    """Return what the buttons say."""
    return [button.text for row in view.keyboard for button in row]


def test_a_notice_offers_an_answer_about_the_time_that_it_names_and_no_other() -> None:
    visit = request()
    asked = News("asked", visit.start, None, "Alice", None)
    assert labels(notice(TEXTS, visit, asked))[:3] == ["Accept", "Decline", "Propose another time"]
    elsewhere = News("asked", visit.start + HOUR, None, "Alice", None)
    assert "Accept" not in labels(notice(TEXTS, visit, elsewhere))


def test_each_side_is_offered_its_own_answers() -> None:
    offered = {
        awaits: [button.text for row in request_rows(TEXTS, request(awaits)) for button in row]
        for awaits in (STAFF, *Awaited)
    }
    assert offered[STAFF] == ["Accept", "Decline", "Propose another time"]
    assert offered[Awaited.CUSTOMER] == ["Decline", "Propose another time"]
    assert offered[Awaited.PAYMENT] == []
    theirs = {each: [it.text for it in proposal_buttons(TEXTS, request(each))] for each in (STAFF, *Awaited)}
    assert theirs == {STAFF: [], Awaited.CUSTOMER: ["Accept", "Decline"], Awaited.PAYMENT: ["Pay"]}


@given(st.integers(1, 3000), st.integers(0, 3000))
def test_whoever_pays_for_a_request_has_time_to_and_never_past_its_start(ahead: int, notice: int) -> None:
    start = NOW + timedelta(minutes=ahead)
    terms = DepositTerms(Deposit(share=10), Payer.ALL, keeps=False, min_notice=timedelta(minutes=notice))
    until = pay_request_until(start, terms, NOW)
    assert min(NOW + TO_PAY, start) <= until <= min(start, NOW + TO_PAY_FOR_REQUEST)
    assert until <= max(start - terms.min_notice, NOW + TO_PAY)
