"""OpenTelemetry's SDK, sending spans to a collector over HTTP. Imported only where OTLP_ENDPOINT is set."""

from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from shared.metrics import revision

EXPORT_SECONDS: Final = 5


def make_provider(component: str, processor: SpanProcessor) -> TracerProvider:
    """Make what makes tracers. No library is instrumented and no global is set."""
    resource = Resource.create({"service.name": f"bellhop-{component}", "service.version": revision()})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def collector_provider(component: str, endpoint: str) -> TracerProvider:
    """Send spans to a collector, in batches, from a thread; what it does not take is dropped."""
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
    return make_provider(component, BatchSpanProcessor(exporter))
