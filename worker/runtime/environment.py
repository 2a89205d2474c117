"""What is the same for every command of a process: settings, languages, what its capabilities show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.i18n.translator import Translators
from shared.queue.port import RetryQueue
from shared.settings import WorkerSettings

if TYPE_CHECKING:
    from worker.runtime.capability import AdminButton, HelpLine, HomeRow

OWNER: Final = "owner"


@dataclass(frozen=True, slots=True)
class Environment:
    """One process's surroundings of all commands."""

    settings: WorkerSettings
    translators: Translators
    home: "Sequence[HomeRow]"
    """The menu's rows, in their order."""
    admin: "Sequence[AdminButton]"
    """The buttons of /admin, in their order."""
    help: "Sequence[HelpLine]"
    outcomes: frozenset[str]
    """What may come of commands, for the metrics."""
    queue: RetryQueue
    """Where commands go once more that failed for good."""

    def roles_by_settings(self, user_id: int) -> frozenset[str]:
        """Return what ADMIN_IDS makes of a person."""
        return frozenset({OWNER}) if user_id in self.settings.admin_ids else frozenset()
