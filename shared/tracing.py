"""Traces of a tap through bot, worker and delivery, for those who set OTLP_ENDPOINT; nothing for the rest.

Without the setting nothing of OpenTelemetry is imported and a span is one look at a variable. The trace
travels in the command's envelope. Why so: docs/decisions/0008-tracing.md.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Final, Protocol

from shared.settings import InvalidSettingsError

type Fact = str | int


class TracingNotInstalledError(InvalidSettingsError):
    """OTLP_ENDPOINT is set, and this environment or image lacks OpenTelemetry."""

    def __init__(self) -> None:
        super().__init__(
            "OTLP_ENDPOINT needs OpenTelemetry: build the image with --build-arg OBSERVING=yes, "
            "or install requirements/observing.txt."
        )


class Tracing(Protocol):
    """What makes spans."""

    def span(self, name: str, **facts: Fact) -> AbstractContextManager[None]:
        """Time the block as a part of the trace that is under way; without one, of none."""
        ...

    def update(self, **facts: Fact) -> AbstractContextManager[None]:
        """Begin a trace: an update came in."""
        ...

    def job(self, parent: str | None, **facts: Fact) -> AbstractContextManager[None]:
        """Go on with the trace that an envelope brought."""
        ...

    def carried(self) -> str | None:
        """Write the trace that is under way as a W3C traceparent."""
        ...


_tracing: ContextVar[Tracing | None] = ContextVar("tracing", default=None)
_NOTHING: Final[AbstractContextManager[None]] = nullcontext()


def span(name: str, **facts: Fact) -> AbstractContextManager[None]:
    """Time the block as a part of the trace that is under way. Facts are ids, never what people write."""
    tracing = _tracing.get()
    return _NOTHING if tracing is None else tracing.span(name, **facts)


def update_span(**facts: Fact) -> AbstractContextManager[None]:
    """Begin the trace of an update."""
    tracing = _tracing.get()
    return _NOTHING if tracing is None else tracing.update(**facts)


def job_span(parent: str | None, **facts: Fact) -> AbstractContextManager[None]:
    """Go on with the trace that an envelope brought."""
    tracing = _tracing.get()
    return _NOTHING if tracing is None else tracing.job(parent, **facts)


def carried_trace() -> str | None:
    """Return what an envelope takes along: the trace that is under way, None without one."""
    tracing = _tracing.get()
    return None if tracing is None else tracing.carried()


@contextmanager
def traced_by(tracing: Tracing) -> Iterator[None]:
    """Send this block's spans, and those of every task begun in it, to `tracing`."""
    token = _tracing.set(tracing)
    try:
        yield
    finally:
        _tracing.reset(token)


@contextmanager
def traces(component: str, endpoint: str | None) -> Iterator[None]:
    """Trace the block if there is an endpoint. Raises TracingNotInstalledError.

    Enter it before the event loop begins, so that every task and every callback is in it.
    """
    if endpoint is None:
        yield
        return
    try:
        from shared.opentelemetry import OpenTelemetry  # noqa: PLC0415 - only those who trace pay for it
    except ImportError as error:
        raise TracingNotInstalledError from error
    tracing = OpenTelemetry.to_collector(component, endpoint)
    try:
        with traced_by(tracing):
            yield
    finally:
        tracing.close()
