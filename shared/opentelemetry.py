"""Spans by OpenTelemetry, sent to a collector over HTTP. Imported only where OTLP_ENDPOINT is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.metrics import revision
from shared.tracing import Fact

TRACEPARENT: Final = "traceparent"
PREFIX: Final = "bellhop."
EXPORT_SECONDS: Final = 5


class OpenTelemetry:
    """Makes spans; a shared.tracing.Tracing. No library is instrumented and no global is set."""

    def __init__(self, component: str, processor: SpanProcessor) -> None:
        resource = Resource.create({"service.name": f"bellhop-{component}", "service.version": revision()})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("bellhop")
        self._propagator = TraceContextTextMapPropagator()

    @classmethod
    def to_collector(cls, component: str, endpoint: str) -> "OpenTelemetry":
        """Send spans to a collector, in batches, from a thread; what it does not take is dropped."""
        address = f"{endpoint.rstrip('/')}/v1/traces"
        return cls(component, BatchSpanProcessor(OTLPSpanExporter(address, timeout=EXPORT_SECONDS)))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, **facts: Fact) -> Iterator[None]:
        """Time a part of the trace under way."""
        if not trace.get_current_span().get_span_context().is_valid:
            yield
            return
        with self._tracer.start_as_current_span(
            name, attributes=_named(facts), record_exception=False, set_status_on_exception=False
        ) as current:
            yield from _watched(current)

    @contextmanager
    def update(self, **facts: Fact) -> Iterator[None]:
        """Begin a trace."""
        with self._tracer.start_as_current_span(
            "update",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=SpanKind.SERVER,
            attributes=_named(facts),
            record_exception=False,
            set_status_on_exception=False,
        ) as current:
            yield from _watched(current)

    @contextmanager
    def job(self, parent: str | None, **facts: Fact) -> Iterator[None]:
        """Go on with a trace, or begin one where the envelope brought none that can be read."""
        carrier = {} if parent is None else {TRACEPARENT: parent}
        with self._tracer.start_as_current_span(
            "job",
            context=self._propagator.extract(carrier, trace.set_span_in_context(trace.INVALID_SPAN)),
            kind=SpanKind.CONSUMER,
            attributes=_named(facts),
            record_exception=False,
            set_status_on_exception=False,
        ) as current:
            yield from _watched(current)

    def carried(self) -> str | None:
        """Write the trace under way as a traceparent."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get(TRACEPARENT)


def _named(facts: dict[str, Fact]) -> dict[str, Fact]:
    return {PREFIX + name: value for name, value in facts.items()}


def _watched(current: Span) -> Iterator[None]:
    """Note a failure by its type: the message may quote the person."""
    try:
        yield
    except BaseException as error:
        current.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
