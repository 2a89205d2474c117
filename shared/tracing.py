"""Traces of a tap through bot, worker and delivery, for those who set OTLP_ENDPOINT; nothing for the rest.

Spans are OpenTelemetry's, whose interface does nothing without its SDK. The trace travels in the command's
envelope. Why so: docs/decisions/0008-tracing.md.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Final

from opentelemetry.context import Context
from opentelemetry.trace import NoOpTracer, SpanKind, Status, StatusCode, Tracer, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.environment import InvalidSettingsError

type Fact = str | int

TRACEPARENT: Final = "traceparent"
PREFIX: Final = "bellhop."
PROPAGATOR: Final = TraceContextTextMapPropagator()

_tracer: ContextVar[Tracer] = ContextVar("tracer", default=NoOpTracer())  # noqa: B039 - it has no state


class TracingNotInstalledError(InvalidSettingsError):
    """OTLP_ENDPOINT is set, and this environment or image lacks OpenTelemetry's SDK."""

    def __init__(self) -> None:
        super().__init__(
            "OTLP_ENDPOINT needs OpenTelemetry: build the image with --build-arg OBSERVING=yes, "
            "or install requirements/observing.txt."
        )


def span(name: str, **facts: Fact) -> AbstractContextManager[None]:
    """Time the block as a part of the trace under way, if one is. Facts are ids, never what people write."""
    if not get_current_span().get_span_context().is_valid:
        return nullcontext()
    return _recorded(name, SpanKind.INTERNAL, None, facts)


def update_span(**facts: Fact) -> AbstractContextManager[None]:
    """Begin the trace of an update."""
    return _recorded("update", SpanKind.SERVER, Context(), facts)


def job_span(parent: str | None, **facts: Fact) -> AbstractContextManager[None]:
    """Go on with the trace that an envelope brought, or begin one where it brought none that can be read."""
    carrier = {} if parent is None else {TRACEPARENT: parent}
    return _recorded("job", SpanKind.CONSUMER, PROPAGATOR.extract(carrier, Context()), facts)


def carried_trace() -> str | None:
    """Return the trace under way as a W3C traceparent for an envelope, None without one."""
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier)
    return carrier.get(TRACEPARENT)


@contextmanager
def _recorded(name: str, kind: SpanKind, context: Context | None, facts: dict[str, Fact]) -> Iterator[None]:
    """Record a span. A failure is noted by its type: the message may quote the person."""
    with _tracer.get().start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes={PREFIX + fact: value for fact, value in facts.items()},
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


@contextmanager
def traced_by(tracer: Tracer) -> Iterator[None]:
    """Send this block's spans, and those of every task begun in it, to `tracer`."""
    token = _tracer.set(tracer)
    try:
        yield
    finally:
        _tracer.reset(token)


@contextmanager
def traces(component: str, endpoint: str | None) -> Iterator[None]:
    """Trace the block if there is an endpoint. Raises TracingNotInstalledError.

    Enter it before the event loop begins, so that every task and every callback is in it.
    """
    if endpoint is None:
        yield
        return
    try:
        from shared.opentelemetry import collector_provider  # noqa: PLC0415 - only those who trace pay for it
    except ImportError as error:
        raise TracingNotInstalledError from error
    provider = collector_provider(component, endpoint)
    try:
        with traced_by(provider.get_tracer("bellhop")):
            yield
    finally:
        provider.shutdown()
