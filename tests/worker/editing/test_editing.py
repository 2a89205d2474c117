"""The shop, changed in the chat by who runs it."""

from decimal import Decimal

from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import OWNER
from worker.price import Price


async def test_a_price_is_changed_after_it_was_shown_what_that_does(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.stage.book()
    assert "Cut" in " ".join([await keeper.open("Services"), *keeper.labels])
    await keeper.press("Cut")
    assert "Price: €35" in keeper.labels
    assert "Now: €35" in await keeper.press("Price")
    assert "“dear” does not fit here" in await keeper.say("dear")
    said = await keeper.say("from 40")
    assert "Cut changes\nPrice: €35 → from €40" in said
    assert "1 visit coming: for 'Cut', for which this stays as it was booked: Price" in said
    assert "Wed, Nov 25, 10:00–10:45 Cut, Anna (Alice)" in said
    assert (await document(shop)).services[0].price == Price.exact(Decimal(35))
    assert "Done." in await keeper.press("Apply")
    assert (await document(shop)).services[0].price == Price(Decimal(40), None)
    assert "Price: from €40 → €35" in await keeper.press("Undo")
    await keeper.press("Apply")
    assert (await document(shop)).services[0].price == Price.exact(Decimal(35))


async def test_a_service_is_added_and_a_specialist_does_it(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    assert "Name" in await keeper.open("Services", "Add")
    assert "“Cut” does not fit here" in await keeper.say("Cut")
    assert "Duration" in await keeper.say("Beard")
    assert "does not fit here" in await keeper.say("soon")
    assert "Beard is new" in await keeper.press("30 min")
    assert "Nobody does it yet, so customers do not see it: Beard." in await keeper.press("Apply")
    assert keeper.labels[:2] == ["Beard", "Specialists"]
    assert await keeper.press("Beard") == "Beard"
    assert "Duration: 30 min" in keeper.labels
    assert "Beard" in " ".join([await keeper.press("« Back"), *keeper.labels])
    await keeper.open("Specialists", "Bob", "Services")
    assert "✓ Cut" in keeper.labels
    await keeper.press("Beard")
    assert "✓ Beard" in keeper.labels
    assert "As usual" in " ".join([await keeper.walk("✓ Beard", "Price"), *keeper.labels])
    await keeper.say("15")
    assert "✓ Beard: €15" in keeper.labels
    said = await keeper.press("Done")
    assert "Bob changes\nServices, Beard: — → €15" in said
    await keeper.press("Apply")
    found = await document(shop)
    assert found.services[-1].duration == 30
    assert found.specialists[1].services["Beard"].price == Price.exact(Decimal(15))


async def test_hours_are_changed_day_by_day_and_what_closes_is_shown(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.stage.book()
    await keeper.open("Hours", "Alice")
    assert "✓ We: 09:00-18:00" in keeper.labels
    assert "Alice: Hours, We" in await keeper.press("✓ We")
    await keeper.say("14-18")
    assert "✓ We: 14:00-18:00" in keeper.labels
    await keeper.press("✓ Su")
    await keeper.press("Closed")
    assert "Su: closed" in keeper.labels
    said = await keeper.press("Done")
    assert "Hours, We: 09:00-18:00 → 14:00-18:00" in said
    assert "Hours, Su: 09:00-18:00 → closed" in said
    assert "1 visit coming: with 'Alice' outside the new hours" in said
    assert "It stays booked, and nobody is told, until you move or cancel it." in said
    await keeper.press("Apply")
    hours = (await document(shop)).specialists[0].hours
    assert (hours[2], 6 in hours) == (((840, 1080),), False)


async def test_what_is_not_applied_yet_waits_for_done_and_says_so(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    waits = "Not applied yet: “Done” shows what would change."
    for name in ("Alice", "Bob"):
        await keeper.open("Specialists", name)
        assert waits not in await keeper.press("Hours")
        await keeper.press("✓ Su")
        assert waits in await keeper.press("Closed")
        assert waits in await keeper.press("« Back"), "the entry, too"
    await keeper.open("Specialists", "Alice")
    assert "Alice changes\nHours, Su: 09:00-18:00 → closed" in await keeper.press("Done")
    await keeper.press("Apply")
    assert waits not in await keeper.press("« Back")
    await keeper.open("Specialists", "Bob")
    assert "Bob changes\nHours, Su:" in await keeper.press("Done"), "what was said of Alice ended nothing"
    await keeper.press("Apply")
    assert [6 in each.hours for each in (await document(shop)).specialists[:2]] == [False, False]


async def test_a_question_that_is_not_applied_yet_can_be_from_its_own_page(keeper: Keeper) -> None:
    await keeper.open("Services", "Cut", "Questions", "Add")
    assert "Not applied yet" in await keeper.say("Any allergies?")
    assert "Cut changes\nQuestions, 1: — → Any allergies?" in await keeper.press("Done")
    await keeper.press("Apply")
    questions = (await document(keeper.stage.shop)).services[0].questions
    assert [each.ask for each in questions] == ["Any allergies?"]


async def test_who_works_at_no_time_is_closed(keeper: Keeper) -> None:
    await keeper.open("Specialists", "Bob", "Hours", "Write it")
    assert "Closed" in keeper.labels
    assert "Hours, Su: 09:00-18:00 → closed" in await keeper.press("Closed")


async def test_single_dates_places_limits_and_roles(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.open("Specialists", "Alice", "Single dates", "Add")
    assert "does not fit" in await keeper.say("Christmas")
    assert "Single dates" in await keeper.say("2026-12-24")
    await keeper.press("Closed")
    assert any("Dec 24" in label for label in keeper.labels)
    assert "Single dates, Thu, Dec 24: — → closed" in await keeper.press("Done")
    await keeper.press("Apply")
    await keeper.open("Places", "Main street", "Point on the map")
    assert "does not fit" in await keeper.say("52.5")
    assert "Point on the map: 52.52, 13.4 → 52.5, 13.5" in await keeper.say("52.5, 13.5")
    await keeper.press("Apply")
    await keeper.open("Specialists", "Bob", "Places", "Main street", "✓ Main street", "Mo–Fr")
    assert "“mon-fri” does not fit" in keeper.stage.texts(OWNER)[-1], "Bob works on Sundays, too"
    await keeper.press("Mo–Su")
    await keeper.walk("Done", "Apply")
    await keeper.open("Business", "Limits", "Visits ahead", "3", "Apply")
    await keeper.open("Business", "Roles", "Admins", "Add")
    await keeper.say("1002")
    await keeper.walk("Done", "Apply")
    await keeper.open("Business", "The business", "Clock")
    await keeper.say("Tokyo")
    await keeper.press("Apply")
    found = await document(shop)
    assert found.specialists[0].exceptions[0].hours == ()
    assert (found.locations[0].latitude, found.locations[0].longitude) == (52.5, 13.5)
    assert found.specialists[1].locations == {"Main street": tuple(range(7))}
    assert (found.limits.max_upcoming, found.roles.admin) == (3, (1002, 1003))
    assert found.business.timezone == "Asia/Tokyo"
    await keeper.open("Business", "Roles", "Owners", "✓ 1000", "Remove")
    assert "the last owner stays" in await keeper.press("Done")


async def test_what_a_service_asks_is_added_put_in_order_changed_and_removed(keeper: Keeper) -> None:
    await keeper.open("Services", "Cut", "Questions")
    await keeper.press("Add")
    assert "Question" in await keeper.say("How long is your hair?")
    await keeper.press("Choices")
    await keeper.say("Short\nLong, straight")
    await keeper.press("Has to be answered")
    await keeper.press("Yes")
    await keeper.press("« Back")
    await keeper.press("Add")
    await keeper.say("Your phone")
    await keeper.press("Answered with")
    await keeper.press("A phone number")
    await keeper.press("↑ Up")
    assert keeper.labels[:2] == [
        "1: Your phone, a phone number",
        "2: How long is your hair?, Short, Long, st…",
    ]
    await keeper.press("Add")
    assert "does not fit here" in await keeper.say("Your phone")
    await keeper.press("« Back")
    told = await keeper.press("Done")
    assert "Questions, 1: — → Your phone, a phone number" in told
    await keeper.press("Apply")
    phone, hair = (await document(keeper.stage.shop)).services[0].questions
    assert (phone.ask, phone.type) == ("Your phone", "phone")
    assert (hair.choices, hair.required) == (("Short", "Long, straight"), True)
    await keeper.open("Services", "Cut", "Questions", "1", "Remove")
    await keeper.walk("Done", "Apply")
    assert [each.ask for each in (await document(keeper.stage.shop)).services[0].questions] == [hair.ask]
