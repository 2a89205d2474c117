"""Faults on demand: what a network and a loaded Telegram do now and then."""

import math
import random
from dataclasses import dataclass, field
from types import UnionType
from typing import Any

from sandbox.emulator.errors import ClientError
from sandbox.emulator.world import Json

CALL_KINDS = frozenset({"flood", "error", "drop", "refuse", "latency"})
UPDATE_KINDS = frozenset({"duplicate"})
LOWEST_SERVER_ERROR, HIGHEST_SERVER_ERROR = 500, 599
LONGEST_LATENCY = 600


@dataclass(slots=True)
class Fault:
    """An armed fault; `count` is how often it will still strike, None for always."""

    id: int
    kind: str
    method: str | None = None
    chat_id: int | None = None
    probability: float = 1.0
    count: int | None = None
    retry_after: int = 1
    status: int = 502
    seconds: float = 1.0

    def view(self) -> Json:
        """Return the fault as the client API shows it."""
        return {name: getattr(self, name) for name in self.__slots__}

    def concerns(self, method: str, chat_id: int | None) -> bool:
        """Tell whether the fault is armed against such a call."""
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.chat_id is None or self.chat_id == chat_id


@dataclass(slots=True)
class Faults:
    """The armed faults."""

    armed: dict[int, Fault] = field(default_factory=dict)
    _last_id: int = 0
    _random: random.Random = field(default_factory=random.SystemRandom)

    def arm(self, wanted: Json) -> Fault:
        """Arm a fault; ClientError 400 when it makes no sense."""
        self._last_id += 1
        fault = Fault(self._last_id, **_checked(wanted))
        self.armed[fault.id] = fault
        return fault

    def strikes(self, kinds: frozenset[str], method: str, chat_id: int | None) -> list[Fault]:
        """Return the faults that strike now, each counted."""
        if not self.armed:
            return []
        return [fault for fault in list(self.armed.values()) if self._strike(fault, kinds, method, chat_id)]

    def _strike(self, fault: Fault, kinds: frozenset[str], method: str, chat_id: int | None) -> bool:
        if fault.kind not in kinds or not fault.concerns(method, chat_id):
            return False
        if self._random.random() >= fault.probability:
            return False
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.armed.pop(fault.id, None)
        return True


RULES: dict[str, tuple[type[int] | UnionType, float, float]] = {
    "probability": (int | float, 0, 1),
    "count": (int, 1, math.inf),
    "chat_id": (int, -math.inf, math.inf),
    "retry_after": (int, 1, math.inf),
    "status": (int, LOWEST_SERVER_ERROR, HIGHEST_SERVER_ERROR),
    "seconds": (int | float, 0, LONGEST_LATENCY),
}


def _checked(wanted: Json) -> Json:
    kind = wanted.get("kind")
    if not isinstance(kind, str) or kind not in CALL_KINDS | UPDATE_KINDS:
        raise ClientError(400, "A fault's kind is flood, error, drop, refuse, latency or duplicate.")
    method = wanted.get("method")
    if method is not None and not isinstance(method, str):
        raise ClientError(400, "A fault's method is a name.")
    for name in wanted:
        if name not in RULES and name not in {"kind", "method"}:
            raise ClientError(400, f"A fault has no field {name!r}.")
    figures = {name: _figure(name, wanted[name]) for name in RULES if wanted.get(name) is not None}
    return {"kind": kind, "method": method, **figures}


def _figure(name: str, value: Any) -> float:  # noqa: ANN401 - as it came out of JSON
    types, lowest, highest = RULES[name]
    if isinstance(value, bool) or not isinstance(value, types):
        raise ClientError(400, f"A fault's {name} is no such number.")
    if not lowest <= value <= highest:
        raise ClientError(400, f"A fault's {name} is out of range.")
    return float(value) if name in {"probability", "seconds"} else int(value)
