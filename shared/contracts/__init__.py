"""What can be asked, one file a capability. `worker.capabilities` says what is then done."""

from typing import Final

from shared.contracts import (
    absence,
    adding,
    admin,
    booking,
    chat,
    customers,
    editing,
    failed,
    history,
    menu,
    pausing,
    people,
    setup,
    staff,
    team,
    visits,
    why,
)
from shared.contracts.base import Contract

CONTRACTS: Final[tuple[Contract, ...]] = (
    booking.CONTRACT,
    visits.CONTRACT,
    menu.CONTRACT,
    people.CONTRACT,
    staff.CONTRACT,
    customers.CONTRACT,
    adding.CONTRACT,
    absence.CONTRACT,
    admin.CONTRACT,
    failed.CONTRACT,
    pausing.CONTRACT,
    history.CONTRACT,
    team.CONTRACT,
    why.CONTRACT,
    setup.CONTRACT,
    editing.CONTRACT,
    chat.CONTRACT,
)
"""In the order in which menus list their typed commands."""
