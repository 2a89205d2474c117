"""A replica's own share of the limits, kept in memory for the time that Redis is away."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from shared.telegram.send_keys import EVERYONE
from worker.outbox.permits import PermitDecision, SendPermit
from worker.outbox.priority import CEILINGS, FLOORS, Limits, Priority

COUNTS_SECONDS = 1.1
"""How long a message counts: a second, and what the network may add."""
MINUTE = 61.0
CHATS_KEPT = 10_000


class LocalWindow:
    """The limits divided by the number of replicas that were last seen."""

    def __init__(self, limits: Limits, now: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._now = now
        self._sent: dict[Priority, deque[float]] = {priority: deque() for priority in Priority}
        self._chats: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        self._pauses: dict[int, float] = {}

    def ask(self, permit: SendPermit, replicas: int) -> PermitDecision:
        """Ask whether the message may be sent now; a yes counts it."""
        now = self._now()
        paused, chat_paused = self._paused(EVERYONE, now), self._paused(permit.chat_id, now)
        everyone = max(paused, self._wait(permit.priority, replicas, now))
        turn = 0.0 if permit.has_place else self._chat_wait(permit.chat_id, replicas, now)
        if permit.chat_id > 0 and 0 < turn <= permit.deadline - now and not (paused or chat_paused):
            self._count_for_chat(permit.chat_id, replicas, now)
            permit.has_place = True
            return PermitDecision(turn, chat_only=True)
        chat = max(chat_paused, turn)
        if everyone <= 0 and chat <= 0:
            self.count(permit, replicas)
            return PermitDecision(0.0, paused=paused)
        return PermitDecision(max(everyone, chat), chat > everyone, paused)

    def count(self, permit: SendPermit, replicas: int) -> None:
        """Count a message that is sent now, whoever allowed it."""
        now = self._now()
        self._sent[permit.priority].append(now)
        self._forget_old(now)
        if not permit.has_place:
            self._count_for_chat(permit.chat_id, replicas, now)
        permit.has_place = False

    def _count_for_chat(self, chat_id: int, replicas: int, now: float) -> None:
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque()).append(now)
        elif self._limits.per_chat:
            each = replicas / self._limits.per_chat
            self._chats[chat_id] = max(now, self._chats.get(chat_id, now)) + each

    def pause(self, chat_id: int, seconds: float) -> None:
        """Let nothing go to a chat, or to EVERYONE, for so long."""
        self._pauses[chat_id] = max(self._pauses.get(chat_id, 0.0), self._now() + seconds)

    def _paused(self, chat_id: int, now: float) -> float:
        return max(0.0, self._pauses.get(chat_id, 0.0) - now)

    def _wait(self, priority: Priority, replicas: int, now: float) -> float:
        limit = self._limits.per_second
        if not limit:
            return 0.0
        share = max(1, limit // replicas)
        span = max(COUNTS_SECONDS, COUNTS_SECONDS * share * replicas / limit)
        lately = {each: [at for at in self._sent[each] if at > now - span] for each in Priority}
        total = sum(map(len, lately.values()))
        own = len(lately[priority]) < share * FLOORS[priority] and total < share
        if own or total < max(1, int(share * CEILINGS[priority])):
            return 0.0
        return min(at for sent in lately.values() for at in sent) + span - now

    def _chat_wait(self, chat_id: int, replicas: int, now: float) -> float:
        if chat_id < 0:
            share = max(1, self._limits.group_per_minute // replicas)
            sent = [at for at in self._groups.get(chat_id, ()) if at > now - MINUTE]
            full = self._limits.group_per_minute and len(sent) >= share
            return sent[0] + MINUTE - now if full else 0.0
        if not self._limits.per_chat:
            return 0.0
        each, burst = replicas / self._limits.per_chat, max(1, self._limits.chat_burst // replicas)
        return max(0.0, self._chats.get(chat_id, now) - now - each * (burst - 1))

    def _forget_old(self, now: float) -> None:
        for sent in (*self._sent.values(), *self._groups.values()):
            while sent and sent[0] < now - MINUTE:
                sent.popleft()
        if len(self._groups) > CHATS_KEPT:
            self._groups = {chat: sent for chat, sent in self._groups.items() if sent}
        if len(self._chats) > CHATS_KEPT:
            self._chats = {chat: at for chat, at in self._chats.items() if at > now}
        if len(self._pauses) > CHATS_KEPT:
            self._pauses = {chat: until for chat, until in self._pauses.items() if until > now}
