"""Who is asking: languages, names, reach, and a business that is not there yet."""

import pytest
from sqlalchemy import text

from shared.contracts.booking import ShowServices
from shared.contracts.menu import ShowHome
from shared.contracts.people import ChooseLanguage, SetReachable
from tests.kit.business import BUSINESS_ID
from tests.worker.shop import ANNA, Shop, reopen_shop
from tests.worker.stage import Stage, on_stage
from worker.db.engine import Sessions
from worker.db.models.people import Person


async def home(stage: Stage) -> str:
    return await stage.type(ShowHome())


def language_of(shown: str) -> str:
    return "ru" if any("а" <= letter <= "я" for letter in shown.casefold()) else "en"


async def speak(stage: Stage, language: str) -> None:
    async with stage.shop.sessions.begin() as session:
        await session.execute(text("UPDATE business SET language = :language"), {"language": language})


@pytest.mark.parametrize(
    ("chosen", "app", "business", "spoken"),
    [
        (None, None, "en", "en"),
        (None, "ru", "en", "ru"),
        (None, "ru-RU", "en", "ru"),
        (None, "xx", "en", "en"),
        (None, "xx", "ru", "ru"),
        (None, None, "ru", "ru"),
        ("en", "ru", "ru", "en"),
        ("ru", "en", "en", "ru"),
    ],
)
async def test_the_language_is_what_they_chose_their_app_speaks_or_the_business(
    stage: Stage, chosen: str | None, app: str | None, business: str, spoken: str
) -> None:
    await speak(stage, business)
    try:
        if app is not None:
            stage.languages[ANNA] = app
        if chosen is not None:
            await stage.tap(ChooseLanguage(language=chosen))
        assert language_of((await home(stage)).partition("\n")[2]) == spoken
        card = await stage.tap(stage.booking("10:00"))
        assert language_of(card.text.partition("\n")[0]) == spoken
    finally:
        await speak(stage, "en")


async def test_a_choice_is_kept_and_answered_in_the_new_language(stage: Stage) -> None:
    answer = await stage.tap(ChooseLanguage(language="ru"))
    assert language_of(answer.text) == "ru"
    assert (await stage.person()).language == "ru"


@pytest.mark.parametrize("language", ["xx", "../en", "EN", ""])
async def test_a_language_that_is_not_spoken_changes_nothing(stage: Stage, language: str) -> None:
    await stage.run(stage.envelope(ChooseLanguage(language=language)))
    async with stage.shop.sessions() as session:
        found = await session.get(Person, (BUSINESS_ID, ANNA))
    assert found is None or found.language is None


async def test_a_person_is_kept_as_telegram_describes_them_now(stage: Stage) -> None:
    envelope = stage.envelope(ShowHome())
    renamed = envelope.actor.model_copy(
        update={"first_name": "Ann", "username": "ann", "language_code": "ru"}
    )
    await stage.run(envelope.model_copy(update={"actor": renamed}))
    person = await stage.person()
    assert (person.first_name, person.last_name, person.username, person.language_hint) == (
        "Ann",
        None,
        "ann",
        "ru",
    )


async def test_blocking_and_unblocking_are_noted(stage: Stage) -> None:
    before = len(stage.texts())
    for reachable in (False, True, False):
        await stage.run(stage.envelope(SetReachable(reachable=reachable)))
        assert (await stage.person()).reachable == reachable
    assert len(stage.texts()) == before


async def test_before_there_is_a_business_people_are_asked_for_patience(sessions: Sessions) -> None:
    shop: Shop = await reopen_shop(sessions)
    async with on_stage(shop) as stage:
        assert "being set up" in await home(stage)
        answer = await stage.tap(ShowServices())
        assert "being set up" in answer.text
        before = len(stage.texts())
        await stage.run(stage.envelope(SetReachable(reachable=False)))
        assert len(stage.texts()) == before
        assert await stage.processed() == set()
