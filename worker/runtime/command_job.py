"""The function that the queue calls: a job's payload in, a command run."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import structlog
from arq.worker import Function, func
from pydantic_core import from_json

from shared.clock import Clock
from shared.envelope import Envelope
from shared.queue import keys
from shared.queue.arq_queue import RUN_COMMAND
from shared.tracing import job_span
from worker.db.engine import Sessions
from worker.runtime import idempotency as fence
from worker.runtime.command_metrics import CommandMetrics
from worker.runtime.jobs.lease import Hold
from worker.runtime.jobs.store import Job
from worker.runtime.runner import CommandRunner
from worker.ui.reply import Reply

log = structlog.get_logger()

UNREADABLE = "unreadable"


class CommandJob:
    """Runs commands as jobs, with one canonical log line each."""

    def __init__(
        self, runner: CommandRunner, sessions: Sessions, clock: Clock, metrics: CommandMetrics
    ) -> None:
        self._runner = runner
        self._sessions = sessions
        self._clock = clock
        self._metrics = metrics

    def functions(self) -> Sequence[Function]:
        """Return what to register with the worker."""
        # arq's type asks for *args, which would take the meaning from this signature.
        return [func(self.run, name=RUN_COMMAND)]  # type: ignore[arg-type]

    @staticmethod
    def lane_of(arguments: Sequence[Any]) -> str:
        """Name the lane of a job by its actor."""
        (envelope,) = arguments
        return keys.lane(int(envelope["bot_id"]), int(envelope["actor"]["id"]))

    async def run(self, context: dict[str, Any], payload: dict[str, Any]) -> None:
        """Run one command. Raises ValidationError for a payload that this release cannot read."""
        envelope = Envelope.model_validate(payload)
        kind = envelope.command.kind
        started, result = perf_counter(), "failed"
        outcomes: list[str] = []

        def decided(reply: Reply) -> None:
            self._metrics.decided(reply.outcome)
            outcomes.extend(filter(None, [reply.outcome]))

        lease: Hold = context["lease"]
        ids = {"job_id": context["job_id"], "update_id": envelope.update_id}
        with (
            structlog.contextvars.bound_contextvars(**ids, kind=kind),
            job_span(envelope.trace, kind=kind, **ids),
        ):
            try:
                await self._runner.run(envelope, decided, lease)
                result = "done"
            finally:
                seconds = perf_counter() - started
                self._metrics.ran(kind, result, self._since_update(envelope))
                log.info(
                    "command",
                    result=result,
                    **({"outcome": outcomes[0]} if outcomes else {}),
                    ms=round(seconds * 1000, 1),
                    waited_ms=round(context["waited"] * 1000, 1),
                )

    async def bury(self, job: Job, error: BaseException) -> None:
        """Keep a job that failed for good, with the reason."""
        payload = {"raw": _storable(job.payload.decode(errors="replace"))}
        reason = _storable(f"{type(error).__name__}: {error}")
        async with self._sessions.begin() as session:
            await fence.bury(session, job.id, _kind(job.payload), payload, reason)
        self._metrics.buried.inc()
        await self._apologise(job)

    async def _apologise(self, job: Job) -> None:
        """Tell the person, where the job says who it is; whatever fails, the grave is dug already."""
        try:
            envelope = Envelope.model_validate(from_json(job.payload)["a"][0])
            await self._runner.apologise(envelope)
        except Exception as error:  # noqa: BLE001 - a job that is buried must not come back
            log.warning("nobody told of a dead command", job_id=job.id, error=type(error).__name__)

    def _since_update(self, envelope: Envelope) -> float:
        return max(0.0, (self._clock.now() - envelope.received_at).total_seconds())


def _kind(payload: bytes) -> str:
    """Read what was asked; a payload that nobody can read has no kind."""
    try:
        return _storable(str(from_json(payload)["a"][0]["command"]["kind"]))
    except (ValueError, LookupError, TypeError):
        return UNREADABLE


def _storable(text: str) -> str:
    """Replace what PostgreSQL keeps in no text: zero bytes and halves of surrogate pairs."""
    return text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
