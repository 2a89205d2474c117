"""Backs up when it is time, tidies up after that, and goes on when it fails."""

import json
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from compose.backup import dumps, losses
from compose.backup.figures import Figures
from compose.backup.server import Server, ServerError
from compose.backup.settings import Settings

AGAIN = timedelta(minutes=5)
"""After a failure."""


def say(event: str, **more: object) -> None:
    """Log a line of JSON, as bot and worker do."""
    line = {"event": event, **more, "timestamp": datetime.now(UTC).isoformat()}
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


class Schedule:
    """The backups of one database."""

    def __init__(self, settings: Settings, server: Server, figures: Figures) -> None:
        self._settings = settings
        self._server = server
        self._figures = figures
        figures.interval = settings.interval.total_seconds()
        figures.directory = settings.directory
        self.stopping = threading.Event()

    def run(self) -> None:
        """Back up whenever the newest dump is older than the interval, until stopped."""
        dumps.clear_partial(self._settings.directory)
        self._figures.look()
        while not self.stopping.wait(self._seconds_left()):
            if not self.back_up():
                self.stopping.wait(AGAIN.total_seconds())

    def back_up(self) -> bool:
        """Make one dump now and remove what is outdated; return whether that worked."""
        began = time.monotonic()
        try:
            dump = dumps.make(self._server, self._settings.directory, datetime.now(UTC))
        except dumps.NothingToDumpError as error:
            say("nothing to back up", reason=error)
            return False
        except (ServerError, OSError) as error:
            self._figures.failures += 1
            self._figures.failing = 1
            say("backup failed", error=error)
            return False
        self._figures.failing = 0
        self._figures.last_seconds = round(time.monotonic() - began, 3)
        self._tidy()
        self._figures.look()
        say("backup made", file=dump.path.name, bytes=dump.size, seconds=self._figures.last_seconds)
        return True

    def _tidy(self) -> None:
        settings = self._settings
        kept = dumps.every(settings.directory)
        for dump in dumps.outdated(kept, datetime.now(UTC), settings.keep, settings.keep_least):
            dump.remove()
            say("backup removed", file=dump.path.name)
        for path in losses.outdated(settings.directory, datetime.now(UTC), settings.keep):
            path.unlink(missing_ok=True)
            say("list of what a restore lost removed", file=path.name)

    def _seconds_left(self) -> float:
        due = self._figures.last_success + self._settings.interval.total_seconds()
        return max(0.0, due - time.time())
