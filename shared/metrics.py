"""Metrics: one registry a process, made where the process is wired, handed to whoever counts."""

import os
from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

PREFIX = "bellhop"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
CONTENT_TYPE = CONTENT_TYPE_LATEST


def revision() -> str:
    """Return the source revision this process was built from; 'unknown' outside an image."""
    return os.environ.get("BELLHOP_REVISION", "unknown")


def new_registry(component: str) -> CollectorRegistry:
    """Make a process's registry, with the figures every process has."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    build = Info(f"{PREFIX}_build", "What is running.", registry=registry)
    build.info({"component": component, "revision": revision()})
    start = Instruments(registry).gauge("start_time_seconds", "When the process became ready, Unix time.")
    start.set_to_current_time()
    return registry


class Instruments:
    """Makes a process's figures on its registry, each named as one of Bellhop's."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def counter(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
        """Make what only grows."""
        return Counter(f"{PREFIX}_{name}", meaning, labels, registry=self._registry)

    def gauge(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Gauge:
        """Make what goes up and down."""
        return Gauge(f"{PREFIX}_{name}", meaning, labels, registry=self._registry)

    def histogram(
        self, name: str, meaning: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
    ) -> Histogram:
        """Make what is spread; in seconds, unless the buckets say otherwise."""
        return Histogram(f"{PREFIX}_{name}", meaning, labels, registry=self._registry, buckets=buckets)


def render(registry: CollectorRegistry) -> bytes:
    """Write the registry in Prometheus's text format."""
    return generate_latest(registry)
