"""What a handler answers: a view to show, a word on the tap, and whether anything changed."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.ui.inline import InlineAnswer
from worker.ui.view import Showable

TOAST_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one command.

    Of a handler that writes, `changed` commits what it wrote and marks its update as processed; without it
    everything is rolled back: the wish was refused. A handler that reads has nothing to roll back.
    """

    view: Showable | None = None
    toast: str | None = None
    alert: bool = False
    changed: bool = False
    card: int | None = None
    """The booking that the view shows, where it shows one: the message follows it from then on."""
    outcome: str | None = None
    """What came of the wish, for the metrics: one of its capability's outcomes."""
    payable: bool | None = None
    """Whether a payment that waits for it may go on; if not, the toast says why. None says nothing."""
    found: InlineAnswer | None = None
    """What is found for an inline query or a guest's; no other command has it."""
    asks: Command | None = None
    """The command that the person's next words complete, where the view is a question."""
