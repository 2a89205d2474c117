"""Everybody who can ask, everything they can ask for, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from typing import Any, Final

from shared.buttons import FORMS
from shared.contracts.base import Audience, Command, DraftRef
from shared.contracts.booking import BookedFor, Moving, ShowSummary
from shared.contracts.chat import SharedContact, SharedDocument, SharedLocation
from shared.envelope import Actor, of_timer
from tests.kit.rows import dump
from tests.shared.contracts.values import BIGGEST, type_of
from tests.worker.shop import ADMIN, ALICE, ANNA, BEN, BOB, OWNER, Shop, at
from tests.worker.stage import BOSS, Stage
from worker.capabilities import HANDLERS
from worker.drafts import repository as drafts
from worker.forms.form import FORM, Form
from worker.forms.rules import Intake, IntakeQuestion
from worker.notes.handlers import NOTE_DRAFT
from worker.notes.repository import write_note
from worker.people.promises import MENU
from worker.people.repository import save_person
from worker.runtime.capability import Handler
from worker.runtime.context import RequestContext
from worker.runtime.decider import TimerAccessError
from worker.ui.reply import Reply


class Role(StrEnum):
    """Who asks."""

    STRANGER = "stranger"
    CUSTOMER = "customer"
    OTHER_CUSTOMER = "another customer"
    SPECIALIST = "specialist"
    OTHER_SPECIALIST = "another specialist"
    ADMIN = "admin"
    OWNER = "owner by file"
    OWNER_BY_SETTINGS = "owner by ADMIN_IDS"
    TIMER = "timer"


PERSON: Final = {
    Role.STRANGER: 7001,
    Role.CUSTOMER: ANNA,
    Role.OTHER_CUSTOMER: BEN,
    Role.SPECIALIST: ALICE,
    Role.OTHER_SPECIALIST: BOB,
    Role.ADMIN: ADMIN,
    Role.OWNER: OWNER,
    Role.OWNER_BY_SETTINGS: BOSS,
}
ALL: Final = frozenset(Role)
PEOPLE: Final = ALL - {Role.TIMER}
ADMINS: Final = frozenset({Role.ADMIN, Role.OWNER, Role.OWNER_BY_SETTINGS})
OWNERS: Final = ADMINS - {Role.ADMIN}
STAFF: Final = ADMINS | {Role.SPECIALIST, Role.OTHER_SPECIALIST}
AUDIENCES: Final = {Audience.EVERYONE: PEOPLE, Audience.STAFF: STAFF, Audience.ADMINS: ADMINS}

NOT_THERE: Final = frozenset({"entry_id", "offer_id", "choice_id", "payment_id", "swap_id", "gathering_id"})
"""Fields that name what nobody has in these walks: a wish, an offer, a payment, a swap, a booking together.

It lets nobody in.
"""
SOMEBODYS: Final = frozenset({"booking_id", "moving", "draft", "form", *NOT_THERE})
"""Fields that name an object which is somebody's."""
NOBODYS: Final = frozenset(
    {"service_id", "specialist_id", "location_id", "reply_to_message_id", "charge_id", "provider_charge_id"}
)
"""Fields that name what everybody may see, or what Telegram says of money that it took."""
PLAIN: Final = {
    int: 1,
    float: 1.5,
    bool: True,
    str: "en",
    date: at("10:00", 4).date(),
    datetime: at("10:00", 4),
    BookedFor: BookedFor(person_id=ANNA),
    SharedContact: SharedContact(phone_number="+49"),
    SharedDocument: SharedDocument(file_id="file"),
    SharedLocation: SharedLocation(latitude=52.5, longitude=13.4),
}
"""Values for fields that have none of their own, by their types."""
NOTE: Final = "allergic to lavender"
REVEALING: Final = (NOTE, "Cut", "Alice", "Anna", "Ben", "Nov")
"""What an answer that told anything of a visit would hold: its note, service, people, month."""
WHO_ASKED: Final = ("processed_update", "person")
"""Tables that say only who asked, and what."""
WHERE_SHOWN: Final = {"booking": ("card_copies", "card_message_id")}
"""Columns that say only which messages show a visit."""


@dataclass(frozen=True)
class Thing:
    """What a command can be about: a visit, a draft of its note, and what its service asks."""

    booking_id: int
    version: int
    draft: DraftRef
    form: DraftRef


_FORGED: Final = DraftRef(id=BIGGEST, version=1)
FORGED: Final = Thing(BIGGEST, 1, _FORGED, _FORGED)


def names_somebodys(kind: type[Command]) -> bool:
    """Tell whether commands of a kind may be about what is somebody's."""
    return bool(SOMEBODYS & kind.model_fields.keys())


def carries_a_version(kind: type[Command]) -> bool:
    """Tell whether buttons of a kind can be stale."""
    return bool({"version", "moving", "draft"} & kind.model_fields.keys())


def command_about(kind: type[Command], thing: Thing, shop: Shop) -> Command:
    """Make a command of a kind about a thing; its other fields make sense in the shop."""
    known: dict[str, Any] = {
        "booking_id": thing.booking_id,
        "version": thing.version,
        "moving": Moving(booking_id=thing.booking_id, version=thing.version),
        "draft": thing.draft,
        "form": thing.form,
        "proposal": thing.draft,
        "service_id": shop.services["Cut"],
        "specialist_id": shop.specialists["Alice"],
    }
    named = {name: known[name] for name in kind.model_fields if name in known}
    needed = {name: type_of(each)[0] for name, each in kind.model_fields.items() if each.is_required()}
    return kind(**{name: PLAIN[of] for name, of in needed.items() if name not in known}, **named)


@dataclass
class Gate:
    """Handlers that only note which command reached them, behind the access of the real ones."""

    reached: list[Command]

    def handlers(self) -> Mapping[type[Command], Handler]:
        return {kind: replace(each, handle=self._note) for kind, each in HANDLERS.items()}

    async def _note(self, _context: RequestContext, command: Command, *_loaded: object) -> Reply:
        self.reached.append(command)
        return Reply()


@dataclass
class Crowd:
    """Everybody, before one bot."""

    stage: Stage

    def __post_init__(self) -> None:
        self._days, self._timers = count(3), count(1)

    async def thing_of(self, person: int) -> Thing:
        """Let a person have a visit on a day of its own, with a note and a draft of it."""
        shop = self.stage.shop
        async with shop.sessions.begin() as session:
            await save_person(session, Actor(id=person, first_name="Anna"))
        booking_id = await shop.book(shop.wish("Cut", "Alice", "10:00", next(self._days)), person)
        async with shop.sessions.begin() as session:
            await write_note(session, booking_id, NOTE)
            data = {"booking_id": booking_id, "note": "an older note"}
            draft = await drafts.create(session, person, NOTE_DRAFT, data, shop.clock.now())
            form = await drafts.create(session, person, FORM, self._form(person), shop.clock.now())
        return Thing(booking_id, (await shop.booking(booking_id)).version, draft, form)

    def _form(self, person: int) -> dict[str, Any]:
        asked = ShowSummary(service_id=self.stage.shop.services["Cut"], start=at("10:00"))
        return Form(asked, person, Intake([IntakeQuestion(ask="How long is your hair?")])).as_json()

    async def rows(self, without: Mapping[str, tuple[str, ...]] | None = None) -> set[str]:
        """Return every row there is, but those that say only who asked, and have them see their menu."""
        rows = await dump(self.stage.shop.sessions, but=WHO_ASKED, without=without)
        return {row for row in rows if MENU not in row}

    async def ask(self, role: Role, command: Command) -> str:
        """Have somebody ask for a command, as people do where they can; return what they are answered."""
        return await (self._by_timer(command) if role is Role.TIMER else self._by(PERSON[role], command))

    async def _by(self, person: int, command: Command) -> str:
        """Tap or ask; return the word on the tap, the tapped message as it is now, and all that is new."""
        stage = self.stage
        message = await stage.screen(person) if type(command) in FORMS else None
        before = {each["message_id"] for each in stage.messages(person)}
        if message is None:
            await stage.run(stage.envelope(command, person))
            told = ""
        else:
            answer = await stage.tap(command, person, message)
            told = f"{answer.toast or ''}\n{answer.text}"
        new = [_content(each) for each in stage.messages(person) if each["message_id"] not in before]
        return "\n".join([told, *new])

    async def _by_timer(self, command: Command) -> str:
        fields = command.model_dump(mode="json", exclude={"kind"})
        envelope = of_timer(1, next(self._timers), command.kind, fields, self.stage.shop.clock.now())
        try:
            await self.stage.parts.runner.run_timer(envelope, _still_there)
        except TimerAccessError as error:
            return repr(error)
        return ""


async def _still_there(_: object) -> bool:
    return True


def _content(message: dict[str, Any]) -> str:
    """Return what a message shows, whatever it is, without what differs between any two."""
    return str({name: each for name, each in message.items() if name not in {"message_id", "date", "chat"}})
