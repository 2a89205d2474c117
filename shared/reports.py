"""Error reports to Sentry, for those who set SENTRY_DSN; nothing of it is imported for the rest."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from shared.environment import InvalidSettingsError
from shared.metrics import revision

CLOSING_SECONDS: Final = 2
TAGS: Final = ("update_id", "job_id", "kind", "booking_id", "outbox_id")
FRAME: Final = ("filename", "abs_path", "function", "module", "lineno", "in_app")
KEPT: Final = ("event_id", "timestamp", "platform", "level", "release", "environment", "logger", "sdk")


class ReportsNotInstalledError(InvalidSettingsError):
    """SENTRY_DSN is set, and this environment or image lacks Sentry's package."""

    def __init__(self) -> None:
        super().__init__(
            "SENTRY_DSN needs Sentry's package: build the image with --build-arg OBSERVING=yes, "
            "or install requirements/observing.txt."
        )


def report_errors(component: str, dsn: str | None, **options: Any) -> None:  # noqa: ANN401 - Sentry's own
    """Report what is logged as an error, if there is a DSN. Raises ReportsNotInstalledError."""
    if dsn is None:
        return
    try:
        import sentry_sdk  # noqa: PLC0415 - only those who report pay for it
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415 - as above
    except ImportError as error:
        raise ReportsNotInstalledError from error
    sentry_sdk.init(
        dsn=dsn,
        release=revision(),
        server_name=component,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        shutdown_timeout=CLOSING_SECONDS,
        before_send=scrub,
        **options,
    )


def scrub(event: Any, hint: Any) -> Any:  # noqa: ANN401 - Sentry's own types are not always there
    """Make the report anew from what is known to hold no person: where it broke, and the ids."""
    record = _logged(hint)
    report: dict[str, Any] = {name: event[name] for name in KEPT if name in event}
    report["tags"] = {name: str(record[name]) for name in TAGS if name in record}
    report["message"] = str(record.get("event", "error"))
    values = (event.get("exception") or {}).get("values") or []
    if "exception" in record:  # as shared.logs writes it: places and types
        where = str(record["exception"])
        report["extra"] = {"where": where}
        report["fingerprint"] = [report["message"], *where.splitlines()[-2:]]
    elif values:
        report["exception"] = {"values": [_exception(value) for value in values]}
    return report


def _logged(hint: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return structlog's record; the event's name is ours, written in the source."""
    message = getattr(hint.get("log_record"), "msg", None)
    return message if isinstance(message, Mapping) else {}


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": "",  # it may quote what a person wrote
        "stacktrace": {"frames": [{name: frame.get(name) for name in FRAME} for frame in frames]},
    }
