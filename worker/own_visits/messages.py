"""What shows a visit that has been says so."""

from typing import Any, Final

from worker.outbox.handler import MessageType
from worker.outbox.priority import Priority
from worker.own_visits.promises import OVER
from worker.visits.messages import RefreshMessage

MESSAGES: Final[tuple[MessageType[Any], ...]] = (MessageType(OVER, Priority.REMINDER, RefreshMessage()),)
