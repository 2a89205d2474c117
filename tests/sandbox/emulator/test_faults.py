"""Flood limits and faults on demand."""

import time
from dataclasses import replace

import aiohttp
import pytest

from sandbox.emulator.limits import Limits, LimitSettings
from tests.sandbox.emulator.driving import ANN, Telegram, config, running


async def test_a_chat_may_burst_but_not_flood() -> None:
    async with running(config()) as telegram:
        await telegram.started()
        await telegram.put("/limits", chat_burst=3, chat_per_second=0.01)
        for _ in range(3):
            await telegram.send()
        answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
        wait = answer.json["parameters"]["retry_after"]
        assert 90 < wait <= 100
        assert answer.refusal == (429, f"Too Many Requests: retry after {wait}")
        assert answer.headers["Retry-After"] == str(wait)
        assert (await telegram.call("getMe")).status == 200
        assert (await telegram.call("sendChatAction", chat_id=ANN, action="typing")).status == 200
        assert await telegram.put("/limits", enabled=False) == {
            "enabled": False,
            "global_per_second": 30.0,
            "chat_per_second": 0.01,
            "chat_burst": 3.0,
            "group_per_minute": 20.0,
        }
        await telegram.send()


async def test_all_chats_share_the_global_limit(telegram: Telegram) -> None:
    await telegram.put("/limits", global_per_second=2)
    for user_id in (1, 2, 3):
        await telegram.started(user_id)
    statuses = [(await telegram.call("sendMessage", chat_id=n, text="x")).status for n in (1, 2, 3)]
    assert statuses == [200, 200, 429]


def test_a_group_has_twenty_a_minute() -> None:
    limits = Limits(LimitSettings())
    for _ in range(20):
        limits.take(1, -100)
    with pytest.raises(Exception, match="retry after 3"):
        limits.take(1, -100)


async def test_edits_count_and_failed_calls_do_not(telegram: Telegram) -> None:
    await telegram.started()
    await telegram.put("/limits", chat_burst=2, chat_per_second=0.01)
    sent = await telegram.send()
    assert (await telegram.call("sendMessage", chat_id=ANN, text="")).status == 400
    where = {"chat_id": ANN, "message_id": sent["message_id"]}
    assert (await telegram.call("editMessageText", **where, text="1")).status == 200
    assert (await telegram.call("editMessageText", **where, text="2")).status == 429


@pytest.mark.parametrize(
    "figures", [{"chat_burst": 0}, {"chat_burst": "x"}, {"nope": 1}, {"chat_burst": None}]
)
async def test_limits_that_make_no_sense(telegram: Telegram, figures: dict[str, object]) -> None:
    assert (await telegram.request("PUT", "/client/limits", json=figures)).status == 400


async def test_flood_and_error_strike_as_often_as_told(telegram: Telegram) -> None:
    await telegram.started()
    await telegram.post("/faults", kind="flood", method="sendmessage", count=1, retry_after=7)
    answer = await telegram.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (429, "Too Many Requests: retry after 7")
    await telegram.post("/faults", kind="error", status=503, chat_id=ANN, count=1)
    assert (await telegram.call("getMe")).status == 200
    assert (await telegram.call("sendMessage", chat_id=ANN, text="x")).refusal == (503, "Service Unavailable")
    await telegram.send()
    assert await telegram.get("/faults") == []


async def test_refuse_does_nothing_and_drop_does_it(telegram: Telegram) -> None:
    await telegram.started()
    for kind, text in (("refuse", "never"), ("drop", "done")):
        await telegram.post("/faults", kind=kind, count=1)
        with pytest.raises(aiohttp.ClientError):
            await telegram.call("sendMessage", chat_id=ANN, text=text)
    seen = [one["text"] for one in (await telegram.get(f"/chats/{ANN}"))["messages"]]
    assert seen == ["/start", "done"]


async def test_latency(telegram: Telegram) -> None:
    await telegram.post("/faults", kind="latency", seconds=0.2, count=1)
    began = time.perf_counter()
    await telegram.call("getMe")
    assert time.perf_counter() - began >= 0.2
    [call] = await telegram.get("/calls")
    assert call["ms"] >= 200


async def test_a_duplicate_is_delivered_again(telegram: Telegram) -> None:
    await telegram.user()
    fault = await telegram.post("/faults", kind="duplicate")
    sent = await telegram.post(f"/chats/{ANN}/messages", text="twice")
    [one, two] = (await telegram.call("getUpdates")).result
    assert one == two
    assert one["update_id"] == sent["update_id"]
    await telegram.request("DELETE", f"/client/faults/{fault['id']}")
    assert await telegram.get("/faults") == []


async def test_probability_zero_never_strikes_and_faults_can_be_cleared(telegram: Telegram) -> None:
    await telegram.post("/faults", kind="error", status=500, probability=0)
    assert (await telegram.call("getMe")).status == 200
    await telegram.post("/faults", kind="error", status=500)
    await telegram.request("DELETE", "/client/faults")
    assert (await telegram.call("getMe")).status == 200


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "nope"}, {"kind": "error", "status": 200}, {"kind": "drop", "probability": 2},
     {"kind": "drop", "count": 0}, {"kind": "drop", "more": 1}, {"kind": "latency", "seconds": "x"}],
)  # fmt: skip
async def test_faults_that_make_no_sense(telegram: Telegram, fault: dict[str, object]) -> None:
    assert (await telegram.request("POST", "/client/faults", json=fault)).status == 400


async def test_limits_can_be_off_from_the_start() -> None:
    async with running(replace(config(), limits_enabled=False)) as telegram:
        assert (await telegram.get("/limits"))["enabled"] is False
