"""What a process takes."""

import psutil

from sandbox.process import ManagedProcess

MEGABYTE = 1_000_000


def memory_of(process: ManagedProcess) -> float:
    """Return a process's resident memory in MB."""
    return float(psutil.Process(process.pid).memory_info().rss) / MEGABYTE
