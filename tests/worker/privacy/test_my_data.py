"""Whoever asks sees, gets and erases what is kept of them."""

from json import loads

from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome, ShowSettings
from shared.contracts.preferences import SetAfterVisits
from shared.contracts.privacy import AskForgetMe, ForgetMe, SendMyData, ShowMyData
from tests.worker.shop import ALICE, ANNA
from tests.worker.stage import Stage


async def test_what_is_kept_is_shown_sent_and_erased_once_nobody_waits(stage: Stage) -> None:
    booking = await stage.book()
    await stage.tap(SetAfterVisits(on=False))
    assert "Messages after visits: no" in await stage.type(ShowSettings())
    assert "Visits: 1" in await stage.type(ShowMyData())
    await stage.tap(SendMyData())
    [sent] = [
        each for each in stage.messages() if each.get("document", {}).get("file_name") == "my-data.json"
    ]
    kept = loads(stage.telegram.emulator.world.files[sent["document"]["file_id"]].data)
    assert (kept["person"][0]["id"], kept["preferences"][0]["after_visits"]) == (ANNA, False)
    assert "Forget you?" in (await stage.tap(AskForgetMe())).text
    refused = await stage.tap(ForgetMe())
    assert (refused.toast or "").startswith("You have visits ahead")
    await stage.tap(Cancel(booking_id=booking, version=1))
    assert (await stage.tap(ForgetMe())).text.startswith("You are forgotten here.")
    assert (await stage.shop.booking(booking)).customer_id == 0


async def test_who_works_here_is_not_forgotten(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    assert ((await stage.tap(ForgetMe(), ALICE)).toast or "").startswith("You work here")
