"""Pictures that are drawn when they are sent."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from shared.telegram.client import Upload
from worker.ui.letters import FACES, FONT, face_file
from worker.ui.view import Drawing, Media, MediaType, RenderedView

PROGRAM: Final = Path(__file__).with_name("png.py")
MOST_SECONDS: Final = 10.0
"""Of one picture: a hundred times what one takes."""

log = structlog.get_logger()


class Drawer:
    """Draws one picture at a time, beside the event loop."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def drawn(self, view: RenderedView) -> RenderedView:
        """Return the view with its drawing as a file; where it cannot be drawn, the words alone."""
        drawing = view.shows
        if not isinstance(drawing, Drawing):
            return view
        async with self._one_at_a_time:
            png = await self._png(drawing.svg)
        file = png and Upload(drawing.name, png, "image/png")
        return replace(view, shows=Media(MediaType.PHOTO, file, reused=False) if file else None)

    async def _png(self, svg: str) -> bytes | None:
        letters = [FONT, *(str(face_file(weight)) for weight in FACES)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(PROGRAM), *letters, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(MOST_SECONDS):
                png, _ = await process.communicate(svg.encode())
        except TimeoutError:
            png = b""
        finally:
            await _end(process)
        if not png or process.returncode:
            log.warning("a picture could not be drawn", exit_code=process.returncode)
            return None
        return png


async def _end(process: Process) -> None:
    """See a process off, however its work ended."""
    if process.returncode is None:
        process.kill()
        await process.wait()
