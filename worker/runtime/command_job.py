"""The function that the queue calls: a job's payload in, a command run."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import structlog
from pydantic_core import from_json

from shared.clock import Clock
from shared.contracts.base import KIND
from shared.envelope import Envelope, is_urgent, lives_for
from shared.queue import keys
from shared.queue.job_format import RUN_COMMAND, read_envelope, write_job
from shared.tracing import job_span
from worker.db.engine import Sessions
from worker.db.schema import minding_the_schema
from worker.dead import repository as dead_letters
from worker.runtime.command_metrics import CommandMetrics
from worker.runtime.jobs.errors import DeferJobError
from worker.runtime.jobs.runner import JobContext, JobFunction, JobHandlers
from worker.runtime.jobs.source import Job
from worker.runtime.put_off import ShowLaterError
from worker.runtime.runner import CommandRunner
from worker.ui.reply import Reply

log = structlog.get_logger()

UNREADABLE = "unreadable"
EXPIRED = "expired"
"""The result of a command for whose answer nobody waits any more."""


class CommandJob:
    """Runs commands as jobs, with one canonical log line each."""

    def __init__(
        self, runner: CommandRunner, sessions: Sessions, clock: Clock, metrics: CommandMetrics
    ) -> None:
        self._runner = runner
        self._sessions = sessions
        self._clock = clock
        self._metrics = metrics

    def handlers(self) -> JobHandlers:
        """Return what a worker does with the jobs of commands."""
        functions: Mapping[str, JobFunction] = {RUN_COMMAND: self.run}
        return JobHandlers(functions, self.lane_of, self.move_to_dead_letters)

    @staticmethod
    def lane_of(arguments: Sequence[Any]) -> str:
        """Name the lane of a job by its actor, and by whether it is urgent."""
        (envelope,) = arguments
        urgent = is_urgent(envelope["command"][KIND])
        return keys.lane(int(envelope["bot_id"]), int(envelope["actor"]["id"]), urgent=urgent)

    async def run(self, context: JobContext, payload: dict[str, Any]) -> None:
        """Run one command.

        Raises UnknownKindError for a command of a newer release, and ValidationError for another payload that
        this release cannot read.
        """
        envelope = Envelope.model_validate(payload)
        kind = envelope.command.kind
        if _is_over(envelope, context):
            self._metrics.ran(kind, EXPIRED, self._since_update(envelope))
            log.info("command", kind=kind, result=EXPIRED, update_id=envelope.update_id)
            return
        await self._run(context, envelope)

    async def _run(self, context: JobContext, envelope: Envelope) -> None:
        kind = envelope.command.kind
        started, result, outcomes = perf_counter(), "failed", list[str]()

        def decided(reply: Reply) -> None:
            self._metrics.decided(reply.outcome)
            outcomes.extend(filter(None, [reply.outcome]))

        ids: dict[str, str | int] = {"job_id": context.job_id, "update_id": envelope.update_id}
        with (
            structlog.contextvars.bound_contextvars(**ids, kind=kind),
            job_span(envelope.trace, kind=kind, **ids),
        ):
            try:
                async with minding_the_schema(self._sessions):
                    await self._runner.run(envelope, decided, context.lease)
                result = "done"
            except ShowLaterError as later:
                result = "put_off"
                job = write_job(later.envelope, envelope.received_at)
                raise DeferJobError(later.retry_after, "its view is to be shown later", job) from later
            finally:
                self._metrics.ran(kind, result, self._since_update(envelope))
                _tell(result, outcomes, perf_counter() - started, context.waited)

    async def move_to_dead_letters(self, job: Job, error: BaseException) -> None:
        """Keep a job that failed for good, with the reason; not one for which nobody waits by then."""
        if lives_for(_kind(job.payload)) is not None:
            log.error("nobody waits for this command any more", job_id=job.id, error=type(error).__name__)
            return
        payload = {"raw": _storable(job.payload.decode(errors="replace"))}
        reason = _storable(f"{type(error).__name__}: {error}")
        async with self._sessions.begin() as session:
            await dead_letters.add(session, job.id, _kind(job.payload), payload, reason)
        self._metrics.dead.inc()
        await self._apologise(job)

    async def _apologise(self, job: Job) -> None:
        """Tell the person, where the job says who it is; whatever fails, the dead letter is kept already."""
        try:
            await self._runner.apologise(read_envelope(job.payload))
        except Exception as error:  # noqa: BLE001 - a dead letter must not come back as a job
            log.warning("nobody told of a dead command", job_id=job.id, error=type(error).__name__)

    def _since_update(self, envelope: Envelope) -> float:
        return max(0.0, (self._clock.now() - envelope.received_at).total_seconds())


def _is_over(envelope: Envelope, context: JobContext) -> bool:
    """Tell by Redis's clock whether nobody waits any more: bot and worker may each have a wrong one."""
    lives = envelope.command.lives
    return lives is not None and context.waited > lives


def _tell(result: str, outcomes: Sequence[str], seconds: float, waited: float) -> None:
    """Write a command's one line: how it ended, how long it took, and how long it had waited."""
    log.info(
        "command",
        result=result,
        **({"outcome": outcomes[0]} if outcomes else {}),
        ms=round(seconds * 1000, 1),
        waited_ms=round(waited * 1000, 1),
    )


def _kind(payload: bytes) -> str:
    """Read what was asked; a payload that nobody can read has no kind."""
    try:
        return _storable(str(from_json(payload)["a"][0]["command"]["kind"]))
    except (ValueError, LookupError, TypeError):
        return UNREADABLE


def _storable(text: str) -> str:
    """Replace what PostgreSQL keeps in no text: zero bytes and halves of surrogate pairs."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
