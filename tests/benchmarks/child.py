"""Measurements that want a process of their own: it prints its figures as JSON."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from typing import Any

from sandbox.addresses import base_environment
from tests.running import ROOT


async def run_program(command: Sequence[str], seconds: float) -> str:
    """Run a program to its end and return what it wrote. Raises RuntimeError with the end of its errors."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=base_environment(), stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            output, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise RuntimeError(f"{command[0]} took more than {seconds:g} s") from None
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])}: {errors.decode(errors='replace')[-600:]}")
    return output.decode()


async def run_child(module: str, arguments: Sequence[str], seconds: float) -> dict[str, Any]:
    """Run one of our own modules and return its figures. Raises RuntimeError."""
    output = await run_program([sys.executable, "-m", module, *arguments], seconds)
    answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    return answer
