"""`python -m sandbox.emulator`: a strict Telegram on loopback."""

import argparse
import gc
import logging
import re
import sys
from pathlib import Path

import uvloop

from sandbox.emulator.config import EmulatorConfig
from sandbox.emulator.server import PortTakenError, run
from sandbox.emulator.store import StateError

RARELY = (700, 10, 1000)
"""When rubbish is collected: the young as usual, the old seldom. The emulator keeps what has happened, a
million small things after a while; to look through all of them stops it for a tenth of a second."""
TOKEN = re.compile(r"\d{1,16}:[A-Za-z0-9_-]{3,}")
HIGHEST_PORT = 65_535


def _token(text: str) -> str:
    if not TOKEN.fullmatch(text):
        raise argparse.ArgumentTypeError("a token looks like 1000000001:AA…")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


def main() -> int:
    """Serve until stopped; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, required=True)
    parser.add_argument("--token", type=_token, action="append", required=True, help="a bot's; repeatable")
    parser.add_argument("--state", type=Path, help="keep everything in this file between runs")
    given = parser.parse_args()
    gc.set_threshold(*RARELY)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config = EmulatorConfig(tokens=tuple(dict.fromkeys(given.token)), state=given.state)
    try:
        uvloop.run(run(config, given.host, given.port))
    except (PortTakenError, StateError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
