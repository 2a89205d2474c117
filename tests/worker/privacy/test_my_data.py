"""Whoever asks sees, gets and erases what is kept of them."""

from datetime import timedelta
from json import loads

from shared.contracts.cancelling import Cancel
from shared.contracts.menu import ShowHome, ShowSettings
from shared.contracts.preferences import SetAfterVisits
from shared.contracts.privacy import AskForgetMe, ForgetMe, SendMyData, ShowMyData
from tests.worker.shop import ALICE, ANNA
from tests.worker.stage import Stage
from worker.people.repository import set_blocked


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
    too_early = await stage.tap(ForgetMe())
    assert too_early.toast == "You have cancelled within a day, or not paid: tomorrow this can be done."
    await stage.advance(timedelta(days=1, minutes=1))
    async with stage.shop.sessions.begin() as session:
        await set_blocked(session, ANNA, stage.shop.clock.now())
    blocked = await stage.tap(ForgetMe())
    assert blocked.toast == "Please call us: the business erases it for you."
    async with stage.shop.sessions.begin() as session:
        await set_blocked(session, ANNA, None)
    assert (await stage.tap(ForgetMe())).text.startswith("You are forgotten here.")
    assert (await stage.shop.booking(booking)).customer_id == 0


async def test_who_works_here_is_not_forgotten(stage: Stage) -> None:
    await stage.meet(ALICE)
    await stage.type(ShowHome(), ALICE)
    assert ((await stage.tap(ForgetMe(), ALICE)).toast or "").startswith("You work here")
