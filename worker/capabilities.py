"""Every capability, and what follows from their declarations."""

from collections.abc import Mapping
from typing import Final

from shared.clock import Clock
from shared.contracts.base import Command
from shared.i18n.translator import Translators
from shared.queue.port import RetryQueue
from shared.settings import WorkerSettings
from worker import (
    absence,
    adding,
    admin,
    aftercare,
    approval,
    booking,
    cancelling,
    chat,
    customers,
    earlier,
    editing,
    failed,
    gathering,
    history,
    inline,
    intake,
    line,
    links,
    menu,
    notes,
    overriding,
    own_visits,
    party,
    pausing,
    payments,
    people,
    preferences,
    privacy,
    rebooking,
    reminders,
    series,
    setup,
    sick,
    staff,
    swapping,
    team,
    tying,
    waitlist,
    why,
)
from worker.calendar_files import messages as calendar_files
from worker.corrections import messages as corrections
from worker.db.engine import Database
from worker.health import messages as health
from worker.lost import messages as lost
from worker.outbox.deliverer import Deliverer
from worker.outbox.messenger import Messenger
from worker.retention import repository
from worker.retention.purge import in_order
from worker.runtime.answerer import Answerer
from worker.runtime.capability import Capability, Handler
from worker.runtime.decider import Decider
from worker.runtime.environment import Environment
from worker.runtime.runner import CommandRunner
from worker.visits import messages as visits

CAPABILITIES: Final[tuple[Capability, ...]] = (
    booking.CAPABILITY,
    intake.CAPABILITY,
    own_visits.CAPABILITY,
    series.CAPABILITY,
    notes.CAPABILITY,
    party.CAPABILITY,
    gathering.CAPABILITY,
    reminders.CAPABILITY,
    cancelling.CAPABILITY,
    approval.CAPABILITY,
    payments.CAPABILITY,
    waitlist.CAPABILITY,
    line.CAPABILITY,
    earlier.CAPABILITY,
    swapping.CAPABILITY,
    people.CAPABILITY,
    menu.CAPABILITY,
    preferences.CAPABILITY,
    privacy.CAPABILITY,
    aftercare.CAPABILITY,
    staff.CAPABILITY,
    customers.CAPABILITY,
    adding.CAPABILITY,
    overriding.CAPABILITY,
    tying.CAPABILITY,
    absence.CAPABILITY,
    sick.CAPABILITY,
    rebooking.CAPABILITY,
    admin.CAPABILITY,
    failed.CAPABILITY,
    pausing.CAPABILITY,
    history.CAPABILITY,
    team.CAPABILITY,
    why.CAPABILITY,
    links.CAPABILITY,
    inline.CAPABILITY,
    setup.CAPABILITY,
    editing.CAPABILITY,
    chat.CAPABILITY,
)
"""In the order of their lines in /help."""

HANDLERS: Final[Mapping[type[Command], Handler]] = {
    command: handler for capability in CAPABILITIES for command, handler in capability.handlers.items()
}
MESSAGES: Final = (
    *(message for capability in CAPABILITIES for message in capability.messages),
    *visits.MESSAGES,
    *calendar_files.MESSAGES,
    *corrections.MESSAGES,
    *lost.MESSAGES,
    *health.MESSAGES,
)
OUTCOMES: Final = frozenset(outcome for capability in CAPABILITIES for outcome in capability.outcomes)
PURGES: Final = in_order(
    (*repository.PURGES, *(purge for capability in CAPABILITIES for purge in capability.retention))
)


def make_environment(settings: WorkerSettings, translators: Translators, queue: RetryQueue) -> Environment:
    """Put together what is the same for every command of a process."""
    rows = [row for capability in CAPABILITIES for row in capability.home]
    buttons = [button for capability in CAPABILITIES for button in capability.admin]
    return Environment(
        settings,
        translators,
        home=sorted(rows, key=lambda row: row.place),
        admin=sorted(buttons, key=lambda button: button.place),
        help=[line for capability in CAPABILITIES for line in capability.help],
        outcomes=OUTCOMES,
        queue=queue,
    )


def make_decider(
    environment: Environment,
    database: Database,
    clock: Clock,
    handlers: Mapping[type[Command], Handler] = HANDLERS,
) -> Decider:
    """Put together what decides every command."""
    follow_ups = [each for capability in CAPABILITIES for each in capability.follow_ups]
    return Decider(handlers, database, clock, environment, follow_ups)


def make_runner(
    environment: Environment,
    database: Database,
    messenger: Messenger,
    deliverer: Deliverer,
    clock: Clock,
    handlers: Mapping[type[Command], Handler] = HANDLERS,
) -> CommandRunner:
    """Put together what runs every command."""
    hooks = [hook for capability in CAPABILITIES for hook in capability.hooks]
    decider = make_decider(environment, database, clock, handlers)
    answerer = Answerer(messenger, database, hooks, clock, environment)
    return CommandRunner(decider, answerer, deliverer)
