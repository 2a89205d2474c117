"""Coming by a link: to a service, a specialist, a day, or to what is there no more."""

from datetime import date

import pytest

from shared.buttons import unpack
from shared.contracts.booking import ShowServices, ShowSoonest
from shared.contracts.menu import ShowHome
from shared.links import follow
from tests.worker.shop import ANNA, BEN, at
from tests.worker.stage import Stage


def shown(stage: Stage, person: int = ANNA) -> list[str]:
    return list(stage.buttons(stage.messages(person)[-1]["message_id"], person))


async def come(stage: Stage, payload: str, person: int = ANNA) -> str:
    """Open a link; return what is said."""
    return await stage.type(follow(payload) or ShowHome(payload=payload), person)


async def test_a_link_opens_the_way_where_it_leads(stage: Stage) -> None:
    cut, alice = stage.shop.services["Cut"], stage.shop.specialists["Alice"]
    await come(stage, f"s{cut}")
    assert shown(stage)[:3] == ["Anyone", "Alice", "Bob"]
    await come(stage, f"s{cut}-p{alice}")
    assert "Other days" in shown(stage)
    assert "Wed, Nov 25" in await come(stage, f"s{cut}-p{alice}-20261125")
    assert "Morning (36)" in shown(stage)
    assert "anyone" in await come(stage, f"s{cut}-20261125")


async def test_a_link_to_a_specialist_shows_what_they_do_and_leads_to_their_times(stage: Stage) -> None:
    await come(stage, f"p{stage.shop.specialists['Bob']}")
    assert shown(stage) == ["Cut", "Menu"]
    wish = ShowSoonest(service_id=stage.shop.services["Cut"], specialist_id=stage.shop.specialists["Bob"])
    answer = await stage.tap(ShowServices(specialist_id=stage.shop.specialists["Bob"]))
    times = await stage.tap(wish, message=answer.message)
    assert "Cut, Bob" in times.text


async def test_a_day_without_a_free_time_says_why_and_shows_others(stage: Stage) -> None:
    for day, words in (
        (date(2026, 11, 20), "That day has passed"),
        (date(2027, 3, 1), "Can be booked until"),
    ):
        said = await come(stage, f"s{stage.shop.services['Cut']}-{day:%Y%m%d}")
        assert words in said
        assert "Choose a day." in said
        assert "›" in shown(stage)


async def test_a_link_to_a_time_asks_whether_it_is_right_and_one_tap_books_it(stage: Stage) -> None:
    cut, alice = stage.shop.services["Cut"], stage.shop.specialists["Alice"]
    said = await come(stage, f"s{cut}-p{alice}-20261125-1000")
    assert "Is this right?" in said
    assert "Wed, Nov 25, 10:00–10:45" in said
    summary = stage.messages()[-1]["message_id"]
    confirm = unpack(stage.buttons(summary)["Confirm"] or "")
    assert (await stage.tap(confirm, message=summary)).toast == "Booked!"
    assert (await stage.newest()).during.lower == at("10:00")
    assert "Booked. See you then!" in await come(stage, f"s{cut}-p{alice}-20261125-1000")
    await stage.meet(BEN)
    taken = await come(stage, f"s{cut}-p{alice}-20261125-1000", BEN)
    assert "has just been taken" in taken
    assert "09:00" in shown(stage, BEN)


async def test_a_link_to_no_time_says_so_and_shows_what_there_is(stage: Stage) -> None:
    cut = stage.shop.services["Cut"]
    for clock in (2460, 2400, 10_000, 10**17):
        said = await come(stage, f"s{cut}-20261125-{clock}")
        assert "The clock does not show that time on that day." in said
        assert "Morning (36)" in shown(stage)
    past = await come(stage, f"s{cut}-20261120-1000")
    assert "Choose a day." in past
    odd = await come(stage, f"s{cut}-20261125-0903")
    assert "Wed, Nov 25" in odd
    assert "Is this right?" not in odd
    assert "not offered any more" in await come(stage, "s999-20261125-1000")


@pytest.mark.parametrize("payload", ["s999", "p999", "s999-p1", "s999-20261125", "instagram"])
async def test_a_link_that_leads_nowhere_says_so_and_leads_to_the_menu(stage: Stage, payload: str) -> None:
    said = await come(stage, payload)
    assert "not offered any more" in said or "That link leads nowhere here." in said
    assert {"Menu", "My bookings"} & set(shown(stage))
    assert "Book a visit" in shown(stage)


async def test_a_link_to_several_services_opens_the_way_to_all_of_them(stage: Stage) -> None:
    cut, steam, alice = (
        stage.shop.services["Cut"],
        stage.shop.services["Steam"],
        stage.shop.specialists["Alice"],
    )
    assert "Cut + Steam" in await come(stage, f"s{cut}_{steam}")
    assert shown(stage)[:3] == ["Anyone", "Alice", "Bob"]
    assert "Cut + Steam" in await come(stage, f"s{cut}_{steam}-p{alice}")
    assert "Cut + Steam" in await come(stage, f"s{cut}_{steam}-20261125")
    said = await come(stage, f"s{cut}_{steam}-p{alice}-20261125-1000")
    assert "Is this right?" in said
    assert "➕ 11:00 Steam, Alice" in said
    summary = stage.messages()[-1]["message_id"]
    confirm = unpack(stage.buttons(summary)["Confirm"] or "")
    assert (await stage.tap(confirm, message=summary)).toast == "Booked!"


async def test_a_link_to_services_that_cannot_be_one_visit_says_so(stage: Stage) -> None:
    cut, yoga = stage.shop.services["Cut"], stage.shop.services["Yoga"]
    for payload in (f"s{cut}_{yoga}", f"s{cut}_{cut}", f"s{cut}_999", f"s{cut}_{yoga}-20261125"):
        assert "not offered any more" in await come(stage, payload), payload
