"""One way in for every update, from webhook and polling alike: read, throttle, validate, route, enqueue."""

import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import perf_counter
from typing import Final

import structlog
from pydantic import ValidationError

from bot import payload
from bot.bursts import Bursts
from bot.events import Event, actor, reply_to
from bot.identity import Identity
from bot.lean_aiogram import Update
from bot.metrics import BotMetrics
from bot.notices import RefusedUpdate, ThrottleNotifier
from bot.payload import Incoming, InvalidUpdateError, NotJsonError
from bot.routes import make_router, route
from bot.throttle import Admission, Throttle
from shared.clock import Clock
from shared.contracts.payments import CheckPayment, NotePayment
from shared.contracts.people import SetReachable
from shared.envelope import Envelope
from shared.queue.port import Accepted, CommandQueue, QueueUnavailableError, Receipt
from shared.tracing import carried_trace, span, update_span

UNAVAILABLE: Final = "unavailable"
"""The result of an update that could not be taken now; it comes again."""
NEVER_THROTTLED_KINDS: Final = frozenset({SetReachable.kind, CheckPayment.kind, NotePayment.kind})
"""What that leads to which is always let in."""

log = structlog.get_logger()


class Outcome(StrEnum):
    """What became of an update. Each of them is final: it need not come again."""

    QUEUED = "queued"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    """Of a kind that leads to no command: a group's message, an edit, a card that the bot itself made."""
    INVALID = "invalid"
    """Not understood; refusing it would only make Telegram send it again."""
    THROTTLED = "throttled"
    MERGED = "merged"
    """A further part of what was said before, of an album or a text that was cut: one answer is enough."""


@dataclass(slots=True)
class UpdateLogEntry:
    """The log line of one update, while it is being written."""

    started: float = field(default_factory=perf_counter)
    type: str = payload.UNKNOWN
    result: str = UNAVAILABLE
    kind: str | None = None
    job: str | None = None
    reason: str | None = None
    update_id: int | None = None
    suppressed: bool = False
    """Whether it is one of many whose first has its line in the log: of those throttled, or of a burst."""

    def ids(self) -> dict[str, int]:
        """Return which update it is, where that is known."""
        return {} if self.update_id is None else {"update_id": self.update_id}

    def facts(self) -> dict[str, str | int]:
        """Return what is known, for the log."""
        facts: dict[str, str | int] = {"type": self.type, "result": self.result, **self.ids()}
        known = {"kind": self.kind, "job": self.job, "reason": self.reason}
        return facts | {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ParsedUpdate:
    """An update that was read; with an envelope, it still has to get to the queue."""

    line: UpdateLogEntry
    envelope: Envelope | None = None


type Put = Callable[[Envelope, UpdateLogEntry], Awaitable[Outcome]]


class Ingest:
    """Turns updates into commands on the queue."""

    def __init__(
        self,
        *,
        identity: Identity,
        queue: CommandQueue,
        throttle: Throttle,
        notifier: ThrottleNotifier,
        metrics: BotMetrics,
        clock: Clock,
    ) -> None:
        self._identity = identity
        self._queue = queue
        self._throttle = throttle
        self._bursts = Bursts()
        self._notifier = notifier
        self._metrics = metrics
        self._clock = clock
        self._router = make_router()

    async def accept(self, raw: object) -> Outcome:
        """Take one update: JSON as bytes, or parsed.

        Raises NotJsonError for bytes that are no JSON, and QueueUnavailableError when the update was
        not taken and must come again.
        """
        line = UpdateLogEntry()
        try:
            outcome = await self._take(raw, line)
            line.result = outcome.value
        except QueueUnavailableError as error:
            line.reason = str(error)
            raise
        finally:
            self._write(line)
        return outcome

    async def read(self, raw: object) -> ParsedUpdate:
        """Take an update as far as the queue; those that lead to a command are put there by `put_all`."""
        line, kept = UpdateLogEntry(), []

        async def keep(envelope: Envelope, _line: UpdateLogEntry) -> Outcome:
            kept.append(envelope)
            return Outcome.QUEUED

        line.result = (await self._take(raw, line, keep)).value
        if not kept:
            self._write(line)
        return ParsedUpdate(line, *kept)

    async def put_all(self, taken: Sequence[ParsedUpdate]) -> None:
        """Put what was read on the queue in its order, in one round trip where there is room for all of it.

        Raises QueueUnavailableError; it may then be put again, all of it.
        """
        waiting = [(each.line, each.envelope) for each in taken if each.envelope is not None]
        if not waiting:
            return
        try:
            receipts = await self._queue.put_all([envelope for _, envelope in waiting])
        except QueueUnavailableError as error:
            self._write(replace(waiting[0][0], result=UNAVAILABLE, reason=str(error)))
            raise
        for (line, envelope), receipt in zip(waiting, receipts, strict=True):
            line.result = self._heard(envelope, receipt, line).value
            self._write(line)

    async def _take(self, raw: object, line: UpdateLogEntry, put: Put | None = None) -> Outcome:
        try:
            incoming = payload.read(payload.parse(raw) if isinstance(raw, bytes) else raw)
            line.type, line.update_id = incoming.type, incoming.update_id
            if refused := self._refuse(incoming, line):
                return refused
            with update_span(update_id=incoming.update_id, type=incoming.type):
                return await self._hand_on(incoming, line, put or self._put)
        except InvalidUpdateError as error:
            line.reason = str(error)
            return Outcome.INVALID
        except (NotJsonError, QueueUnavailableError):
            raise
        except Exception as error:  # noqa: BLE001 - a defect must not stop the updates behind it
            log.error("ingest failed", error=type(error).__name__, where=_where(error), **line.ids())  # noqa: TRY400 - the message may quote the person
            line.reason = "ingest failed"
            return Outcome.INVALID

    async def _hand_on(self, incoming: Incoming, line: UpdateLogEntry, put: Put) -> Outcome:
        envelope = await self._understand(incoming)
        if envelope is None:
            return self._drop(incoming)
        line.kind, line.job = envelope.command.kind, envelope.job_id
        with span("enqueue", kind=line.kind, job_id=line.job):
            if trace := carried_trace():
                envelope = envelope.model_copy(update={"trace": trace})
            return await put(envelope, line)

    async def _put(self, envelope: Envelope, line: UpdateLogEntry) -> Outcome:
        return self._heard(envelope, await self._queue.put(envelope), line)

    def _heard(self, envelope: Envelope, receipt: Receipt, line: UpdateLogEntry) -> Outcome:
        """Tell whoever the queue refused, and acknowledge the tap that it has no more use for."""
        if receipt.superseded_tap is not None:
            self._metrics.superseded.inc()
            self._notifier.acknowledge(receipt.superseded_tap)
        if receipt.accepted is Accepted.THROTTLED:
            line.suppressed = not receipt.tell
            self._notifier.refuse(RefusedUpdate.of(envelope), notice=receipt.tell)
        return Outcome(receipt.accepted)

    def _refuse(self, incoming: Incoming, line: UpdateLogEntry) -> Outcome | None:
        if incoming.person_id is None or incoming.via_bot == self._identity.bot_id:
            return self._drop(incoming)
        if incoming.is_always_let_in:
            return None
        if not self._bursts.is_first(incoming):
            line.suppressed = True
            return Outcome.MERGED
        admission = self._throttle.decide(incoming.person_id, incoming.update_id)
        if admission is Admission.PASS:
            return None
        line.suppressed = admission is Admission.SILENT
        self._notifier.refuse(RefusedUpdate.by(incoming), notice=not line.suppressed)
        return Outcome.THROTTLED

    def _drop(self, incoming: Incoming) -> Outcome:
        self._notifier.refuse(RefusedUpdate.by(incoming), notice=False)
        return Outcome.DROPPED

    async def _understand(self, incoming: Incoming) -> Envelope | None:
        event = _validate(incoming)
        command = await route(self._router, incoming.type, event, self._identity.username)
        if command is None:
            return None
        return Envelope(
            bot_id=self._identity.bot_id,
            update_id=incoming.update_id,
            received_at=self._clock.now(),
            actor=actor(event),
            reply_to=reply_to(event, incoming.thread_id),
            command=command,
            album=incoming.album,
        )

    def _write(self, line: UpdateLogEntry) -> None:
        seconds = perf_counter() - line.started
        self._metrics.updates.labels(line.type, line.result).inc()
        self._metrics.ingest_seconds.observe(seconds)
        if line.suppressed:  # somebody who floods us must not flood the log, nor cost what its lines do
            return
        write = log.warning if line.reason else log.info
        write("update", ms=round(seconds * 1000, 2), **line.facts())


def _validate(incoming: Incoming) -> Event:
    try:
        update = Update.model_validate(incoming.trimmed())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidUpdateError(f"{place}: {first['type']}") from None
    event: Event = getattr(update, incoming.type)
    return event


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
