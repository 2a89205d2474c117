"""How a specialist's services are named, and what may differ with one specialist."""

from decimal import Decimal

import pytest

from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.skills import AS_OFFERED, Skill, Skills
from worker.price import Price

FILE = """\
business: {{name: B, timezone: UTC, currency: EUR}}
services:
  - {{name: Legs, category: Wax, duration: 30m}}
  - {{name: Legs, category: Laser, duration: 30m}}
  - {{name: Colour, category: Hair, duration: 60m}}
  - {{name: Legs/Feet, duration: 15m}}
specialists:
  - name: Vera
    services: {services}
"""


def read(services: str) -> Skills:
    return read_document(FILE.format(services=services).encode(), "x").specialists[0].services


@pytest.mark.parametrize(
    ("services", "meant"),
    [
        ("[Colour]", {"Hair/Colour": AS_OFFERED}),
        ("[Hair/Colour, Laser/Legs]", {"Hair/Colour": AS_OFFERED, "Laser/Legs": AS_OFFERED}),
        ("[Legs/Feet]", {"Legs/Feet": AS_OFFERED}),
        ("[{name: Colour}]", {"Hair/Colour": AS_OFFERED}),
        ("[{name: Colour, duration: 90m}]", {"Hair/Colour": Skill(duration=90)}),
        ("[{name: Colour, price: {from: 70}}]", {"Hair/Colour": Skill(price=Price(Decimal(70), None))}),
        ("[{name: Wax/Legs, price: free}]", {"Wax/Legs": Skill(price=Price.exact(Decimal(0)))}),
    ],
)
def test_services_are_named_by_themselves_or_with_what_differs(services: str, meant: Skills) -> None:
    assert read(services) == meant


@pytest.mark.parametrize(
    ("services", "problem"),
    [
        ("[Legs]", "[0]: 'Legs' is the name of more than one service; write Wax/Legs or Laser/Legs"),
        ("[Colur]", "[0]: 'Colur' is not a service of this file; did you mean Colour?"),
        ("[Wax/Colour]", "[0]: 'Wax/Colour' is not a service of this file; did you mean Hair/Colour?"),
        ("[Colour, {name: Hair/Colour, price: 5}]", "[1]: 'Hair/Colour' stands in this list twice"),
        (
            "[{name: Legs}]",
            "[0].name: 'Legs' is the name of more than one service; write Wax/Legs or Laser/Legs",
        ),
        ("[{name: Colour, price: 5.125}]", "[0].price: 5.125 is not a price in EUR, which has 2 decimals"),
        ("[{name: Colour, duration: 0m}]", "[0].duration: is 0m; 1m is the least"),
        ("[{name: Colour, cost: 5}]", "[0].cost: is not known here; known are name, duration, price"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(services: str, problem: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read(services)
    assert str(caught.value) == f"x:9: specialists[0].services{problem}"
