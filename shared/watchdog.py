"""Ends a process whose event loop stands still, so that what keeps it running starts it anew.

A loop that stands still answers nobody, while its process looks alive to whoever counts processes. A
thread of its own watches it and needs nothing from it.
"""

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Coroutine
from typing import Final

import structlog

STOOD_STILL: Final = 75
"""The exit code; the container starts again whatever it is."""
STEPS: Final = 20
"""How often the loop is looked at within the time it may stand still."""
LAST_WORDS_SECONDS: Final = 2.0
"""Who reads the output may be what everything waits for: then it ends without a word."""

log = structlog.get_logger()


async def watched[T](work: Coroutine[object, object, T], seconds: float) -> T:
    """Do the work; end the process once its loop has not turned for `seconds`, 0 for never."""
    if not seconds:
        return await work
    done = threading.Event()
    loop = asyncio.get_running_loop()
    thread = threading.Thread(target=_watch, args=(loop, seconds, done), name="watchdog", daemon=True)
    thread.start()
    try:
        return await work
    finally:
        done.set()


def _watch(loop: asyncio.AbstractEventLoop, seconds: float, done: threading.Event) -> None:
    """Count the steps that the loop sleeps through.

    Steps, not the time of day: a process that was stopped, or a machine that slept, has missed none.
    """
    turned = threading.Event()
    missed = 0
    loop.call_soon_threadsafe(turned.set)
    while not done.wait(seconds / STEPS):
        missed = 0 if turned.is_set() else missed + 1
        if missed >= STEPS:
            _end(seconds)
        if turned.is_set():
            turned.clear()
            try:
                loop.call_soon_threadsafe(turned.set)
            except RuntimeError:  # the loop is closed: the work is done
                return


def _end(seconds: float) -> None:
    words = threading.Thread(target=_say, args=(seconds,), daemon=True)
    words.start()
    words.join(LAST_WORDS_SECONDS)
    os._exit(STOOD_STILL)


def _say(seconds: float) -> None:
    """Say where every thread stands: places in the code, and no values."""
    log.critical("stood still: the process ends itself", seconds=seconds)
    sys.stdout.flush()
    faulthandler.dump_traceback(sys.stderr, all_threads=True)
