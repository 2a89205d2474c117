import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.contracts.menu import ShowHelp
from shared.envelope import Actor, Envelope, ReplyTo
from shared.opentelemetry import make_provider
from shared.tracing import carried_trace, job_span, span, traced_by, update_span


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = make_provider("test", SimpleSpanProcessor(exporter))
    with traced_by(provider.get_tracer("test")):
        yield exporter
    provider.shutdown()


def finished(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {found.name: found for found in exporter.get_finished_spans()}


def parent_of(one: ReadableSpan) -> int | None:
    return one.parent.span_id if one.parent else None


def own_id(one: ReadableSpan) -> int:
    assert one.context is not None
    return int(one.context.span_id)


def test_a_tap_is_one_trace_across_both_processes(spans: InMemorySpanExporter) -> None:
    with update_span(update_id=7), span("enqueue"):
        carried = carried_trace()
    with job_span(carried, job_id="u:1:7", update_id=7):
        with span("transaction"):
            pass
        with span("send", method="sendMessage"):
            pass
    found = finished(spans)
    assert found.keys() == {"update", "enqueue", "job", "transaction", "send"}
    assert len({it.context.trace_id for it in found.values() if it.context}) == 1
    assert parent_of(found["update"]) is None
    assert parent_of(found["enqueue"]) == own_id(found["update"])
    assert parent_of(found["job"]) == own_id(found["enqueue"])
    assert {parent_of(found[name]) for name in ("transaction", "send")} == {own_id(found["job"])}
    assert dict(found["send"].attributes or {}) == {"bellhop.method": "sendMessage"}


def test_an_update_begins_a_trace_of_its_own(spans: InMemorySpanExporter) -> None:
    with update_span(update_id=1), update_span(update_id=2):
        pass
    one, two = spans.get_finished_spans()
    assert one.context is not None
    assert two.context is not None
    assert one.context.trace_id != two.context.trace_id


@pytest.mark.parametrize("parent", [None, "", "nonsense", "00-zz-yy-01"])
def test_a_job_without_a_readable_trace_begins_one(spans: InMemorySpanExporter, parent: str | None) -> None:
    with job_span(parent, update_id=7):
        assert carried_trace()
    assert parent_of(finished(spans)["job"]) is None


def test_outside_of_a_trace_nothing_is_recorded(spans: InMemorySpanExporter) -> None:
    with span("send", method="getUpdates"):
        assert carried_trace() is None
    assert spans.get_finished_spans() == ()


def test_an_error_is_noted_by_its_type(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Anna"), update_span(update_id=7), span("transaction"):
        raise ValueError("Anna said so")
    for found in spans.get_finished_spans():
        assert found.status.description == "ValueError"
        assert not found.events
        assert "Anna" not in found.to_json()


def test_a_release_that_knows_no_trace_reads_the_envelope_and_the_other_way_round() -> None:
    envelope = Envelope(
        bot_id=1,
        update_id=7,
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
        actor=Actor(id=2),
        reply_to=ReplyTo(chat_id=2),
        command=ShowHelp(),
        trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    assert Envelope.model_validate_json(envelope.model_dump_json()) == envelope
    older = envelope.model_dump(mode="json")
    del older["trace"]
    assert Envelope.model_validate(older).trace is None


def test_without_the_setting_no_sdk_is_imported_and_no_trace_is_made() -> None:
    program = """
import sys
import bot.main, worker.main
from shared.observing import observed
from shared.bot_settings import BotSettings
from shared.tracing import carried_trace, span, update_span
settings = BotSettings.model_validate({"bot_token": "123456789:" + "A" * 35})
with observed("bot", settings), update_span(update_id=1), span("send"):
    assert carried_trace() is None
ours = {"shared.opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter", "sentry_sdk"}
assert not ours & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("setting", "package"), [("otlp_endpoint", "opentelemetry.sdk"), ("sentry_dsn", "sentry_sdk")]
)
def test_a_setting_without_its_package_is_told_in_a_sentence(setting: str, package: str) -> None:
    program = f"""
import sys
sys.modules["{package}"] = None
from shared.observing import observed
from shared.environment import InvalidSettingsError
from shared.bot_settings import BotSettings
values = {{"bot_token": "123456789:" + "A" * 35, "{setting}": "http://key@127.0.0.1:1/1"}}
settings = BotSettings.model_validate(values)
try:
    with observed("bot", settings):
        raise SystemExit("it went on")
except InvalidSettingsError as error:
    assert "OBSERVING=yes" in str(error), error
"""
    subprocess.run([sys.executable, "-c", program], check=True)
