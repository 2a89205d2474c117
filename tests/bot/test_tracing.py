from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.opentelemetry import make_provider
from shared.tracing import traced_by
from tests.bot import updates
from tests.bot.kit import Kit


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = make_provider("bot", SimpleSpanProcessor(exporter))
    with traced_by(provider.get_tracer("test")):
        yield exporter
    provider.shutdown()


async def test_an_updates_trace_goes_on_in_its_envelope(spans: InMemorySpanExporter) -> None:
    kit = Kit()
    await kit.ingest.accept(updates.message("/start"))
    enqueue, update = spans.get_finished_spans()
    assert (enqueue.name, update.name) == ("enqueue", "update")
    assert kit.envelope.trace is not None
    assert enqueue.context is not None
    version, trace, parent, _ = kit.envelope.trace.split("-")
    assert (version, int(trace, 16), int(parent, 16)) == (
        "00",
        enqueue.context.trace_id,
        enqueue.context.span_id,
    )
    assert (update.attributes or {})["bellhop.update_id"] == kit.envelope.update_id


async def test_without_tracing_the_envelope_carries_none() -> None:
    kit = Kit()
    await kit.ingest.accept(updates.message("/start"))
    assert kit.envelope.trace is None
