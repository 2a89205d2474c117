"""A business file that an owner sends to the bot."""

from sandbox.emulator import files
from shared.contracts.chat import Say, SharedDocument
from shared.contracts.editing import ShowSentFile
from tests.worker.editing.chatting import Keeper, document
from tests.worker.shop import ADMIN, ALICE, ANNA, FILE
from worker.editing.messages import LARGEST_FILE

DEARER = FILE.replace(b"price: 35", b"price: 40")


def sent(keeper: Keeper, data: bytes, name: str = "shop.yaml") -> Say:
    """Put a file where Telegram keeps it; return what the bot hears of it."""
    emulator = keeper.stage.telegram.emulator
    stored = files.keep(emulator.world, emulator.bot(None), "document", name, "", data)
    return Say(document=SharedDocument(file_id=stored.id, name=name, size=len(data)))


async def test_a_file_is_applied_after_it_was_shown_what_it_does(keeper: Keeper) -> None:
    shop = keeper.stage.shop
    await keeper.stage.book()
    assert "“shop.yaml” has arrived" in await keeper.send(sent(keeper, DEARER))
    said = await keeper.press("What would change?")
    assert "Cut changes\nPrice: €35 → €40" in said
    assert "1 visit coming: for 'Cut', for which this stays as it was booked: Price" in said
    assert "Done." in await keeper.press("Apply")
    price = (await document(shop)).services[0].price
    assert price is not None
    assert price.lowest == 40
    assert "nothing changes" in await keeper.send(ShowSentFile())
    assert keeper.labels == ["« Back", "Menu"]


async def test_what_visits_a_file_strands_is_asked(keeper: Keeper) -> None:
    await keeper.stage.book()
    without = FILE.replace(b"services: [Cut]", b"services: []").replace(b"services: [Cut, ", b"services: [")
    await keeper.send(sent(keeper, without))
    await keeper.walk("What would change?", "They stay booked", "Apply")
    assert "Cut" not in (await document(keeper.stage.shop)).specialists[0].services


async def test_what_is_wrong_with_a_file_is_told_by_line(keeper: Keeper) -> None:
    before = await document(keeper.stage.shop)
    await keeper.send(sent(keeper, FILE.replace(b"price: 35", b"price: dear") + b"colour: red\n"))
    said = await keeper.press("What would change?")
    assert "Line 5: services[0].price: 'dear' is not a price" in said
    assert "colour: is not known here" in said
    no_owner = FILE.replace(b"owner: [1000]", b"owner: []")
    await keeper.send(sent(keeper, no_owner))
    assert "the last owner stays" in await keeper.press("What would change?")
    assert await document(keeper.stage.shop) == before


async def test_what_is_no_business_file_is_said_to_be_none(keeper: Keeper) -> None:
    for data in (b"x" * (LARGEST_FILE + 1), b"\xff\xfe\x00", b"zero\x00"):
        assert "“x.pdf” is no business file" in await keeper.send(sent(keeper, data, "x.pdf"))
    forgotten = Say(document=SharedDocument(file_id="gone", name="x.pdf"))
    assert "“x.pdf” is no business file" in await keeper.send(forgotten)
    lied = sent(keeper, b"x" * (LARGEST_FILE + 1)).model_dump()
    lied["document"]["size"] = 1
    assert "is no business file" in await keeper.send(Say.model_validate(lied))


async def test_nobody_elses_files_are_read(keeper: Keeper) -> None:
    for person in (ADMIN, ALICE, ANNA):
        other = Keeper(keeper.stage, person)
        assert "I did not ask for that" in await other.send(sent(keeper, DEARER))
    assert "for owners" in await Keeper(keeper.stage, ADMIN).send(ShowSentFile())
    assert await keeper.stage.calls("getFile") == 0


async def test_a_file_beside_a_question_leaves_it_open(keeper: Keeper) -> None:
    await keeper.open("Services", "Cut", "Price")
    assert "as a text message" in await keeper.send(sent(keeper, DEARER))
    assert "€35 → €45" in await keeper.say("45")
