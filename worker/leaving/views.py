"""What would follow if somebody left, or gave up what they are here."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.contracts.staff import ShowStaffCard
from shared.contracts.team import ShowTaking, TakeAway, Taking
from shared.i18n.marking import Marked, text_noop
from shared.i18n.translator import Html, Translator
from worker.dates.views import and_more
from worker.leaving.repository import ExpectedOf
from worker.links.views import link_button
from worker.members.repository import Member
from worker.members.views import ShopClock, line_of, name_of, to_member, to_team
from worker.ui.phrases import called
from worker.ui.view import Button, View

LISTED: Final = 20
TAKINGS: Final[Mapping[str, Marked]] = {
    Taking.OWNER: text_noop("Not an owner any more"),
    Taking.ADMIN: text_noop("Not an admin any more"),
    Taking.CHAT: text_noop("Not in this chat any more"),
    Taking.PLACE: text_noop("Does not work here any more"),
}
CONSEQUENCES: Final[Mapping[str, Marked]] = {
    Taking.OWNER: text_noop("They decide nothing here any more, and are told so. What else they are stays."),
    Taking.ADMIN: text_noop(
        "They do not see others' visits any more, and are told so. What else they are stays."
    ),
    Taking.CHAT: text_noop(
        "Customers go on booking with them. They do not see their visits here any more; owners and admins "
        "are told of new ones instead."
    ),
    Taking.PLACE: text_noop("Nobody can book with them any more. Their past visits stay."),
}
NOT_TAKEN: Final[Mapping[str, Marked]] = {
    "not_theirs": text_noop("They are not that any more."),
    "last_owner": text_noop("The last owner stays. Invite another owner first."),
    "no_owner": text_noop("This is for owners."),
    "expected": text_noop("There are visits that are still to come."),
}
"""By the reason, as `worker.business.leaving.NotTaken` has it."""


def member(texts: Translator, shown: Member) -> View:
    """Somebody who works here, and what can be taken away from them."""
    roles = [role for role in (Taking.OWNER, Taking.ADMIN) if role in shown.roles]
    if shown.specialist_id is not None:
        roles += [*([Taking.CHAT] if shown.person_id is not None else []), Taking.PLACE]
    buttons = [
        [Button(texts.marked(TAKINGS[what]), ShowTaking(what=what, **_whose(what, shown)))] for what in roles
    ]
    if shown.specialist_id is not None:
        buttons = [[link_button(texts, shown.specialist_id)], *buttons]
    return View(Html(f"<b>{line_of(texts, shown)}</b>"), [*buttons, to_team(texts)])


def _whose(what: str, shown: Member) -> dict[str, int | None]:
    if what in {Taking.CHAT, Taking.PLACE}:
        return {"specialist_id": shown.specialist_id}
    return {"person_id": shown.person_id}


def taking(
    texts: Translator,
    shown: Member,
    what: Taking,
    coming: Sequence[ExpectedOf],
    clock: ShopClock,
    *,
    alone: bool = False,
) -> View:
    """What would follow if something were taken away; nobody leaves whom customers still expect.

    The last owner, who is `alone`, is told that somebody else has to be one first.
    """
    lines = [
        texts.html("<b>{name}: {what}</b>", name=name_of(texts, shown), what=texts.marked(TAKINGS[what])),
        Html(texts.marked(CONSEQUENCES[what])),
    ]
    whose, keyboard = _whose(what, shown), []
    if alone:
        lines += [Html(), Html(texts.marked(NOT_TAKEN["last_owner"]))]
    elif coming:
        lines += [Html(), texts.html("These visits are still to come. Move or cancel each of them first:")]
        lines += and_more(texts, len(coming) - LISTED)
        keyboard = [[_visit(texts, each, clock)] for each in coming[:LISTED]]
        keyboard.append([Button(texts.text("Refresh"), ShowTaking(what=what, **whose))])
    else:
        apply = Button(texts.text("Apply"), TakeAway(what=what, **whose), style="danger")
        keyboard.append([apply, Button(texts.text("Discard"), to_member(shown))])
    return View(Html("\n".join(lines)), [*keyboard, to_team(texts)])


def _visit(texts: Translator, visit: ExpectedOf, clock: ShopClock) -> Button:
    label = f"{clock.day(texts, visit.start)} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=visit.id))


def not_taken(texts: Translator, why: str) -> str:
    """Why nothing was taken away."""
    return texts.marked(NOT_TAKEN[why])
