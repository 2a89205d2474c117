"""A customer's link is nobody else's, and of two who are one nothing is lost that staff wrote down."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.tying import ShowTie
from shared.links import follow
from worker.tying.rules import CustomerLink, KnownOf, joined

TOKEN = "123:abc"
LINK = CustomerLink.made_on(1, -7, date(2026, 11, 22))
known = st.builds(
    KnownOf,
    phone=st.none() | st.sampled_from(["+4915112345678", "+4915112345679"]),
    staff_note=st.none() | st.sampled_from(["tea", "late"]),
    blocked_at=st.none() | st.just(datetime(2026, 11, 1, tzinfo=UTC)),
    blocked_reason=st.none() | st.just("owes"),
)


def test_a_link_leads_to_its_customer_until_its_day() -> None:
    found = follow(LINK.argument(TOKEN))
    assert found == ShowTie(number=7, day=date(2026, 12, 6), code=LINK.code(TOKEN))
    assert len(LINK.argument(TOKEN)) <= 64


def test_a_code_opens_no_other_customer_day_or_business() -> None:
    others = [
        CustomerLink(1, 8, LINK.until),
        CustomerLink(2, 7, LINK.until),
        CustomerLink(1, 7, LINK.until + timedelta(days=1)),
    ]
    assert LINK.is_of(LINK.code(TOKEN), TOKEN)
    assert not [each for each in others if each.is_of(LINK.code(TOKEN), TOKEN)]
    assert not LINK.is_of(LINK.code("456:def"), TOKEN)
    assert not LINK.is_of("ä", TOKEN)


@given(of_telegram=known, without=known)
def test_what_staff_wrote_down_of_either_is_there_afterwards(of_telegram: KnownOf, without: KnownOf) -> None:
    both = joined(of_telegram, without)
    written = f"{both.phone} {both.staff_note}"
    for each in (of_telegram, without):
        assert each.phone is None or each.phone in written
        assert each.staff_note is None or each.staff_note in written
    assert (both.blocked_at is None) == (of_telegram.blocked_at is None and without.blocked_at is None)
    assert joined(both, without).phone == both.phone
