"""Who works here: invitations, roles and taking them away."""

from enum import StrEnum
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_NAME: Final = 128
"""Characters; the business file's own rules say what a name is."""


class TeamRole(StrEnum):
    """What somebody can be here."""

    OWNER = "owner"
    ADMIN = "admin"
    SPECIALIST = "specialist"


class Taking(StrEnum):
    """What can be taken away."""

    OWNER = "owner"
    ADMIN = "admin"
    CHAT = "chat"
    """A specialist stays, and is nobody in the chat any more."""
    PLACE = "place"
    """A specialist leaves."""


class ShowTeam(Command, kind="team.show", only_shows=True):
    """'Team': the people who work here, a page at a time."""

    page: int = 0


class ShowInvite(Command, kind="team.invite", only_shows=True):
    """'Invite', and what it asks next: the role, for a specialist who it is, how long the link holds."""

    role: str = ""
    specialist_id: int | None = None
    anew: bool = False
    """A specialist who is not there yet."""
    page: int = 0


class MakeInvitation(Command, kind="team.make_invitation"):
    """How long was chosen: the link is made. A specialist without an id is new, and called `name`."""

    role: str
    days: int
    specialist_id: int | None = None
    name: str = ""


class ShowInvitations(Command, kind="team.invitations", only_shows=True):
    """The invitations that are open, and what became of others."""


class RevokeInvitation(Command, kind="team.revoke"):
    """'Revoke': the link opens nothing any more."""

    invitation_id: int


class ShowInvitation(Command, kind="team.invitation", only_shows=True):
    """Somebody opened an invitation's link."""

    code: str


class AcceptInvitation(Command, kind="team.accept"):
    """'Accept'."""

    code: str


class ShowMember(Command, kind="team.member", only_shows=True):
    """Somebody who works here, and what can be taken away from them."""

    person_id: int | None = None
    specialist_id: int | None = None


class ShowTaking(Command, kind="team.taking", only_shows=True):
    """What would follow if something were taken away."""

    what: str
    person_id: int | None = None
    specialist_id: int | None = None


class TakeAway(Command, kind="team.take_away"):
    """'Apply' under what would follow."""

    what: str
    person_id: int | None = None
    specialist_id: int | None = None


CONTRACT = Contract(
    "team",
    (
        Spec(ShowTeam, ButtonForm("tm")),
        Spec(ShowInvite, ButtonForm("tmi")),
        Spec(
            MakeInvitation,
            ButtonForm("tm+", fields=("role", "days", "specialist_id")),
            answer=Answer("name", longest=LONGEST_NAME),
        ),
        Spec(ShowInvitations, ButtonForm("tml")),
        Spec(RevokeInvitation, ButtonForm("tmr")),
        Spec(ShowMember, ButtonForm("tmm")),
        Spec(ShowTaking, ButtonForm("tmt")),
        Spec(TakeAway, ButtonForm("tm-")),
        Spec(ShowInvitation, links=("i{code}",)),
        Spec(AcceptInvitation, ButtonForm("tma")),
    ),
)
