"""Pausing all bookings, and resuming them."""

from dataclasses import replace
from datetime import date
from typing import Final

from shared.contracts.pausing import (
    AskPauseText,
    PauseBookings,
    ResumeBookings,
    ShowPause,
    ShowPauseDays,
    WritePauseText,
)
from worker.events.repository import NewEvent, note
from worker.pause import Pause
from worker.pausing import repository, views
from worker.pausing.rules import differences, one_line
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

LAST: Final = date(9990, 1, 1)
"""Behind it no weeks can be shown."""


@reads(ShowPause, access=ADMINS)
async def show_pause(context: RequestContext, _: ShowPause) -> Reply:
    """Show how it stands."""
    return _shown(context, context.business.pause)


@reads(ShowPauseDays, access=ADMINS)
async def show_pause_days(context: RequestContext, command: ShowPauseDays) -> Reply:
    """Show days to choose from."""
    asked = ShowPauseDays() if command.first and command.first > LAST else command
    return Reply(views.days(context.texts, asked, context.today))


@writes(PauseBookings, access=ADMINS)
async def pause(context: RequestContext, command: PauseBookings) -> Reply:
    """Pause from now on: whoever is at the summary reads so when they confirm."""
    if command.until is not None and command.until <= context.today:
        words = context.texts.text("That day has come already. Choose a later one.")
        return replace(_shown(context, context.business.pause), toast=words, alert=True)
    kept = await repository.load_locked(context.session)
    paused = replace(kept, paused=True, until=command.until)
    await _keep(context, kept, paused)
    toast = context.texts.text("Bookings are paused.")
    return replace(_shown(context, paused), toast=toast, changed=True, outcome="paused")


@writes(ResumeBookings, access=ADMINS)
async def resume(context: RequestContext, _: ResumeBookings) -> Reply:
    """Let customers book again."""
    kept = await repository.load_locked(context.session)
    resumed = replace(kept, paused=False, until=None)
    await _keep(context, kept, resumed)
    toast = context.texts.text("Customers can book again.")
    return replace(_shown(context, resumed), toast=toast, changed=True, outcome="resumed")


@writes(AskPauseText, access=ADMINS)
async def ask_pause_text(context: RequestContext, _: AskPauseText) -> Reply:
    """Ask what customers read meanwhile."""
    return Reply(views.text_question(context.texts), changed=True, asks=WritePauseText())


@writes(WritePauseText, access=ADMINS)
async def write_pause_text(context: RequestContext, command: WritePauseText) -> Reply:
    """Keep what customers read meanwhile."""
    kept = await repository.load_locked(context.session)
    written = replace(kept, text=one_line(command.text or ""))
    await _keep(context, kept, written)
    return replace(_shown(context, written), changed=True)


async def _keep(context: RequestContext, before: Pause, after: Pause) -> None:
    """Write a pause, and note who did it."""
    await repository.write(context.session, after)
    lines = differences(before, after)
    events = [NewEvent("changed", "business", data={"lines": lines})] if lines else []
    await note(context.session, context.author, context.now, events)


def _shown(context: RequestContext, kept: Pause) -> Reply:
    holds = kept.holds(context.now, context.zone)
    return Reply(views.pause(context.texts, kept, context.today, holds=holds))
