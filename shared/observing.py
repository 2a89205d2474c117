"""What a process tells others about itself, where its settings ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.reports import report_errors
from shared.settings import CommonSettings
from shared.tracing import traces


@contextmanager
def observed(component: str, settings: CommonSettings) -> Iterator[None]:
    """Trace the block and report its errors, as the settings say. Raises InvalidSettingsError.

    Enter it before the event loop begins, so that every task and every callback is in it.
    """
    dsn = settings.sentry_dsn
    report_errors(component, None if dsn is None else dsn.get_secret_value())
    with traces(component, settings.otlp_endpoint):
        yield
