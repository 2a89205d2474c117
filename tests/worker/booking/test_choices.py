"""The lists to choose from: however long they are, each page is a message that Telegram takes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text, update

from sandbox.emulator.entities.reading import from_bot
from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import AskService, Book, ShowServices, ShowSpecialists
from shared.contracts.cancelling import Cancel
from shared.contracts.chat import Say
from shared.contracts.menu import ShowHome
from shared.i18n.translator import load_translators
from tests.worker.shop import BEN, NOW, Shop, at
from tests.worker.stage import Stage
from worker.business.values import NAME_LENGTH, TEXT_LENGTH
from worker.catalogue import views
from worker.catalogue.repository import PlaceChoice, ServiceSummary, SpecialistSummary, Terms
from worker.db.models.catalogue import Specialist
from worker.price import Price
from worker.runtime.repository import BusinessProfile
from worker.summary import views as summary_views
from worker.ui.graphemes import utf16
from worker.ui.view import Button, View

MANY = 500
MOST_TEXT, MOST_BUTTONS, MOST_MARKUP_BYTES = 4096, 100, 10_000
BUSINESS = BusinessProfile("Barber & Co", ZoneInfo("Europe/Berlin"), "EUR", "en")
TEXTS = load_translators().choose("en")


def longest(number: int) -> str:
    """Return a name of the most room there can be, and unlike the others."""
    return f"{number:03}{'💈' * ((NAME_LENGTH - 3) // 2)}"


def terms(number: int) -> Terms:
    return Terms(timedelta(days=6, hours=23, minutes=number), DEAR)


DEAR = Price(Decimal("9999999999.98"), Decimal("9999999999.99"))
OFFERINGS = [
    ServiceSummary(
        number, longest(number), timedelta(days=6, hours=23, minutes=59), DEAR, timedelta(), timedelta()
    )
    for number in range(1, MANY + 1)
]
VARIED = replace(OFFERINGS[0], with_each={number: terms(number) for number in range(1, MANY + 1)})
DOERS = [SpecialistSummary(number, longest(number), [1]) for number in range(1, MANY + 1)]


def services(asked: Command) -> View:
    assert isinstance(asked, ShowServices)
    return views.services(TEXTS, BUSINESS, OFFERINGS, asked)


def specialists(asked: Command) -> View:
    assert isinstance(asked, ShowSpecialists)
    return views.specialists(TEXTS, BUSINESS, VARIED, DOERS, asked)


PLACES = [PlaceChoice(number, longest(number), "🏠" * TEXT_LENGTH) for number in range(1, MANY + 1)]


def places(asked: Command) -> View:
    assert isinstance(asked, ShowSpecialists)
    return views.places(TEXTS, OFFERINGS[0], PLACES, asked)


LISTS = [
    (services, ShowServices()),
    (specialists, ShowSpecialists(service_id=1)),
    (places, ShowSpecialists(service_id=1)),
]


@pytest.mark.parametrize(("show", "first"), LISTS)
def test_every_page_fits_telegram_and_together_they_show_all(
    show: Callable[[Command], View], first: Command
) -> None:
    seen: list[str] = []
    asked: Command | None = first
    for _ in range(MANY):
        if asked is None:
            break
        view = show(asked)
        shown = [button for row in view.keyboard for button in row]
        assert utf16(from_bot(view.text, "HTML", None).text) <= MOST_TEXT
        assert len(shown) <= MOST_BUTTONS
        assert sum(len(str(button.as_json()).encode()) for button in shown) <= MOST_MARKUP_BYTES
        seen += [button.text for button in shown if "💈" in button.text]
        asked = next((button.command for button in shown if button.text == "›"), None)
    assert seen == [longest(number) for number in range(1, MANY + 1)]


def test_a_page_that_is_no_more_is_the_last_one() -> None:
    assert services(ShowServices(page=10**6)) == services(ShowServices(page=62))


def test_few_need_no_pages() -> None:
    view = views.services(TEXTS, BUSINESS, OFFERINGS[:8], ShowServices())
    assert [len(row) for row in view.keyboard if row] == [1] * 9


MORE = (
    """
    INSERT INTO service (business_id, name, position, duration, price, buffer_before, buffer_after, step,
      min_notice, horizon, cancel_until, capacity, approval, reminders, active)
    SELECT business_id, 'More ' || n, 100, duration, price, buffer_before, buffer_after, step, min_notice,
      horizon, cancel_until, capacity, approval, reminders, active
    FROM service, generate_series(1, 30) AS n WHERE name = 'Cut'
    """,
    """
    INSERT INTO specialist (business_id, name, position, active)
    SELECT 1, 'More ' || n, 100, true FROM generate_series(1, 30) AS n
    """,
    """
    INSERT INTO specialist_service (business_id, specialist_id, service_id)
    SELECT p.business_id, p.id, s.id FROM specialist p, service s
    WHERE p.name LIKE 'More %' AND (s.name = 'Cut' OR s.name LIKE 'More %')
    """,
)
LESS = (
    "DELETE FROM specialist_service USING specialist p WHERE p.id = specialist_id AND p.name LIKE 'More %'",
    "DELETE FROM specialist WHERE name LIKE 'More %'",
    "DELETE FROM service WHERE name LIKE 'More %'",
)


@pytest_asyncio.fixture
async def crowded(shop: Shop) -> AsyncIterator[Shop]:
    """The shop with thirty more services, and thirty more specialists who all cut."""
    async with shop.sessions.begin() as session:
        for statement in MORE:
            await session.execute(text(statement))
    yield shop
    async with shop.sessions.begin() as session:
        for statement in LESS:
            await session.execute(text(statement))


@pytest.mark.usefixtures("crowded")
async def test_the_pages_are_turned_in_the_chat(stage: Stage) -> None:
    for first, here, there in (
        (ShowServices(), "1 / 5", "2 / 5"),
        (ShowSpecialists(service_id=stage.shop.services["Cut"]), "1 / 2", "2 / 2"),
    ):
        answer = await stage.tap(first)
        shown = stage.buttons(answer.message)
        assert here in shown
        assert sum(label.startswith("More") for label in shown) in range(4, 17)
        await stage.tap(unpack(str(shown["›"])), message=answer.message)
        assert there in stage.buttons(answer.message)


@pytest.mark.usefixtures("crowded")
async def test_a_service_among_many_is_found_by_typing(stage: Stage) -> None:
    answer = await stage.tap(ShowServices())
    assert "Search" in stage.buttons(answer.message)
    await stage.tap(AskService(), message=answer.message)
    assert "What are you looking for?" in stage.texts()[-1]
    assert "Nothing here is called that." in await stage.type(Say(text="nails"))
    await stage.tap(AskService())
    found = await stage.type(Say(text="CÛT"))
    assert "• Cut: 45 min" in found
    newest = stage.messages()[-1]["message_id"]
    assert list(stage.buttons(newest)) == ["Cut", "Search again", "All services", "Menu"]
    await stage.tap(AskService())
    assert "write more of the name" in await stage.type(Say(text="more"))
    assert len(stage.buttons(stage.messages()[-1]["message_id"])) == 8 + 3


async def test_what_a_customer_had_before_stands_first(stage: Stage) -> None:
    await stage.book(service="Yoga")
    await stage.book("12:00", service="Steam", days=4)
    cancelled = await stage.book("14:00", service="Dance", days=5)
    await stage.tap(Cancel(booking_id=cancelled, version=1))
    answer = await stage.tap(ShowServices())
    assert list(stage.buttons(answer.message))[:5] == ["Book again", "Steam", "Yoga", "Cut", "Dance"]
    await stage.meet(BEN)
    strangers = await stage.tap(ShowServices(), BEN)
    assert list(stage.buttons(strangers.message, BEN))[:2] == ["Cut", "Steam"]


async def test_a_repeat_is_three_taps_with_whom_it_was_last(stage: Stage) -> None:
    await stage.book(specialist="Alice")
    await stage.book("12:00", days=4, specialist="Bob")
    await stage.advance_to(at("13:00", days=5))
    typed = await stage.type(ShowServices())
    assert typed.endswith("↻ Once more: Cut, Bob")
    message = stage.messages()[-1]["message_id"]
    for _ in ("Book again", "the soonest time", "Confirm"):
        first = next(iter(stage.buttons(message).values()))
        answer = await stage.tap(unpack(str(first)), message=message)
    assert answer.toast == "Booked!"
    assert (await stage.newest()).specialist_id == stage.shop.specialists["Bob"]
    assert "Book again" not in stage.buttons((await stage.tap(ShowServices(page=1))).message)
    bobs = await stage.tap(ShowServices(specialist_id=stage.shop.specialists["Bob"]))
    assert bobs.text.endswith("↻ Once more: Cut, Bob")


async def test_who_does_it_no_more_is_not_offered_once_more(stage: Stage) -> None:
    await stage.book(service="Cut", specialist="Bob")
    async with stage.shop.sessions.begin() as session:
        bob = update(Specialist).where(Specialist.id == stage.shop.specialists["Bob"])
        await session.execute(bob.values(active=False))
    try:
        answer = await stage.tap(ShowServices())
    finally:
        async with stage.shop.sessions.begin() as session:
            await session.execute(bob.values(active=True))
    assert next(iter(stage.buttons(answer.message))) == "Cut"


def test_short_names_stand_two_in_a_row_and_long_ones_alone() -> None:
    for names, widest in ((["Alice", "Boris", "Chloé"], 2), (["Alice", longest(1)], 1)):
        team = [SpecialistSummary(number, name, [1]) for number, name in enumerate(names)]
        view = views.specialists(TEXTS, BUSINESS, OFFERINGS[0], team, ShowSpecialists(service_id=1))
        assert max(len(row) for row in view.keyboard[:-1]) == widest


def test_what_costs_nothing_says_so_and_a_price_bears_no_one_currencys_sign() -> None:
    gift = ServiceSummary(
        1, "Talk", timedelta(minutes=15), Price.exact(Decimal("0.00")), timedelta(), timedelta()
    )
    shown = views.services(TEXTS, BUSINESS, [gift], ShowServices())
    assert "• Talk: 15 min, free" in shown.text
    plan = summary_views.Plan(
        gift,
        None,
        NOW + timedelta(days=1),
        None,
        Book(service_id=1, start=NOW + timedelta(days=1)),
        Button("« Back", ShowHome()),
        NOW,
    )
    assert "🏷 Free" in summary_views.summary(TEXTS, BUSINESS, plan).text


def by_category(*counts: int) -> list[ServiceSummary]:
    """Return services of several categories, the last without one."""
    names = [*(f"Kind {number}" for number in range(1, len(counts))), ""]
    return [
        replace(OFFERINGS[0], id=100 * kind + number, name=f"{name} {number}", category=name)
        for kind, (name, count) in enumerate(zip(names, counts, strict=True))
        for number in range(count)
    ]


def labels(view: View) -> list[str]:
    return [button.text for row in view.keyboard for button in row]


def test_many_services_are_chosen_by_their_category() -> None:
    offered = by_category(9, 2, 1)
    top = views.services(TEXTS, BUSINESS, offered, ShowServices())
    assert labels(top) == ["Kind 1", "Kind 2", "Other services", "Search", "Menu"]
    first = views.services(TEXTS, BUSINESS, offered, ShowServices(within=offered[0].id))
    assert labels(first) == [
        *(f"Kind 1 {number}" for number in range(8)), "1 / 2", "›", "Search", "« Back", "Menu",
    ]  # fmt: skip
    assert "<b>Kind 1</b>" in first.text
    last = views.services(TEXTS, BUSINESS, offered, ShowServices(within=offered[0].id, page=1))
    assert views.services(TEXTS, BUSINESS, offered, ShowServices(around=offered[8].id)) == last
    assert labels(last)[0] == "Kind 1 8"


def test_few_services_and_those_of_one_category_need_no_page_of_categories() -> None:
    for offered in (by_category(5, 3), by_category(200)):
        assert labels(views.services(TEXTS, BUSINESS, offered, ShowServices()))[0] == offered[0].name


def test_a_service_that_is_gone_leads_to_all() -> None:
    offered = by_category(9, 9)
    top = views.services(TEXTS, BUSINESS, offered, ShowServices())
    for gone in (ShowServices(around=999), ShowServices(within=999)):
        assert labels(views.services(TEXTS, BUSINESS, offered, gone)) == labels(top)


def test_what_was_had_before_stands_above_the_categories() -> None:
    offered = by_category(9, 9)
    had = [replace(each, had=each.id % 100 < 2) for each in offered]
    top = labels(views.services(TEXTS, BUSINESS, had, ShowServices()))
    assert top[:5] == ["Kind 1 0", "Kind 1 1", " 0", "Kind 1", "Other services"]


def test_a_hundred_categories_have_pages() -> None:
    offered = by_category(*[2] * 100)
    view = views.services(TEXTS, BUSINESS, offered, ShowServices(page=12))
    assert "13 / 13" in labels(view)
    assert "Other services" in labels(view)
