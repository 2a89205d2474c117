"""How the people who work here are named, and the ways to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.contracts.team import ShowMember, ShowTeam, TeamRole
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.db.models.people import FOUNDER
from worker.members.repository import Member
from worker.runtime.repository import BusinessProfile
from worker.ui.buttons import menu
from worker.ui.view import Button

ROLES: Final[Mapping[str, Marked]] = {
    TeamRole.OWNER: text_noop("owner"),
    TeamRole.ADMIN: text_noop("admin"),
    TeamRole.SPECIALIST: text_noop("specialist"),
    FOUNDER: text_noop("owner"),
}


@dataclass(frozen=True, slots=True)
class ShopClock:
    """When it is now, and by whose clock that is said."""

    business: BusinessProfile
    now: datetime

    def day(self, texts: Translator, moment: datetime) -> str:
        """Write a day and a time."""
        local = moment.astimezone(self.business.zone)
        return texts.text("{day}, {time}", day=texts.short_day(local.date()), time=texts.time(local))


def to_member(member: Member) -> ShowMember:
    """The way to somebody who works here."""
    return ShowMember(person_id=member.person_id, specialist_id=member.specialist_id)


def line_of(texts: Translator, member: Member) -> Html:
    """Say what somebody is here."""
    return texts.html("{name}: {roles}", name=name_of(texts, member), roles=roles_of(texts, member))


def name_of(texts: Translator, member: Member) -> str:
    """Return what to call somebody who works here."""
    if member.name and member.specialist and member.name != member.specialist:
        return texts.text("{specialist} ({name})", specialist=member.specialist, name=member.name)
    nameless = "" if member.person_id is None else texts.text("Telegram {id}", id=member.person_id)
    return member.specialist or member.name or nameless


def roles_of(texts: Translator, member: Member) -> str:
    """Return what somebody is here."""
    roles = [texts.marked(ROLES[role]) for role in (TeamRole.OWNER, TeamRole.ADMIN) if role in member.roles]
    if member.specialist is not None:
        works = texts.marked(ROLES[TeamRole.SPECIALIST])
        alone = member.person_id is None
        roles.append(texts.text("{role}, not in this chat", role=works) if alone else works)
    return ", ".join(roles)


def to_team(texts: Translator) -> list[Button]:
    """The ways from what stands below the team."""
    return [Button(texts.text("« Back"), ShowTeam()), menu(texts)]
