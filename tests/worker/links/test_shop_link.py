"""The shop's link and its QR code, from /admin and of one specialist."""

from shared.buttons import unpack
from shared.contracts.booking import AddedServices
from shared.contracts.links import ChooseSeveral, SendShopLink, ShowLinks
from tests.kit.promises import Message
from tests.worker.shop import ANNA, OWNER
from tests.worker.stage import Stage
from worker.links.files import qr_code
from worker.links.promises import SHOP_LINK
from worker.outbox.message import Chat

WHITE_BORDER = 4 * 20


async def test_admins_get_the_link_with_its_code_as_a_picture(stage: Stage) -> None:
    await stage.meet(OWNER)
    async with stage.promising(Message(kind=SHOP_LINK, to=Chat(OWNER)), of="setup."):
        answer = await stage.tap(SendShopLink(), OWNER)
    assert answer.toast == "It comes in a message of its own."
    sent = stage.messages(OWNER)[-1]
    assert "Customers find you here: https://t.me/" in sent["caption"]
    assert sent["photo"][-1]["width"] > 2 * WHITE_BORDER
    alice = stage.shop.specialists["Alice"]
    await stage.tap(SendShopLink(specialist_id=alice), OWNER)
    assert f"?start=p{alice}" in stage.messages(OWNER)[-1]["caption"]
    assert "Customers book with Alice here" in stage.messages(OWNER)[-1]["caption"]
    cut = stage.shop.services["Cut"]
    page = await stage.tap(ShowLinks(), OWNER)
    named = stage.buttons(page.message, OWNER)
    await stage.tap(unpack(str(named["Cut"])), OWNER)
    assert "Customers book Cut here: https://t.me/" in stage.messages(OWNER)[-1]["caption"]
    assert stage.messages(OWNER)[-1]["caption"].endswith(f"?start=s{cut}")
    before = len(stage.messages(OWNER))
    await stage.tap(SendShopLink(specialist_id=2**60), OWNER)
    assert len(stage.messages(OWNER)) == before + 1  # the message that was tapped
    assert "This is for administrators." in (await stage.tap(SendShopLink(), ANNA)).text
    assert "This is for administrators." in (await stage.tap(ShowLinks(), ANNA)).text


async def test_services_are_chosen_one_after_the_other_for_one_link_to_all_of_them(stage: Stage) -> None:
    await stage.meet(OWNER)
    cut, steam = stage.shop.services["Cut"], stage.shop.services["Steam"]
    shown = await stage.tap(ShowLinks(), OWNER)

    async def choose(label: str) -> None:
        data = stage.buttons(shown.message, OWNER)[label]
        await stage.tap(unpack(str(data)), OWNER, shown.message)

    await choose("Several services at once")
    assert [*stage.buttons(shown.message, OWNER)] == ["Cut", "Steam", "« Back"]
    await choose("Cut")
    assert [*stage.buttons(shown.message, OWNER)] == ["Steam", "« Back"]
    await choose("Steam")
    assert "🔗 Cut + Steam" in stage.text(OWNER, shown.message)
    await choose("Link and QR code")
    assert "Customers book Cut + Steam here: https://t.me/" in stage.messages(OWNER)[-1]["caption"]
    assert stage.messages(OWNER)[-1]["caption"].endswith(f"?start=s{cut}_{steam}")
    await choose("« Back")
    assert [*stage.buttons(shown.message, OWNER)] == ["Steam", "« Back"]
    yoga = AddedServices(ids=(stage.shop.services["Yoga"],))
    await stage.tap(ChooseSeveral(service_id=cut, added=yoga), OWNER, shown.message)
    assert [*stage.buttons(shown.message, OWNER)] == ["Cut", "Steam", "« Back"]
    before = len(stage.messages(OWNER))
    await stage.tap(SendShopLink(service_id=cut, added=yoga), OWNER, shown.message)
    assert len(stage.messages(OWNER)) == before
    assert "This is for administrators." in (await stage.tap(ChooseSeveral(), ANNA)).text


def test_the_code_of_an_address_is_the_same_each_time() -> None:
    first, second = qr_code("https://t.me/bell_bot"), qr_code("https://t.me/bell_bot")
    assert first == second
    assert first.content.startswith(b"\x89PNG")
    assert qr_code("https://t.me/bell_bot?start=p1").content != first.content
