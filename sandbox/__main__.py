"""`python -m sandbox`: try the whole system on this machine, with nothing installed."""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

from sandbox.addresses import settings_of
from sandbox.errors import ProcessStoppedError, SandboxError
from sandbox.options import DEMO_BUSINESS, OWNER_ID, WEB_CHAT_PORT, Options
from sandbox.people import open_staffs_chats
from sandbox.system import Sandbox

HIGHEST_PORT = 65_535


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sandbox until it is stopped; return the exit code."""
    given = _parser().parse_args(argv)
    options = Options(
        data=given.data,
        port=given.port,
        workers=given.workers,
        fresh=given.fresh,
        business=None if given.empty else given.business,
        bot_mode=given.bot_mode,
        environment=settings_of(os.environ),
    )
    try:
        asyncio.run(run(options, headless=given.headless))
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    add = parser.add_argument
    add("--headless", action="store_true", help="print one JSON line with every address, nothing else")
    add("--workers", type=_count, default=2, metavar="N", help="worker replicas (2)")
    add("--fresh", action="store_true", help="throw the data of earlier runs away")
    add(
        "--port",
        type=_port,
        default=WEB_CHAT_PORT,
        metavar="N",
        help="the web chat's port (8081); 0: a free one",
    )
    add("--data", type=Path, default=Options().data, metavar="DIR", help="where data are kept (.sandbox)")
    add(
        "--business",
        type=Path,
        default=DEMO_BUSINESS,
        metavar="FILE",
        help="the business (sandbox/demo.yaml)",
    )
    add("--empty", action="store_true", help="no business: Olivia sets one up in the chat")
    add("--bot-mode", choices=["polling", "webhook"], default="polling", help="how updates come in (polling)")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number up to {HIGHEST_PORT}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:  # noqa: PLR2004 - more than any machine runs
        raise argparse.ArgumentTypeError("from 1 to 100 workers can run")
    return int(text)


async def run(options: Options, *, headless: bool) -> None:
    """Start a sandbox, say where it is, and stop it in order when asked.

    Raises SandboxError when it does not start or one of its processes ends by itself.
    """
    stopping, hurrying = _listen_for_signals()
    sandbox = Sandbox(options, _say_nothing if headless else _say)
    if not await _unless(stopping, sandbox.start()):
        return
    await open_staffs_chats(sandbox.addresses.client_api)
    _say(_as_json(sandbox) if headless else _welcome(sandbox))
    crashed = await _unless(stopping, _crash(sandbox))
    if not headless:
        _say("Stopping …")
    reason = sandbox.crash_report()
    if not await _unless(hurrying, sandbox.stop()):
        await sandbox.kill()
    if crashed:
        raise ProcessStoppedError(reason)


async def _crash(sandbox: Sandbox) -> None:
    await sandbox.crashed()


async def _unless(event: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do the work and tell that it is done; drop it when the event comes first."""
    waiting, working = asyncio.create_task(event.wait()), asyncio.create_task(work)
    try:
        await asyncio.wait({waiting, working}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working
            return True
        working.cancel()
        await asyncio.wait({working})
        return False
    finally:
        waiting.cancel()


def _listen_for_signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Return two events: a signal asks to stop, the next one to hurry."""
    stopping, hurrying = asyncio.Event(), asyncio.Event()

    def received() -> None:
        (hurrying if stopping.is_set() else stopping).set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, received)
    return stopping, hurrying


def _welcome(sandbox: Sandbox) -> str:
    return f"\n  {sandbox.addresses.webchat}\n\nCtrl-C stops it; data is kept in {sandbox.data.shown}/"


def _as_json(sandbox: Sandbox) -> str:
    addresses = sandbox.addresses
    described = {
        "webchat": addresses.webchat,
        "telegram_api": addresses.telegram_api,
        "client_api": addresses.client_api,
        "bot": addresses.bot_url,
        "workers": addresses.worker_urls,
        "database_url": addresses.database_url,
        "redis_url": addresses.redis_url,
        "bot_token": sandbox.token,
        "admin_ids": [OWNER_ID],
        "pids": {"sandbox": os.getpid(), **{name: part.pid for name, part in sandbox.processes.items()}},
        "logs": str(sandbox.data.logs),
    }
    return json.dumps(described)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _say_nothing(_line: str) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
