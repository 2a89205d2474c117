"""From an empty database to a shop, in the chat."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pytest

from shared.buttons import unpack
from shared.contracts.admin import ShowAdmin
from shared.contracts.base import Command
from shared.contracts.booking import ShowServices
from shared.contracts.chat import Say, SharedLocation
from shared.contracts.menu import ShowHome
from shared.contracts.setup import AnswerSetup, ApplySetup, ChooseTemplate, ShowSetup, ShowSetupZones
from tests.kit.business import BUSINESS_ID
from tests.kit.promises import Message
from tests.kit.rows import dump
from tests.worker.shop import ANNA, FILE, reopen_shop
from tests.worker.stage import BOSS, Stage, on_stage
from worker.business.apply import apply_document, plan_document
from worker.business.document import Document
from worker.business.export import write_document
from worker.business.reader import read_document
from worker.business.repository import read_business
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.links.promises import SHOP_LINK
from worker.outbox.message import Chat

MOST_TAPS: Final = 40
BERLIN: Final = SharedLocation(latitude=52.5167, longitude=13.3833)
UNFIT: Final = "That does not fit here"


@dataclass
class Chatter:
    """Somebody who answers with what is on their screen; every tap and every text counts."""

    stage: Stage
    person: int = BOSS
    taps: int = 0

    async def say(self, text: str) -> str:
        return await self.send(Say(text=text))

    async def send(self, said: Command) -> str:
        self.taps += 1
        return await self.stage.type(said, self.person)

    async def start(self) -> str:
        return await self.send(ShowHome())

    async def press(self, label: str) -> str:
        """Tap the newest message's button whose text begins so; return what is newest then."""
        self.taps += 1
        message, data = self.found(label)
        await self.stage.tap(unpack(data), self.person, message)
        return self.stage.texts(self.person)[-1]

    async def walk(self, *labels: str) -> str:
        return [await self.press(label) for label in labels][-1]

    def found(self, label: str) -> tuple[int, str]:
        """Return a button of the newest message, and the message."""
        message = int(self.stage.messages(self.person)[-1]["message_id"])
        buttons = self.stage.buttons(message, self.person)
        [data] = [data for text, data in buttons.items() if text.startswith(label)]
        assert data is not None
        return message, data


async def stored(sessions: Sessions) -> Document | None:
    async with sessions() as session:
        return (await read_business(session)).document


@pytest.fixture
async def founder(sessions: Sessions) -> AsyncIterator[Chatter]:
    """Somebody of ADMIN_IDS at a bot of an empty database."""
    async with on_stage(await reopen_shop(sessions)) as stage:
        await stage.meet(BOSS)
        yield Chatter(stage)


async def answer_all(founder: Chatter) -> str:
    """Go from /start to the summary."""
    assert "There is no shop here yet" in await founder.start()
    assert "What is your shop called?" in await founder.press("Set it up")
    assert "Where is it?" in await founder.say("Kati's")
    assert "Which city" in await founder.press("Europe")
    assert "What can be booked?" in await founder.press("Berlin")
    assert "an amount of EUR" in await founder.press("Barber")
    assert "Who does it?" in await founder.say("35")
    assert "When are you open?" in await founder.press("I do: Anna")
    assert "Are you closed on public holidays?" in await founder.press("Mo–Fr")
    return await founder.press("Germany")


async def test_an_empty_database_becomes_a_shop_in_which_a_customer_books(founder: Chatter) -> None:
    summary = await answer_all(founder)
    assert "Name: Kati's\nClock: Berlin\nAddress: —\nService: Haircut\nDuration: 45 min" in summary
    assert "Price: €35\nWho does it: Anna\nOpening hours: Mo–Fr 09:00-18:00\n" in summary
    assert (
        "Public holidays: closed on 9 days, next on Fri, Dec 25\nCurrency: EUR\nLanguage: English" in summary
    )
    async with founder.stage.promising(Message(kind=SHOP_LINK, to=Chat(BOSS)), of="setup."):
        assert "Customers find you here: https://t.me/" in await founder.press("Apply")
    assert "Kati's is open." in founder.stage.texts(BOSS)[-2]
    customer = Chatter(founder.stage, ANNA)
    assert "Kati's" in await customer.start()
    assert "Is this right?" in await customer.walk("Book a visit", "Haircut", "Anyone", "Mon 23, 09:00")
    await customer.press("Confirm")
    assert (await founder.stage.newest()).customer_id == ANNA
    assert founder.taps + customer.taps <= MOST_TAPS


async def test_who_works_alone_does_what_is_new(founder: Chatter) -> None:
    await answer_all(founder)
    await founder.press("Apply")
    await founder.send(ShowAdmin())
    await founder.walk("Services", "Add")
    await founder.say("Shave")
    assert "Services, Shave: — → ✓" in await founder.press("30 min")
    await founder.press("Apply")
    assert "Shave" in await Chatter(founder.stage, ANNA).send(ShowServices())


async def test_the_shop_that_was_set_up_is_a_business_file(founder: Chatter, own_database_url: str) -> None:
    shop = founder.stage.shop
    await answer_all(founder)
    await founder.press("Apply")
    document = await stored(shop.sessions)
    assert document is not None
    assert document.roles.owner == (BOSS,)
    assert document.specialists[0].telegram_id == BOSS
    exported = write_document(document)
    again = read_document(exported.encode(), "export")
    assert (await plan_document(shop.sessions, again, shop.clock)).changes == []
    engine = make_engine(own_database_url)
    elsewhere = make_sessions(engine, BUSINESS_ID)
    await apply_document(elsewhere, again, shop.clock)
    copied = await stored(elsewhere)
    await engine.dispose()
    assert copied is not None
    assert write_document(copied) == exported


async def test_what_is_no_answer_gets_a_sentence_and_loses_nothing(founder: Chatter) -> None:
    await founder.start()
    await founder.press("Set it up")
    assert "as a text message" in await founder.send(Say(photo="file"))
    assert "too long" in await founder.say("name\n" * 150)
    assert UNFIT in await founder.say("x" * 129)
    assert "Where is it?" in await founder.say("Kati's")
    assert UNFIT in await founder.say("Kati's")
    europe = await founder.press("Europe")
    assert await founder.press("1 / ") == europe
    await founder.say("Berlin")
    await founder.say("Beard")
    assert UNFIT in await founder.say("a while")
    assert "What does it cost?" in await founder.say("50")
    assert UNFIT in await founder.say("abc")
    assert UNFIT in await founder.say("35.123")
    assert "Who does it?" in await founder.say("from 30")
    assert "When are you open?" in await founder.say("Boris")
    assert UNFIT in await founder.say("25-99")
    holidays = await founder.say("Mo-Fr 9-18; Sa 10-14")
    assert "• Fri, Dec 25: Christmas Day" in holidays
    assert UNFIT in await founder.say("Bavaria")
    assert UNFIT in await founder.send(Say(location=BERLIN))
    summary = await founder.say("de-by")
    assert "Clock: Berlin\nAddress: —\nService: Beard\nDuration: 50 min\nPrice: From €30" in summary
    assert "Who does it: Boris\nOpening hours: Mo–Fr 09:00-18:00; Sa 10:00-14:00" in summary
    assert "closed on 12 days" in summary
    await founder.press("Public holidays")
    assert "Public holidays: —" in await founder.press("No, as usual")


async def test_answers_are_taken_in_the_owners_own_words(founder: Chatter) -> None:
    founder.stage.languages[BOSS] = "ru"
    await founder.start()
    await founder.press("Настроить")
    for answer in ("Ромашка", "Киев", "Маникюр", "1 ч 15 мин", "от 1 500 гривен", "Ольга"):
        await founder.say(answer)
    shown = await founder.say("пн-пт 9-18; сб закрыто")  # a country whose holidays are none at the moment
    assert "Длительность: 1 ч 15 мин\nЦена: От 1 500 ₴\n" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "Часы работы: пн–пт 09:00-18:00" in shown


async def test_public_holidays_are_not_named_in_a_language_that_is_not_read(founder: Chatter) -> None:
    founder.stage.languages[BOSS] = "ru"
    await founder.start()
    await founder.press("Настроить")
    for answer in ("Ромашка", "Berlin", "Маникюр", "50", "35", "Ольга"):
        await founder.say(answer)
    shown = await founder.say("пн-пт 9-18")
    assert "• Пт, 25 дек.\n• Сб, 26 дек.\n" in shown
    assert "Christmas" not in shown


async def test_a_shared_location_says_clock_currency_language_and_place(founder: Chatter) -> None:
    await founder.start()
    await founder.press("Set it up")
    await founder.say("Kati's")
    at_sea = SharedLocation(latitude=0.0, longitude=-30.0)
    assert "Nobody's clock is known at that point" in await founder.send(Say(location=at_sea))
    moscow = SharedLocation(latitude=55.7522, longitude=37.6156)
    assert "What is the address?" in await founder.send(Say(location=moscow))
    assert "What can be booked?" in await founder.say("Tverskaya 1, 3rd floor")
    await founder.walk("Barber", "Skip", "I do", "Mo–Fr")
    summary = await founder.press("Skip")
    assert "Name: Kati's\nClock: Moscow\nAddress: Tverskaya 1, 3rd floor, on the map\n" in summary
    assert "Currency: RUB\nLanguage: Русский" in summary
    await founder.press("Language")
    assert "Language: English" in await founder.press("English")
    await founder.press("Name")
    await founder.say("Kati & Co")
    await founder.press("Apply")
    document = await stored(founder.stage.shop.sessions)
    assert document is not None
    assert document.business.language == "en"
    [place] = document.locations
    assert (place.name, place.address) == ("Kati & Co", "Tverskaya 1, 3rd floor")
    assert (place.latitude, place.longitude) == (55.7522, 37.6156)


async def test_what_was_left_is_there_days_later(founder: Chatter) -> None:
    await founder.start()
    await founder.press("Set it up")
    await founder.say("Kati's")
    await founder.say("Berlin")
    await founder.stage.advance(timedelta(days=20))
    assert "not answered in time" in founder.stage.texts(BOSS)[-1]
    assert "There is no shop here yet" in await founder.start()
    assert "What can be booked?" in await founder.press("Set it up")
    assert "Where is it?" in await founder.press("« Back")
    assert "What is your shop called?" in await founder.press("« Back")
    assert "What can be booked?" in await founder.say("Kati & Co")


async def test_whoever_skips_everything_is_told_what_is_missing(founder: Chatter) -> None:
    await founder.start()
    await founder.press("Set it up")
    summary = await founder.walk(*["Skip"] * 5)
    assert "Before it can open, say: Name, Clock, Currency" in summary
    with pytest.raises(ValueError, match="not enough values"):
        founder.found("Apply")
    assert "What is your shop called?" in await founder.press("Name")
    await founder.say("Kati's")
    await founder.press("Clock")
    assert "• Fri, Dec 25:" in await founder.say("Minsk")
    await founder.press("Skip")
    await founder.press("Apply")
    assert (await stored(founder.stage.shop.sessions)) is not None


async def test_a_question_of_the_summary_leads_back_to_it(founder: Chatter) -> None:
    await answer_all(founder)
    for name in ("Address", "Name", "Price", "Currency"):
        await founder.press(name)
        assert (await founder.press("« Back")).startswith("Your shop"), name


async def test_a_shop_in_which_nobody_can_book_says_what_is_missing(founder: Chatter) -> None:
    await founder.start()
    await founder.walk("Set it up")
    await founder.say("Kati's")
    await founder.say("Berlin")
    summary = await founder.walk("Barber", "Skip", "I do", "Skip", "Skip")
    assert "Nobody can book before there are opening hours." in summary
    await founder.press("Apply")
    opened, message = founder.stage.texts(BOSS)[-2], int(founder.stage.messages(BOSS)[-2]["message_id"])
    assert "Kati's is open.\nNobody can book before there are opening hours." in opened
    hours = founder.stage.buttons(message, BOSS)["Hours"]
    assert hours is not None
    assert "Hours: Specialists" in await founder.send(unpack(hours))


async def test_an_older_summary_applies_nothing_that_it_did_not_show(founder: Chatter) -> None:
    await answer_all(founder)
    message, older = founder.found("Apply")
    await founder.press("Price")
    assert "Price: Free" in await founder.press("Free")
    await founder.stage.tap(unpack(older), BOSS, message)
    assert "Price: Free" in founder.stage.text(BOSS, message)
    assert await stored(founder.stage.shop.sessions) is None


async def test_a_shop_that_was_opened_meanwhile_stays_as_it_is(founder: Chatter) -> None:
    await answer_all(founder)
    _, apply = founder.found("Apply")
    shop = founder.stage.shop
    await apply_document(shop.sessions, read_document(FILE, "business.yaml"), shop.clock)
    before = await stored(shop.sessions)
    for command in (unpack(apply), ShowSetup()):
        assert "has been set up already" in await founder.send(command)
    assert await stored(shop.sessions) == before


async def test_nobody_else_sets_a_shop_up(founder: Chatter) -> None:
    stranger = Chatter(founder.stage, ANNA)
    before = await dump(founder.stage.shop.sessions)
    for command in (ShowHome(), ShowSetup(), ApplySetup(seen=1)):
        assert "This bot is being set up" in await stranger.send(command)
    assert await dump(founder.stage.shop.sessions) == before


async def test_forged_buttons_lead_to_a_question_or_say_that_they_are_out_of_date(founder: Chatter) -> None:
    stage = founder.stage
    answer = await stage.tap(ShowSetupZones(region="Atlantis"), BOSS)
    assert answer.toast == "This button is out of date. Send /start for a fresh menu."
    for command in (AnswerSetup(step="none", value="x"), AnswerSetup(step="price", value="35")):
        assert "What is your shop called?" in await founder.send(command)
    assert "What can be booked?" in await founder.send(ChooseTemplate(template="none"))
    assert "There is no shop here yet" in await founder.start()
    assert "What is your shop called?" in await founder.press("Set it up")
