"""Log lines in one line each: a failure that a test provokes needs no page of its own."""

import pytest
import structlog


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
