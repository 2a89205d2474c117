"""Metrics: one registry a process, made where the process is wired, handed to whoever counts."""

import os

from prometheus_client import CollectorRegistry, Gauge, Info, PlatformCollector, ProcessCollector
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
    start = Gauge(
        f"{PREFIX}_start_time_seconds", "When the process became ready, Unix time.", registry=registry
    )
    start.set_to_current_time()
    return registry


def render(registry: CollectorRegistry) -> bytes:
    """Write the registry in Prometheus's text format."""
    return generate_latest(registry)
