"""What owners see of who works here, and what people see who are invited."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from shared.contracts.admin import ShowAdmin
from shared.contracts.staff import ShowAgenda
from shared.contracts.team import (
    AcceptInvitation,
    MakeInvitation,
    RevokeInvitation,
    ShowInvitations,
    ShowInvite,
    ShowTeam,
    TeamRole,
)
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.db.models.people import FOUNDER
from worker.members.repository import Member
from worker.members.views import ROLES, ShopClock, line_of, name_of, to_member, to_team
from worker.runtime.repository import BusinessProfile
from worker.team.promises import TeamNews
from worker.team.rules import DAYS, InvitationData, InvitationState
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.phrases import called
from worker.ui.view import Button, Keyboard, View, rows_of

PAGE: Final = 20
NOT_OPEN: Final[Mapping[InvitationState, Marked]] = {
    InvitationState.ACCEPTED: text_noop("This invitation has been used. Ask for a new one."),
    InvitationState.REVOKED: text_noop("This invitation was taken back. Ask who sent it to you."),
    InvitationState.EXPIRED: text_noop("This invitation is over. Ask for a new one."),
}
HINDRANCES: Final[Mapping[str, Marked]] = {
    "already": text_noop("You are that here already. The link still works, for somebody else."),
    "other_specialist": text_noop(
        "You are another specialist here already, and nobody is two. Ask the owner to take that away first."
    ),
    "taken": text_noop("Somebody else is this specialist by now. Ask for a new invitation."),
    "gone": text_noop("This specialist does not work here any more. Ask for a new invitation."),
    "name_taken": text_noop(
        "There is a specialist of this name by now. Ask for an invitation to be that one."
    ),
}
"""By the reason, as `worker.business.membership.NotJoined` has it."""


def admin_button(texts: Translator) -> Button:
    """The way to the team from /admin."""
    return Button(texts.text("Team"), ShowTeam())


def address_of(bot: str, code: str) -> str:
    """Return an invitation's link."""
    return f"{bot}?start=i{code}"


def team(texts: Translator, members: Sequence[Member], asked: ShowTeam, *, manages: bool) -> View:
    """Who works here; owners find what they can do about it."""
    page = Page.of(members, asked.page, PAGE)
    lines = [texts.html("<b>Team</b>"), *(line_of(texts, each) for each in page.shown)]
    if not members:
        lines.append(texts.html("Nobody works here yet."))
    ways = [
        [Button(texts.text("Invite"), ShowInvite(), style="primary")],
        [Button(texts.text("Invitations"), ShowInvitations())],
    ]
    if not manages:
        lines += [Html(), texts.html("Owners invite people and take roles away.")]
    people = [Button(name_of(texts, each), to_member(each)) for each in page.shown] if manages else []
    shown = [*rows_of(people, 2), pager(page, asked), *(ways if manages else []), _back(texts)]
    return View(Html("\n".join(lines)), shown)


def _back(texts: Translator) -> list[Button]:
    return [Button(texts.text("« Back"), ShowAdmin()), menu(texts)]


def which_role(texts: Translator) -> View:
    """Ask what somebody is invited to be."""
    text = texts.html(
        "<b>Invite</b>\nWhat will they be?\n\n<b>Owners</b> decide everything, and who works here.\n"
        "<b>Admins</b> run the business and see everybody's visits.\n<b>Specialists</b> see their own."
    )
    roles = [Button(texts.title(texts.marked(ROLES[role])), ShowInvite(role=role)) for role in TeamRole]
    return View(text, [*rows_of(roles, 3), to_team(texts)])


def which_specialist(texts: Translator, free: Sequence[Member], asked: ShowInvite) -> View:
    """Ask which specialist they will be: one whom nobody is yet in the chat, or a new one."""
    page = Page.of(free, asked.page, PAGE)
    buttons = [
        Button(each.specialist or "", ShowInvite(role=asked.role, specialist_id=each.specialist_id))
        for each in page.shown
    ]
    anew = Button(texts.text("Somebody new"), ShowInvite(role=asked.role, anew=True))
    back = [Button(texts.text("« Back"), ShowInvite()), menu(texts)]
    text = texts.html("<b>Invite</b>\nWhich specialist will they be?")
    return View(text, [*rows_of(buttons, 2), pager(page, asked), [anew], back])


def how_long(texts: Translator, asked: ShowInvite, specialist: str | None) -> View:
    """Ask how long the link can be used."""
    whom = _role(texts, asked.role, specialist)
    text = texts.html("<b>Invite: {role}</b>\nThe link works once. How long can it be used?", role=whom)
    days = [
        Button(
            texts.plural("{number} day", "{number} days", number=each),
            MakeInvitation(role=asked.role, days=each, specialist_id=asked.specialist_id),
        )
        for each in DAYS
    ]
    back = [Button(texts.text("« Back"), ShowInvite()), menu(texts)]
    return View(text, [days, back])


def ask_name(texts: Translator, *, refused: bool) -> View:
    """Ask what a new specialist is called."""
    lines = [texts.html("That is no name, or one that a specialist here has already.")] if refused else []
    lines += [
        texts.html("<b>What is the new specialist called?</b>"),
        texts.html("Write the name that customers see. Services and hours come later."),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def invitations(texts: Translator, found: Sequence[InvitationData], clock: ShopClock) -> View:
    """The invitations: open ones with a button that takes them back, others with what became of them."""
    lines = [texts.html("<b>Invitations</b>")]
    revoke = []
    for place, each in enumerate(found, 1):
        whom, state = _role(texts, each.role, each.specialist_name), _state(texts, each, clock)
        lines.append(texts.html("{place}. {role}: {state}", place=place, role=whom, state=state))
        if each.state(clock.now) is InvitationState.OPEN:
            label = texts.text("Revoke {place}", place=place)
            revoke.append(Button(label, RevokeInvitation(invitation_id=each.id)))
    if not found:
        lines.append(texts.html("There are none."))
    invite = [Button(texts.text("Invite"), ShowInvite(), style="primary")]
    return View(Html("\n".join(lines)), [*rows_of(revoke, 3), invite, to_team(texts)])


def _state(texts: Translator, invitation: InvitationData, clock: ShopClock) -> str:
    match invitation.state(clock.now):
        case InvitationState.OPEN:
            return texts.text("open until {day}", day=clock.day(texts, invitation.expires_at))
        case InvitationState.ACCEPTED if invitation.accepted_at is not None:
            name = called(texts, invitation.accepted_by)
            return texts.text(
                "accepted by {name}, {day}", name=name, day=clock.day(texts, invitation.accepted_at)
            )
        case InvitationState.REVOKED:
            return texts.text("revoked")
        case _:
            return texts.text("not used in time")


def _role(texts: Translator, role: str, specialist: str | None) -> str:
    name = texts.marked(ROLES[role])
    return texts.text("{role} {name}", role=name, name=specialist) if specialist else name


def link(texts: Translator, business: BusinessProfile, invitation: InvitationData, address: str) -> View:
    """An invitation to pass on."""
    text = texts.html(
        "<b>{business}</b> invites you: {role}. Open this link and tap Accept; it works once.\n{address}",
        business=business.name,
        role=_role(texts, invitation.role, invitation.specialist_name),
        address=address,
    )
    share = f"https://t.me/share/url?url={quote(address, safe='')}"
    return View(text, [[Button(texts.text("Send it to somebody"), url=share)]])


def invited(texts: Translator, business: BusinessProfile, invitation: InvitationData, code: str) -> View:
    """What somebody is invited to be."""
    accept: Keyboard = [[Button(texts.text("Accept"), AcceptInvitation(code=code), style="primary")]]
    if invitation.role == FOUNDER:
        text = texts.html("There is no shop here yet. Accept, and you are its owner: you set it up next.")
        return View(text, accept)
    text = texts.html(
        "<b>{business}</b> invites you to be its {role}.",
        business=business.name,
        role=_role(texts, invitation.role, invitation.specialist_name),
    )
    return View(text, [*accept, [menu(texts)]])


def unknown(texts: Translator) -> View:
    """An answer to whoever opens a link that nobody made."""
    return View(texts.html("There is no such invitation. Ask who sent it to you."), [[menu(texts)]])


def not_open(texts: Translator, state: InvitationState) -> View:
    """Why an invitation cannot be accepted any more."""
    return View(Html(texts.marked(NOT_OPEN[state])), [[menu(texts)]])


def founded(texts: Translator) -> View:
    """An answer to whoever comes too late to be the first."""
    return View(texts.html("The shop has been set up already. Ask its owner to invite you."), [[menu(texts)]])


def hindered(texts: Translator, why: str) -> View:
    """Why somebody cannot become what they are invited to be."""
    return View(Html(texts.marked(HINDRANCES[why])), [[menu(texts)]])


def welcome(texts: Translator, business: BusinessProfile, invitation: InvitationData) -> View:
    """What somebody is here from now on."""
    role = _role(texts, invitation.role, invitation.specialist_name)
    lines = [texts.html("You are {role} of <b>{business}</b> now.", role=role, business=business.name)]
    first = Button(texts.text("Administration"), ShowAdmin())
    if invitation.role == TeamRole.SPECIALIST:
        lines.append(texts.html("Your visits are in /today; you are told of each that is booked."))
        first = Button(texts.text("Today"), ShowAgenda())
    return View(Html("\n".join(lines)), [[first], [menu(texts)]])


def news(
    texts: Translator, business: BusinessProfile, what: TeamNews, name: str, role: str, specialist: str | None
) -> View:
    """Word of who came and who left."""
    values = {
        "name": called(texts, name),
        "role": _role(texts, role, specialist),
        "business": business.name,
    }
    match what:
        case TeamNews.JOINED:
            text = texts.html("{name} accepted the invitation: {role} of {business}.", **values)
        case TeamNews.LEFT:
            text = texts.html("{name} is not {role} of {business} any more.", **values)
        case TeamNews.TAKEN:
            text = texts.html("You are not {role} of {business} any more.", **values)
            return View(text, [[menu(texts)]])
    return View(text, [[Button(texts.text("Team"), ShowTeam())]])
