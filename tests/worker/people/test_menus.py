"""The menu of typed commands: everybody's in their language, and more for those who work here."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from shared.command_menu import command_menu
from shared.contracts.base import Audience
from shared.contracts.menu import ShowHelp, ShowHome
from shared.contracts.people import ChooseLanguage, SetReachable
from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import load_translators
from tests.kit.promises import Message
from tests.worker.shop import ADMIN, ALICE, ANNA, BOB, FILE
from tests.worker.stage import BOSS, Stage
from worker.business.apply import apply_document
from worker.business.reader import read_document
from worker.db.models.delivery import State
from worker.db.models.people import Person, RoleGrant
from worker.outbox.message import Chat
from worker.people.promises import MENU
from worker.people.rules import UNKNOWN, menu_name

EVERYONE, STAFF, ADMINS = Audience
EN, RU = (load_translators().choose(code) for code in ("en", "ru"))


@pytest.fixture(autouse=True)
async def everybodys_menu(stage: Stage) -> None:
    """Publish what the bot publishes when it starts."""
    for language, texts in load_translators().by_two_letters().items():
        code = "" if language == "en" else language
        await stage.client.call("setMyCommands", {"commands": command_menu(texts), "language_code": code})
    await stage.meet(ALICE, ADMIN, BOSS)


async def menu_of(stage: Stage, person: int) -> list[Mapping[str, str]]:
    """Return the menu that Telegram shows a person."""
    return list((await stage.telegram.get(f"/chats/{person}"))["commands"])


async def published(stage: Stage) -> int:
    """Count how often a person was given a menu of their own, or lost it."""
    calls = await stage.telegram.get("/calls")
    return sum("Commands" in call["method"] and "scope" in call["params"] for call in calls)


@pytest.mark.parametrize(
    ("person", "audience"),
    [(ANNA, EVERYONE), (ALICE, STAFF), (ADMIN, ADMINS), (BOSS, ADMINS)],
)
async def test_people_are_shown_what_they_may_type(stage: Stage, person: int, audience: Audience) -> None:
    for _ in range(2):
        await stage.type(ShowHome(), person)
    assert await menu_of(stage, person) == command_menu(EN, audience)
    assert await published(stage) == (audience is not EVERYONE)
    assert (await stage.person(person)).menu == menu_name(audience, EN, EN)


@pytest.mark.parametrize("person", [ANNA, ALICE])
async def test_a_chosen_language_changes_the_menu_at_once(stage: Stage, person: int) -> None:
    audience = STAFF if person == ALICE else EVERYONE
    await stage.type(ShowHome(), person)
    for texts in (RU, EN):
        await stage.tap(ChooseLanguage(language=texts.language), person)
        assert await menu_of(stage, person) == command_menu(texts, audience)
    before = await published(stage)
    await stage.type(ShowHelp(), person)
    assert await published(stage) == before
    assert (await stage.person(person)).menu == menu_name(audience, EN, EN)


async def test_an_apps_language_that_has_a_public_menu_needs_no_other(stage: Stage) -> None:
    stage.languages[ANNA] = "ru"
    await stage.telegram.user(ANNA, language_code="ru")
    await stage.type(ShowHome())
    assert await menu_of(stage, ANNA) == command_menu(RU)
    assert await published(stage) == 0


async def test_whoever_loses_the_role_has_everybodys_menu_again(stage: Stage) -> None:
    await stage.type(ShowHome(), ADMIN)
    async with stage.shop.sessions.begin() as session:
        own = RoleGrant.business_id == stage.shop.business_id
        await session.execute(delete(RoleGrant).where(own, RoleGrant.person_id == ADMIN))
    try:
        await stage.type(ShowHelp(), ADMIN)
        assert await menu_of(stage, ADMIN) == command_menu(EN)
        assert await stage.calls("deleteMyCommands") == 1
        assert (await stage.person(ADMIN)).menu is None
    finally:
        async with stage.shop.sessions.begin() as session:
            session.add(RoleGrant(business_id=stage.shop.business_id, person_id=ADMIN, role="admin"))
    await stage.type(ShowHelp(), ADMIN)
    assert await menu_of(stage, ADMIN) == command_menu(EN, ADMINS)


async def test_whom_the_business_file_gives_or_takes_a_role_sees_it_at_once(stage: Stage) -> None:
    sessions, clock = stage.shop.sessions, stage.shop.clock
    for person in (ADMIN, ALICE):
        await stage.type(ShowHome(), person)
    other = FILE.replace(b"admin: [1003]", b"admin: [2001]")
    before = await published(stage)
    for file, admin, customer in ((other, ANNA, ADMIN), (FILE, ADMIN, ANNA)):
        clock.advance(timedelta(seconds=1))
        await apply_document(sessions, read_document(file, "business.yaml"), clock)
        await stage.advance(timedelta(0))
        assert await menu_of(stage, admin) == command_menu(EN, ADMINS)
        assert await menu_of(stage, customer) == command_menu(EN)
    assert await published(stage) == before + 4, "nobody else is sent theirs again"
    await stage.type(ShowHome(), ADMIN)
    assert await published(stage) == before + 4, "it is known who has which"


async def test_a_release_with_another_menu_publishes_it_once(stage: Stage) -> None:
    await stage.type(ShowHome(), ALICE)
    async with stage.shop.sessions.begin() as session:
        own = Person.business_id == stage.shop.business_id
        await session.execute(update(Person).where(own, Person.id == ALICE).values(menu="staff:en:00000000"))
    before = await published(stage)
    for _ in range(2):
        await stage.type(ShowAgenda(), ALICE)
    assert await published(stage) == before + 1
    assert await menu_of(stage, ALICE) == command_menu(EN, STAFF)


async def test_whoever_blocks_the_bot_is_promised_none(stage: Stage) -> None:
    await stage.run(stage.envelope(SetReachable(reachable=False), ALICE))
    await stage.promised(of=MENU)


async def test_whoever_was_out_of_reach_finds_their_menu_on_coming_back(stage: Stage) -> None:
    await stage.run(stage.envelope(ShowHome(), BOB))
    await stage.promised(Message(kind=MENU, to=Chat(BOB), state=State.FAILED))
    assert (await stage.person(BOB)).menu == UNKNOWN
    await stage.meet(BOB)
    await stage.type(ShowHome(), BOB)
    assert await menu_of(stage, BOB) == command_menu(EN, STAFF)


async def test_a_menu_that_was_promised_and_not_sent_is_sent_as_things_are_then(stage: Stage) -> None:
    await stage.fault("error", "setMyCommands")
    await stage.type(ShowHome(), ALICE)
    assert await menu_of(stage, ALICE) == command_menu(EN)
    async with stage.shop.sessions.begin() as session:
        await session.execute(
            text("UPDATE person SET language = 'ru' WHERE business_id = :business AND id = :id"),
            {"business": stage.shop.business_id, "id": ALICE},
        )
    await stage.advance(timedelta(minutes=5))
    assert await menu_of(stage, ALICE) == command_menu(RU, STAFF)
    assert (await stage.person(ALICE)).menu == menu_name(STAFF, RU, EN)


def test_a_menu_is_named_by_what_stands_in_it() -> None:
    names = [menu_name(audience, texts, EN) for audience in Audience for texts in (EN, RU)]
    assert names[0] is None
    assert len(set(names)) == len(names)
    assert menu_name(EVERYONE, RU, RU) is None
