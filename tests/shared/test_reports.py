import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from shared.logs import configure_logs
from shared.reports import report_errors

HOSTILE = "Anastasia +49 151 23456789 123456789:" + "AAF" + "x" * 32


class Kept(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        if event is not None:
            self.events.append(dict(event))


@pytest.fixture
def kept() -> Iterator[Kept]:
    configure_logs("INFO", "json")
    transport = Kept()
    report_errors("bot", "http://key@127.0.0.1:1/1", transport=transport)
    yield transport
    sentry_sdk.get_client().close()
    sentry_sdk.init(default_integrations=False, auto_enabling_integrations=False)


def test_a_report_is_the_place_the_type_and_the_ids(kept: Kept) -> None:
    try:
        int(HOSTILE)
    except ValueError:
        structlog.get_logger().exception("job failed", job_id="u:1:7", update_id=7, first_name=HOSTILE)
    (event,) = kept.events
    assert event["message"] == "job failed"
    assert event["tags"] == {"job_id": "u:1:7", "update_id": "7"}
    place, kind = event["extra"]["where"].splitlines()
    assert place.endswith("in test_a_report_is_the_place_the_type_and_the_ids")
    assert kind == "builtins.ValueError"
    assert event["fingerprint"] == ["job failed", place, kind]
    told = json.dumps(event, default=str)
    assert "Anastasia" not in told
    assert "23456789" not in told


def test_what_another_library_logs_is_reported_without_its_words(kept: Kept) -> None:
    logging.getLogger("somebody").error("failed for %s", HOSTILE)
    (event,) = kept.events
    assert event["message"] == "error"
    assert event["logger"] == "somebody"
    assert "Anastasia" not in json.dumps(event, default=str)


def test_a_warning_is_no_report(kept: Kept) -> None:
    structlog.get_logger().warning("queue unavailable")
    assert kept.events == []


def test_so_is_where_it_failed(kept: Kept) -> None:
    try:
        int(HOSTILE)
    except ValueError:
        logging.getLogger("somebody").exception("no")
    (event,) = kept.events
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "test_so_is_where_it_failed"
    assert "Anastasia" not in json.dumps(event, default=str)
