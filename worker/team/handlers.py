"""Who works here: owners invite, people accept. The business changes as by its file."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.contracts.team import (
    AcceptInvitation,
    MakeInvitation,
    RevokeInvitation,
    ShowInvitation,
    ShowInvitations,
    ShowInvite,
    ShowMember,
    ShowTaking,
    ShowTeam,
    TakeAway,
    Taking,
    TeamRole,
)
from worker.db.locks import lock_business
from worker.leaving import views as leaving_views
from worker.members.repository import load_members
from worker.runtime.access import ADMINS, OWNERS
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.runtime.environment import OWNER
from worker.runtime.views import to_be_set_up
from worker.team import promises, repository, views
from worker.team.promises import TeamNews
from worker.team.replies import (
    LISTED,
    consequences,
    find_member,
    invitations,
    join,
    note_invitation,
    refusal,
    take,
    tell_of_leaving,
    without_telegram,
)
from worker.team.repository import NewInvitation
from worker.team.rules import DAYS, InvitationData, InvitationState, code_of, hash_of
from worker.ui.reply import Reply

MOST_OPEN: Final = LISTED


@reads(ShowTeam, access=ADMINS)
async def show_team(context: RequestContext, command: ShowTeam) -> Reply:
    """Show who works here."""
    members = await load_members(context.session)
    return Reply(views.team(context.texts, members, command, manages=OWNER in context.roles))


@reads(ShowMember, access=OWNERS)
async def show_member(context: RequestContext, command: ShowMember) -> Reply:
    """Show somebody who works here; whoever does not any more is not in the list, either."""
    shown = await find_member(context, command.person_id, command.specialist_id)
    if shown is None:
        return await show_team.handle(context, ShowTeam())
    return Reply(leaving_views.member(context.texts, shown))


@reads(ShowTaking, access=OWNERS)
async def show_taking(context: RequestContext, command: ShowTaking) -> Reply:
    """Show what would follow."""
    return await consequences(context, command) or await show_team.handle(context, ShowTeam())


@writes(TakeAway, access=OWNERS)
async def take_away(context: RequestContext, command: TakeAway) -> Reply:
    """Take away what was shown; where that cannot be, show why."""
    shown = await find_member(context, command.person_id, command.specialist_id)
    of = command.person_id if command.person_id is not None else command.specialist_id
    if command.what not in Taking or shown is None or of is None:
        return await show_team.handle(context, ShowTeam())
    why = await take(context, Taking(command.what), of)
    if why is not None:
        asked = ShowTaking(**command.model_dump(exclude={"kind"}))
        again = await consequences(context, asked) or Reply()
        return replace(again, toast=leaving_views.not_taken(context.texts, why), alert=True)
    await tell_of_leaving(context, command, shown)
    reply = await show_team.handle(context, ShowTeam())
    return replace(reply, changed=True, toast=context.texts.text("Done."))


@reads(ShowInvite, access=OWNERS)
async def show_invite(context: RequestContext, command: ShowInvite) -> Reply:
    """Ask for what an invitation lacks: the role, who the specialist is, how long it holds."""
    if command.role not in TeamRole:
        return Reply(views.which_role(context.texts))
    if command.role != TeamRole.SPECIALIST or command.anew:
        return Reply(views.how_long(context.texts, command, None))
    free = await without_telegram(context)
    chosen = [each.specialist for each in free if each.specialist_id == command.specialist_id]
    if not chosen:
        return Reply(views.which_specialist(context.texts, free, command))
    return Reply(views.how_long(context.texts, command, chosen[0]))


@writes(MakeInvitation, access=OWNERS)
async def make_invitation(context: RequestContext, command: MakeInvitation) -> Reply:
    """Make an invitation, once all is known that it takes."""
    if command.role not in TeamRole or command.days not in DAYS:
        return Reply(views.which_role(context.texts))
    if command.role != TeamRole.SPECIALIST:
        return await _make(context, command.model_copy(update={"specialist_id": None, "name": ""}))
    if command.specialist_id is None:
        return await _make_for_newcomer(context, command)
    free = await without_telegram(context)
    if command.specialist_id not in {each.specialist_id for each in free}:
        return Reply(views.which_specialist(context.texts, free, ShowInvite(role=command.role)))
    return await _make(context, command.model_copy(update={"name": ""}))


async def _make_for_newcomer(context: RequestContext, command: MakeInvitation) -> Reply:
    """Make an invitation for a specialist who is not there yet, or ask for the name."""
    from worker.business.joining import free_name  # noqa: PLC0415 - only who invites pays for it

    name = await free_name(context.session, command.name) if command.name else None
    if name is None:
        view = views.ask_name(context.texts, refused=bool(command.name))
        return Reply(view, changed=True, asks=command.model_copy(update={"name": ""}))
    return await _make(context, command.model_copy(update={"name": name}))


async def _make(context: RequestContext, command: MakeInvitation) -> Reply:
    """Write an invitation, and promise its link in a message of its own."""
    if await repository.count_open(context.session, context.now) >= MOST_OPEN:
        too_many = context.texts.text("So many invitations are open already. Revoke some first.")
        return Reply(await invitations(context), toast=too_many, alert=True)
    seed = secrets.token_hex(16)
    new = NewInvitation(
        role=command.role,
        seed=seed,
        code_hash=hash_of(code_of(seed, context.settings.bot_token.get_secret_value())),
        invited_by=context.user.id,
        created_at=context.now,
        expires_at=context.now + timedelta(days=command.days),
        specialist_id=command.specialist_id,
        specialist_name=command.name or None,
    )
    if not await repository.was_just_made(context.session, new):
        promises.promise_link(context, await repository.create(context.session, new))
        await note_invitation(context, "invited", command.role, new.specialist_name, days=command.days)
    return Reply(await invitations(context), changed=True)


@reads(ShowInvitations, access=OWNERS)
async def show_invitations(context: RequestContext, _: ShowInvitations) -> Reply:
    """Show what is open, and what became of others."""
    return Reply(await invitations(context))


@writes(RevokeInvitation, access=OWNERS)
async def revoke_invitation(context: RequestContext, command: RevokeInvitation) -> Reply:
    """Take an invitation back; one that somebody was faster to accept stays as it is."""
    found = await repository.load(context.session, command.invitation_id, lock=True)
    if found is None or found.is_founders or found.state(context.now) is not InvitationState.OPEN:
        late = context.texts.text("This invitation is not open any more.")
        return Reply(await invitations(context), toast=late, alert=True)
    await repository.revoke(context.session, found.id, context.now)
    await note_invitation(context, "revoked", found.role, found.specialist_name)
    revoked = context.texts.text("Revoked: the link opens nothing any more.")
    return Reply(await invitations(context), toast=revoked, changed=True)


@reads(ShowInvitation, founds=True)
async def show_invitation(context: RequestContext, command: ShowInvitation) -> Reply:
    """Show what somebody is invited to be, who opened a link."""
    found = await repository.find(context.session, hash_of(command.code))
    refused = refusal(context, found)
    if found is None or refused is not None:
        return refused or Reply(views.unknown(context.texts))
    return Reply(views.invited(context.texts, context.business, found, command.code))


@writes(AcceptInvitation, founds=True)
async def accept_invitation(context: RequestContext, command: AcceptInvitation) -> Reply:
    """Make somebody what they are invited to be: of two at the same moment, the first."""
    code_hash = hash_of(command.code)
    seen = await repository.find(context.session, code_hash)
    if seen is not None and not seen.is_founders:
        await lock_business(context.session)
    found = await repository.find(context.session, code_hash, lock=True)
    if found is not None and found.was_accepted_by(context.user.id):
        return _welcome(context, found)
    refused = refusal(context, found)
    if found is None or refused is not None:
        return refused or Reply(views.unknown(context.texts))
    return await _accept(context, found)


async def _accept(context: RequestContext, found: InvitationData) -> Reply:
    person = context.user.id
    if not found.is_founders:
        why = await join(context, found)
        if why is not None:
            return Reply(views.hindered(context.texts, why))
        owners = {*await repository.load_owners(context.session), *context.settings.admin_ids}
        promises.promise_news(context, TeamNews.JOINED, owners, found.role, person, found.specialist_name)
    await repository.accept(context.session, found.id, person, context.now)
    return _welcome(context, found)


def _welcome(context: RequestContext, found: InvitationData) -> Reply:
    """Say what somebody is from now on; who taps twice is welcomed twice."""
    if found.is_founders:
        view = views.founded(context.texts) if context.is_founded else to_be_set_up(context.texts)
        return Reply(view, changed=True)
    return Reply(views.welcome(context.texts, context.business, found), changed=True)
