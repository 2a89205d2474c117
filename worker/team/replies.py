"""Answers that several handlers of the team give."""

from collections.abc import Sequence
from typing import Final

from shared.contracts.team import ShowTaking, TakeAway, Taking, TeamRole
from worker.events.repository import NewEvent, note
from worker.leaving import views as leaving_views
from worker.leaving.repository import load_coming
from worker.members.repository import Member, load_members
from worker.members.views import ShopClock
from worker.runtime.context import RequestContext
from worker.team import repository, views
from worker.team.promises import TeamNews, promise_news
from worker.team.rules import InvitationData, InvitationState
from worker.ui.reply import Reply
from worker.ui.view import View

LISTED: Final = 20
"""Invitations in one message; so many can be open."""


async def invitations(context: RequestContext) -> View:
    """Show the invitations."""
    found = await repository.load_newest(context.session, context.now, LISTED)
    return views.invitations(context.texts, found, ShopClock(context.business, context.now))


async def without_telegram(context: RequestContext) -> Sequence[Member]:
    """Return the specialists whom nobody is yet in the chat."""
    members = await load_members(context.session)
    return [each for each in members if each.person_id is None]


async def join(context: RequestContext, invitation: InvitationData) -> str | None:
    """Make the person what they are invited to be; return why they cannot be that, None where they are."""
    from worker.business import joining  # noqa: PLC0415 - only who joins pays for it

    specialist = (invitation.specialist_id, invitation.specialist_name or "")
    person = context.user.id
    author = context.author
    return await joining.join(
        context.session, invitation.role, person, specialist, author, lambda: context.now
    )


async def note_invitation(
    context: RequestContext, kind: str, role: str, specialist: str | None, **more: int
) -> None:
    """Note what an owner did with an invitation."""
    event = NewEvent(kind, "invitations", name=specialist or "", data={"role": role, **more})
    await note(context.session, context.author, context.now, [event])


async def find_member(
    context: RequestContext, person_id: int | None, specialist_id: int | None
) -> Member | None:
    """Find somebody who works here."""
    return _member_of(await load_members(context.session), person_id, specialist_id)


def _member_of(members: Sequence[Member], person_id: int | None, specialist_id: int | None) -> Member | None:
    if specialist_id is not None:
        return next((each for each in members if each.specialist_id == specialist_id), None)
    return next((each for each in members if each.person_id == person_id is not None), None)


async def consequences(context: RequestContext, command: ShowTaking) -> Reply | None:
    """Show what would follow if something were taken away; None where that is not there to be taken."""
    members = await load_members(context.session)
    shown = _member_of(members, command.person_id, command.specialist_id)
    if shown is None or command.what not in Taking:
        return None
    what, coming = Taking(command.what), []
    owners = [each for each in members if Taking.OWNER in each.roles]
    if what is Taking.PLACE and shown.specialist_id is not None:
        coming = await load_coming(context.session, shown.specialist_id, context.now)
    clock = ShopClock(context.business, context.now)
    alone = what is Taking.OWNER and owners == [shown]
    return Reply(leaving_views.taking(context.texts, shown, what, coming, clock, alone=alone))


async def take(context: RequestContext, what: Taking, of: int) -> str | None:
    """Take something away; return why that cannot be, None where it is done."""
    from worker.business import leaving  # noqa: PLC0415 - only who leaves pays for it

    owners, author = context.settings.admin_ids, context.author
    return await leaving.take_away(context.session, what, of, author, owners, lambda: context.now)


async def tell_of_leaving(context: RequestContext, command: TakeAway, was: Member) -> None:
    """Promise the other owners, and whom it is about, word of it."""
    of_specialist = command.what in {Taking.CHAT, Taking.PLACE}
    role = TeamRole.SPECIALIST if of_specialist else TeamRole(command.what)
    specialist = was.specialist if of_specialist else None
    owners = {*await repository.load_owners(context.session), *context.settings.admin_ids}
    about = set() if was.person_id is None else {was.person_id}
    for what, to in ((TeamNews.LEFT, owners - about), (TeamNews.TAKEN, about)):
        promise_news(context, what, to, role, was.person_id, specialist)


def refusal(context: RequestContext, found: InvitationData | None) -> Reply | None:
    """Say why an invitation cannot be accepted, whoever opens it; None where it can."""
    if found is None:
        return Reply(views.unknown(context.texts))
    state = found.state(context.now)
    if state is not InvitationState.OPEN:
        return Reply(views.not_open(context.texts, state))
    if found.is_founders and context.is_founded:
        return Reply(views.founded(context.texts))
    return None
