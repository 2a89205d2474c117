"""What Prometheus reads: when a backup last succeeded, and how it went."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from compose.backup import dumps


@dataclass
class Figures:
    """The figures, by what they are called."""

    last_success: float = 0.0
    last_size: int = 0
    last_seconds: float = 0.0
    failures: int = 0
    failing: int = 0
    kept: int = 0
    interval: float = 0.0
    directory: Path | None = None
    """Where the dumps are, to say how full that is."""

    def look(self) -> None:
        """See which dumps there are: `now` and `import` make them too, in other processes."""
        if self.directory is None:
            return
        kept = dumps.every(self.directory)
        self.kept = len(kept)
        if newest := dumps.newest(kept, datetime.now(UTC)):
            self.last_success = newest.at.timestamp()
            self.last_size = newest.size

    def text(self) -> str:
        """Write them in Prometheus's text format; what is in the directory is looked at anew."""
        self.look()
        disk = shutil.disk_usage(self.directory) if self.directory else (0, 0, 0)
        return "".join(
            f"# HELP bellhop_backup_{name} {text}\n# TYPE bellhop_backup_{name} {kind}\n"
            f"bellhop_backup_{name} {value}\n"
            for name, kind, value, text in (
                (
                    "last_success_timestamp_seconds",
                    "gauge",
                    self.last_success,
                    "When the newest dump was made, Unix time; 0 before the first.",
                ),
                ("last_size_bytes", "gauge", self.last_size, "Size of the newest dump."),
                ("last_duration_seconds", "gauge", self.last_seconds, "How long the newest dump took."),
                ("failures_total", "counter", self.failures, "Dumps that failed since the start."),
                ("failing", "gauge", self.failing, "1 while the latest try has failed."),
                ("dumps", "gauge", self.kept, "Dumps that are kept."),
                ("interval_seconds", "gauge", self.interval, "How often a dump is made."),
                ("disk_free_bytes", "gauge", disk[2], "What is free where the dumps are."),
                ("disk_size_bytes", "gauge", disk[0], "What there is where the dumps are."),
            )
        )


@contextmanager
def serving(figures: Figures, port: int) -> Iterator[int]:
    """Serve /metrics and /health for the length of the block, which is handed the port."""

    class Handler(BaseHTTPRequestHandler):
        """Answers two questions and logs none."""

        def do_GET(self) -> None:
            """Answer."""
            answers = {"/metrics": figures.text(), "/health": '{"status": "alive"}\n'}
            body = answers.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("", port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
