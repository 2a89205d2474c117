"""What people want: each has an errand, the kind of button they look for, and goes where it was seen to be.

Nobody says which button leads where: it is learnt while people tap. So what is new is found by itself.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from shared.contracts.booking import Book
from tests.walks.screens import CHANGING, Key, choose

PATIENCE: Final = 8
"""After so many taps one wants something else."""
STRAYS: Final = 0.12
"""How often one taps something else on the way."""


@dataclass
class Errand:
    """What one person looks for."""

    kind: str
    taps: int = 0


@dataclass
class Errands:
    """What people look for who are shown the same, and which buttons were seen behind which."""

    random: Random
    for_visits: float
    """How often they want what the shop is there for."""
    tapped: dict[str, int] = field(default_factory=dict)
    """How often each kind of button was tapped."""
    _leads: dict[str, set[str]] = field(default_factory=dict)
    _of: dict[int, Errand] = field(default_factory=dict)

    def learn(self, kind: str, seen: Iterable[str]) -> None:
        """Note what stands behind a kind of button."""
        self._leads.setdefault(kind, set()).update(seen)

    def choose(self, person: int, keys: list[Key]) -> Key:
        """Draw a button that leads to what the person looks for, or any."""
        errand = self._of.get(person)
        if errand is not None and errand.taps >= PATIENCE:
            self.tapped[errand.kind] = self.tapped.get(errand.kind, 0) + 1
            errand = None
        if errand is None:
            errand = self._of[person] = Errand(self._wanted())
        errand.taps += 1
        key = self._towards(errand.kind, keys)
        if key.kind == errand.kind:
            del self._of[person]
        self.tapped[key.kind] = self.tapped.get(key.kind, 0) + 1
        return key

    def _towards(self, kind: str, keys: list[Key]) -> Key:
        far = self._distances(kind)
        if here := [key for key in keys if key.kind == kind]:
            return self.random.choice(here)
        keys = [key for key in keys if not key.leads_back] or keys
        nearest = min(far.get(key.kind, PATIENCE) for key in keys)
        if nearest == PATIENCE or self.random.random() < STRAYS:
            return choose(self.random, keys, self.tapped)
        return self.random.choice([key for key in keys if far.get(key.kind) == nearest])

    def _wanted(self) -> str:
        known = sorted({kind for seen in self._leads.values() for kind in seen})
        if not known or self.random.random() < self.for_visits:
            return Book.kind
        return self.random.choices(known, [_interest(kind, self.tapped) for kind in known])[0]

    def _distances(self, kind: str) -> Mapping[str, int]:
        """Return how many taps each kind of button is away from one."""
        before: dict[str, set[str]] = {}
        for each, seen in self._leads.items():
            for other in seen:
                before.setdefault(other, set()).add(each)
        far, waiting = {kind: 0}, deque([kind])
        while waiting:
            current = waiting.popleft()
            for each in sorted(before.get(current, ())):
                if each not in far:
                    far[each] = far[current] + 1
                    waiting.append(each)
        return far


def _interest(kind: str, tapped: Mapping[str, int]) -> float:
    return (8 if kind in CHANGING else 1) / (1 + tapped.get(kind, 0))
