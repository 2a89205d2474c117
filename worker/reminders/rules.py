"""Whether a reminder is still one of its visit."""

from collections.abc import Mapping
from typing import Any

from worker.visits.repository import Visit


def is_when_it_was(reminder: Mapping[str, Any], visit: Visit) -> bool:
    """Tell whether a visit is at the time of a reminder, by the reminder's payload."""
    if "start" not in reminder:  # promised by a release that went by the version
        return bool(visit.version == reminder["version"])
    return bool(int(visit.start.timestamp()) == reminder["start"])
