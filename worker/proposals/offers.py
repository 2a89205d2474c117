"""Changes of the business, from what somebody wants to what was done: shown, applied, taken back."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.contracts.base import DraftRef
from shared.contracts.editing import AnswerWords, ShowEntry, ShowSection
from shared.i18n.translator import Html
from worker.alternatives.opening import offer_others
from worker.business.apply import Edit, PlannedChange
from worker.business.consequences import CollisionError
from worker.business.document import LISTS, Document
from worker.business.edits import LeftOverError
from worker.business.export import write_document
from worker.business.plan import CancelVisits, ChangePlan, Matter
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.drafts import repository as drafts
from worker.proposals import offer_views as views
from worker.proposals import proposal
from worker.proposals.offer_views import Told
from worker.proposals.previews import PreviewReader, preview_lines
from worker.proposals.proposal import UNDO_FOR, WISH, Proposal
from worker.proposals.told import done_by_nobody, plan_lines
from worker.proposals.views import changed_meanwhile, no_longer_open, nobody_offered, undone_no_more
from worker.proposals.wishes import (
    CLOCK,
    INSTANT,
    KEEP,
    NoOwnerError,
    choices_of,
    edit_of,
    edited,
    fingerprint,
    with_choice,
)
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply

CHANGE: Final = "editing.change"
"""The draft of what was shown and not applied yet."""
UNDO: Final = "editing.undo"
"""The draft of what takes a change back."""
OF_FILES: Final = frozenset({"file", "restore"})
OPTIONS: Final[Mapping[Matter, tuple[str, ...]]] = {
    Matter.STRANDED: (KEEP, "words"),
    Matter.ZONE: (CLOCK, INSTANT),
}


async def offer(context: RequestContext, wish: Mapping[str, Any]) -> Reply:
    """Show what a wish would do. Raises RefusedFileError where the file's reader would not take it."""
    stored = await read_business(context.session)
    try:
        document = edited(stored, wish)
    except LeftOverError as error:
        return Reply(views.left_over(context.texts, error.key))
    except NoOwnerError:
        return Reply(views.no_owner(context.texts))
    if document is None:
        return Reply(views.gone(context.texts))
    if document == stored.document:
        return Reply(views.nothing_to_change(context.texts, _back(wish)), changed=True)
    return await _proposed(context, wish)


async def offer_file(context: RequestContext, name: str, text: str) -> Reply:
    """Show what a business file would do, or everything that is wrong with it."""
    try:
        document = await _read(text, name)
    except RefusedFileError as error:
        return Reply(views.refused_file(context.texts, name, error.problems))
    before = (await read_business(context.session)).document
    if before is not None and before.roles.owner and not document.roles.owner:
        return Reply(views.no_owner(context.texts))
    return await _proposed(context, {"do": "file", "file": text, "name": name})


async def choose(context: RequestContext, ref: DraftRef, choice: str, words: str = "") -> Reply:
    """Take what becomes of visits that a change hits, and show the change anew."""
    draft = await proposal.load(context, CHANGE, ref)
    if draft is None:
        return _over(context)
    await drafts.discard(context.session, draft)
    return await _proposed(context, with_choice(draft.data[WISH], choice, words))


async def ask_words(context: RequestContext, ref: DraftRef) -> Reply:
    """Ask what customers are told whose visits are cancelled."""
    if await proposal.load(context, CHANGE, ref) is None:
        return _over(context)
    return Reply(views.ask_words(context.texts), changed=True, asks=AnswerWords(draft=ref))


async def apply_shown(context: RequestContext, ref: DraftRef, *, with_others: bool = False) -> Reply:
    """Make the business what was shown; what would be another change by now is shown first."""
    draft = await proposal.load(context, CHANGE, ref)
    if draft is None:
        return _over(context)
    wish = draft.data[WISH]
    try:
        done = await proposal.apply(context, draft, await _edit(wish), choices_of(wish))
    except CollisionError:
        return Reply(views.collides(context.texts))
    if done is None:
        return Reply(views.gone(context.texts), changed=True)
    if isinstance(done, Proposal):
        anew = [changed_meanwhile(context.texts), Html()]
        told = _told(context, done.change, anew, _previews(context, done.change))
        return Reply(views.proposal(context.texts, told, done.ref), changed=True)
    if with_others and await offer_others(context, done, in_tapped=False):
        told = _told(context, done, offered=True)
        return Reply(views.applied(context.texts, told, None, _back(wish)), changed=True)
    undo, added = await _keep_undo(context, done), await _added(context, done, wish)
    view = views.applied(context.texts, _told(context, done), undo, _back(wish), added)
    return Reply(
        view, toast=nobody_offered(context.texts) if with_others else None, alert=with_others, changed=True
    )


async def discard(context: RequestContext, ref: DraftRef) -> Reply:
    """Forget what was shown."""
    draft = await proposal.load(context, CHANGE, ref)
    if draft is None:
        return _over(context)
    await drafts.discard(context.session, draft)
    return Reply(views.discarded(context.texts, _back(draft.data[WISH])), changed=True)


async def undo(context: RequestContext, ref: DraftRef) -> Reply:
    """Take a change back: at once where that hits no visit, else its consequences are shown first."""
    draft = await drafts.load(context.session, context.user.id, UNDO, ref, context.now)
    if draft is None:
        return Reply(toast=undone_no_more(context.texts), alert=True)
    await drafts.discard(context.session, draft)
    wish = draft.data[WISH]
    found = await proposal.propose(context, CHANGE, wish, await _edit(wish))
    if found is None:
        return Reply(views.overtaken(context.texts), changed=True)
    if found.change.plan.hits or not found.change.plan.can_be_applied:
        return _shown(context, found)
    return await apply_shown(context, found.ref)


async def _edit(wish: Mapping[str, Any]) -> Edit:
    """Make the edit of a wish; a file is read beside the event loop."""
    if wish["do"] not in OF_FILES:
        return edit_of(wish)
    try:
        document = await _read(wish["file"], wish.get("name", UNDO))
    except RefusedFileError:
        return lambda _: None
    return edit_of({**wish, "document": document})


async def _read(text: str, name: str) -> Document:
    return await asyncio.to_thread(read_document, text.encode(), name)


async def _proposed(context: RequestContext, wish: Mapping[str, Any]) -> Reply:
    edit = await _edit(wish)
    found = await proposal.propose(context, CHANGE, wish, edit, choices_of(wish))
    return Reply(views.gone(context.texts)) if found is None else _shown(context, found)


def _shown(context: RequestContext, found: Proposal) -> Reply:
    if not found.change.plan.changes and not found.change.plan.problems:
        return Reply(views.nothing_to_change(context.texts, None), changed=True)
    told = _told(context, found.change, after=_previews(context, found.change))
    return Reply(views.proposal(context.texts, told, found.ref), changed=True)


def _previews(context: RequestContext, change: PlannedChange) -> list[Html]:
    by = PreviewReader(context.texts, context.translators, context.user.first_name, context.now)
    return preview_lines(by, change)


def _told(
    context: RequestContext,
    change: PlannedChange,
    before: Sequence[Html] = (),
    after: Sequence[Html] = (),
    *,
    offered: bool = False,
) -> Told:
    plan, currency = change.plan, change.document.business.currency
    lines = [*before, *plan_lines(context.texts, plan, currency, offered=offered)]
    if not lines:
        lines.append(context.texts.html("Nothing that anybody sees changes."))
    lines += after
    choices = [choice for question in plan.questions for choice in OPTIONS[question.about]]
    return Told(
        lines,
        choices,
        can_be_applied=plan.can_be_applied and bool(plan.changes),
        done_by_nobody=done_by_nobody(plan, change.document),
        leaves_alone=any(hit.uncovers for hit in plan.hits),
    )


async def _keep_undo(context: RequestContext, done: PlannedChange) -> DraftRef | None:
    """Keep for five minutes what takes a change back; visits that were cancelled or moved stay so."""
    if done.stored.document is None or not done.plan.changes or not _can_be_undone(done.plan):
        return None
    applied = (await read_business(context.session)).document
    wish = {
        "do": "restore",
        "file": write_document(done.stored.document),
        "after": fingerprint(applied) if applied else "",
    }
    return await drafts.create(context.session, context.user.id, UNDO, {WISH: wish}, context.now, UNDO_FOR)


async def _added(
    context: RequestContext, done: PlannedChange, wish: Mapping[str, Any]
) -> tuple[str, ShowEntry] | None:
    """Return what a new entry is called, and the way to it: there is more to say of it."""
    if wish["do"] != "add":
        return None
    kind, section = LISTS[wish["section"]], wish["section"]
    known = {row.number for row in done.stored.rows.get(kind, ()) if row.active}
    rows = (await read_business(context.session)).rows.get(kind, ())
    new = (row for row in rows if row.active and row.number not in known)
    return next(((row.entry.key, ShowEntry(section=section, number=row.number)) for row in new), None)


def _can_be_undone(plan: ChangePlan) -> bool:
    return not isinstance(plan.stranded, CancelVisits) and not plan.retimings


def _back(wish: Mapping[str, Any]) -> ShowEntry | ShowSection | None:
    """Return the way back to what was changed."""
    section, number = wish.get("section"), wish.get("number", 0)
    if section is None:
        return None
    if wish["do"] == "set":
        return ShowEntry(section=section, number=number)
    return ShowSection(section=section)


def _over(context: RequestContext) -> Reply:
    return Reply(toast=no_longer_open(context.texts), alert=True)
