"""Links to the bot: each form leads to its command, and what nobody made leads nowhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import CONTRACTS
from shared.contracts.base import Command
from shared.contracts.booking import (
    AddedServices,
    ShowDay,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
    ShowTime,
)
from shared.links import follow, payload_of
from tests.shared.contracts.snapshot import links

DECEMBER = date(2026, 12, 5)
BEARD, MORE = AddedServices(ids=(15,)), AddedServices(ids=(15, 18))


@pytest.mark.parametrize(
    ("payload", "command"),
    [
        ("s12", ShowSpecialists(service_id=12)),
        ("p3", ShowServices(specialist_id=3)),
        ("s12-p3", ShowSoonest(service_id=12, specialist_id=3)),
        ("s12-20261205", ShowDay(service_id=12, day=DECEMBER)),
        ("s12-p3-20261205", ShowDay(service_id=12, specialist_id=3, day=DECEMBER)),
        ("s12-20261205-0930", ShowTime(service_id=12, day=DECEMBER, clock=930)),
        ("s12-p3-20261205-1430", ShowTime(service_id=12, specialist_id=3, day=DECEMBER, clock=1430)),
        ("s12_15", ShowSpecialists(service_id=12, added=BEARD)),
        ("s12_15_18-p3", ShowSoonest(service_id=12, added=MORE, specialist_id=3)),
        ("s12_15-20261205", ShowDay(service_id=12, added=BEARD, day=DECEMBER)),
        ("s12_15-p3-20261205", ShowDay(service_id=12, added=BEARD, specialist_id=3, day=DECEMBER)),
        ("s12_15-20261205-0930", ShowTime(service_id=12, added=BEARD, day=DECEMBER, clock=930)),
        (
            "s12_15-p3-20261205-0930",
            ShowTime(service_id=12, added=BEARD, specialist_id=3, day=DECEMBER, clock=930),
        ),
        ("s12_", None),
        ("s12_15_", None),
        ("s12_1_2_3_4", None),
        ("s12-20261205-", None),
        ("s12-20261305", None),
        ("s12-00010101", None),
        ("s12-99991231", None),
        ("s1234567890123456789", None),
        ("s12-p", None),
        ("s-12", None),
        ("S12", None),
        ("s١٢", None),
        ("s12\n", None),
        ("instagram", None),
        ("", None),
    ],
)
def test_a_link_leads_to_its_command(payload: str, command: Command | None) -> None:
    assert follow(payload) == command


@given(
    st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True) | st.from_regex(r"s[0-9]+-p?[0-9]+", fullmatch=True)
)
def test_any_payload_is_a_command_or_leads_nowhere(payload: str) -> None:
    command = follow(payload)
    assert command is None or type(command) in set(links().values())


@pytest.mark.parametrize("added", [BEARD, MORE])
def test_a_link_to_several_services_is_written_as_it_is_read(added: AddedServices) -> None:
    command = ShowSpecialists(service_id=12, added=added)
    assert follow(payload_of(command)) == command


def test_no_two_forms_are_the_same() -> None:
    forms = [form for contract in CONTRACTS for spec in contract.specs for form in spec.links]
    assert len(forms) == len(set(forms)) > 0
