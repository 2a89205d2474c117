"""Failed commands: read, tried once more, dropped, as by `python -m worker.dead`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.contracts.failed import (
    AskDropFailed,
    DropFailed,
    RetryAlike,
    RetryFailed,
    ShowFailed,
    ShowFailedCommand,
)
from shared.queue.port import QueueUnavailableError
from worker.dead import repository as dead
from worker.dead.repository import DeadLetter
from worker.failed import repository, views
from worker.runtime.access import ADMINS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.buttons import Page
from worker.ui.reply import Reply

MOST_AT_ONCE: Final = 50
"""So many are put back by one tap: each is a call of the queue, while the transaction is open."""


@reads(ShowFailed, access=ADMINS)
async def show_failed(context: RequestContext, command: ShowFailed) -> Reply:
    """Show the failed commands, the newest first."""
    return await _list(context, command)


@reads(ShowFailedCommand, access=ADMINS)
async def show_failed_command(context: RequestContext, command: ShowFailedCommand) -> Reply:
    """Show one of them."""
    every = await dead.load(context.session)
    shown = next((each for each in every if each.id == command.letter_id), None)
    if shown is None:
        return await _gone(context)
    alike = sum(each.kind == shown.kind for each in every)
    who = await _who(context, shown)
    return Reply(views.letter(context.texts, shown, who, context.zone, alike))


@writes(RetryFailed, access=ADMINS)
async def retry_failed(context: RequestContext, command: RetryFailed) -> Reply:
    """Put one back on the queue."""
    return await _retry(context, await dead.load(context.session, [command.letter_id]))


@writes(RetryAlike, access=ADMINS)
async def retry_alike(context: RequestContext, command: RetryAlike) -> Reply:
    """Put back those that ask for the same as one of them, the oldest first."""
    every = await dead.load(context.session)
    named = next((each for each in every if each.id == command.letter_id), None)
    alike = [each for each in every if named is not None and each.kind == named.kind]
    return await _retry(context, alike[:MOST_AT_ONCE])


@reads(AskDropFailed, access=ADMINS)
async def ask_drop(context: RequestContext, command: AskDropFailed) -> Reply:
    """Ask before one is forgotten."""
    found = await dead.load(context.session, [command.letter_id])
    if not found:
        return await _gone(context)
    who = await _who(context, found[0])
    return Reply(views.drop(context.texts, found[0], who, context.zone))


@writes(DropFailed, access=ADMINS)
async def drop_failed(context: RequestContext, command: DropFailed) -> Reply:
    """Forget one."""
    if not await dead.remove(context.session, command.letter_id):
        return await _gone(context)
    listed = await _list(context, ShowFailed())
    return replace(listed, toast=context.texts.text("Dropped."), changed=True, outcome="dropped")


async def _retry(context: RequestContext, chosen: Sequence[DeadLetter]) -> Reply:
    queue = context.environment.queue
    try:
        done = sum([await dead.put_back(context.session, queue, each) for each in chosen])
    except QueueUnavailableError:
        words = context.texts.text("The queue cannot be reached just now. Please try again in a minute.")
        return Reply(toast=words, alert=True)
    if not done:
        return await _gone(context)
    listed = await _list(context, ShowFailed())
    return replace(listed, toast=views.retried(context.texts, done), changed=True, outcome="retried")


async def _gone(context: RequestContext) -> Reply:
    """Show what is left to whoever taps on one that somebody else has dealt with."""
    words = context.texts.text("It is not there any more: it was retried or dropped.")
    return replace(await _list(context, ShowFailed()), toast=words, alert=True)


async def _list(context: RequestContext, command: ShowFailed) -> Reply:
    newest_first = (await dead.load(context.session))[::-1]
    page = Page.of(newest_first, command.page, views.LETTERS_A_PAGE)
    asked_by = {each.envelope.actor.id for each in page.shown if each.envelope is not None}
    names = await repository.load_names(context.session, asked_by)
    return Reply(views.letters(context.texts, page, names, context.zone, command))


async def _who(context: RequestContext, shown: DeadLetter) -> str:
    asked_by = () if shown.envelope is None else (shown.envelope.actor.id,)
    names = await repository.load_names(context.session, asked_by)
    return views.name_of(context.texts, shown, names)
