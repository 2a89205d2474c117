"""aiogram's own Bot as a client."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT

from tests.sandbox.emulator.driving import Telegram


async def test_an_unmodified_bot_converses(telegram: Telegram) -> None:
    command = [sys.executable, "-m", "tests.sandbox.emulator.conversation", telegram.url]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
