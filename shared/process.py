"""The frame around a process's work: settings in, logs and failpoints on, an exit code out."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Final

from shared.environment import InvalidSettingsError
from shared.failpoints import InvalidFailpointsError, arm_failpoints
from shared.logs import configure_logs
from shared.observing import observed
from shared.settings import CommonSettings, load

FAILED: Final = 1
BAD_SETTINGS: Final = 2


class CannotRunError(Exception):
    """The work is in vain until someone changes something; the message says what, in a sentence."""


class PortTakenError(CannotRunError):
    """The address cannot be listened on."""

    def __init__(self, component: str, host: str, port: int, reason: str, settings: str) -> None:
        super().__init__(
            f"The {component} cannot listen on {host} port {port}: {reason}. "
            f"Change {settings}, or stop what listens there."
        )


def run_process[Settings: CommonSettings](
    component: str, model: type[Settings], work: Callable[[Settings], None]
) -> int:
    """Do a process's work with its settings; return the exit code."""
    code = 0
    try:
        settings = load(model)
        configure_logs(settings.log_level, settings.log_format)
        arm_failpoints(os.environ, settings.telegram_api_url)
        with observed(component, settings):
            work(settings)
    except* (InvalidSettingsError, InvalidFailpointsError) as errors:
        code = _say(errors, BAD_SETTINGS)
    except* CannotRunError as errors:
        code = _say(errors, FAILED)
    return code


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Let SIGTERM and SIGINT end the running loop's work."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def _say(errors: BaseExceptionGroup, code: int) -> int:
    for sentence in dict.fromkeys(map(str, _single(errors))):
        sys.stderr.write(f"{sentence}\n")
    return code


def _single(error: BaseException) -> Iterator[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from _single(each)
