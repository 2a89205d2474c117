"""What the worker's log says of errors, kept with where they come from."""

import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from tests.walks.phones import told

ERRORS: Final = frozenset({"error", "critical", "exception"})


@dataclass
class ErrorLog:
    """The errors that were logged."""

    errors: list[str] = field(default_factory=list)

    def keep(self, _logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Keep an error, and let nothing be written."""
        if method in ERRORS:
            error = event.get("exc_info")
            error = error if isinstance(error, BaseException) else sys.exc_info()[1]
            what = f"{event.get('event')} ({event.get('kind', event.get('message_kind', ''))})"
            self.errors.append(what if error is None else f"{what}: {told(error)}")
        raise structlog.DropEvent


@contextmanager
def errors_kept() -> Iterator[ErrorLog]:
    """Keep what is logged meanwhile in place of writing it."""
    kept = ErrorLog()
    structlog.configure(processors=[kept.keep])
    try:
        yield kept
    finally:
        structlog.reset_defaults()
