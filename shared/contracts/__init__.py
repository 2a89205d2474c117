"""What can be asked, one file a capability. `worker.capabilities` says what is then done."""

from typing import Final

from shared.contracts import (
    absence,
    adding,
    admin,
    booking,
    cancelling,
    chat,
    customers,
    editing,
    failed,
    history,
    intake,
    links,
    menu,
    notes,
    own_visits,
    pausing,
    payments,
    people,
    reminders,
    setup,
    staff,
    team,
    tying,
    why,
)
from shared.contracts.base import Contract

CONTRACTS: Final[tuple[Contract, ...]] = (
    booking.CONTRACT,
    intake.CONTRACT,
    own_visits.CONTRACT,
    notes.CONTRACT,
    reminders.CONTRACT,
    cancelling.CONTRACT,
    payments.CONTRACT,
    menu.CONTRACT,
    people.CONTRACT,
    staff.CONTRACT,
    customers.CONTRACT,
    adding.CONTRACT,
    tying.CONTRACT,
    absence.CONTRACT,
    admin.CONTRACT,
    failed.CONTRACT,
    pausing.CONTRACT,
    history.CONTRACT,
    team.CONTRACT,
    why.CONTRACT,
    links.CONTRACT,
    setup.CONTRACT,
    editing.CONTRACT,
    chat.CONTRACT,
)
"""In the order in which menus list their typed commands."""
