"""Invoices, and what happens when somebody pays one."""

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.emulator.driving import ANN, Answer, Json, Telegram, button, config, keyboard, running

PAY = {"text": "Pay", "pay": True}
INVOICE = {
    "title": "Haircut",
    "description": "A deposit",
    "payload": "p1",
    "provider_token": "1:TEST:x",
    "currency": "EUR",
    "prices": [{"label": "Deposit", "amount": 1000}],
    "start_parameter": "b1",
}
BEN = 1002


async def send_invoice(telegram: Telegram, **changes: Json) -> Answer:
    return await telegram.call("sendInvoice", chat_id=ANN, **{**INVOICE, **changes})


async def billed(telegram: Telegram, **changes: Json) -> int:
    await telegram.started()
    return int((await send_invoice(telegram, **changes)).result["message_id"])


async def pay(telegram: Telegram, message_id: int, payer: int = ANN, **more: Json) -> str:
    answer = await telegram.post(f"/chats/{payer}/pay", message_id=message_id, **more)
    return str(answer["pre_checkout_query_id"])


async def answer(telegram: Telegram, query_id: str, error: str | None = None) -> Answer:
    refusal = {} if error is None else {"error_message": error}
    parameters = {"pre_checkout_query_id": query_id, "ok": error is None, **refusal}
    return await telegram.call("answerPreCheckoutQuery", **parameters)


async def updates(telegram: Telegram) -> list[Json]:
    found = (await telegram.call("getUpdates")).result
    await telegram.call("getUpdates", offset=(found[-1]["update_id"] if found else 0) + 1)
    return list(found)


async def test_an_invoice_is_paid_once_the_bot_has_said_yes(telegram: Telegram) -> None:
    message_id = await billed(telegram)
    query_id = await pay(telegram, message_id)
    [update] = await updates(telegram)
    asked = update["pre_checkout_query"]
    assert (asked["id"], asked["from"]["id"]) == (query_id, ANN)
    assert (asked["currency"], asked["total_amount"], asked["invoice_payload"]) == ("EUR", 1000, "p1")
    assert (await answer(telegram, query_id)).result is True
    assert (await telegram.get(f"/payments/{query_id}"))["state"] == "paid"
    [update] = await updates(telegram)
    paid = update["message"]["successful_payment"]
    assert (paid["total_amount"], paid["invoice_payload"]) == (1000, "p1")
    assert paid["telegram_payment_charge_id"] != paid["provider_payment_charge_id"]
    again = await telegram.request("POST", f"/client/chats/{ANN}/pay", json={"message_id": message_id})
    assert again.status == 409
    assert (await answer(telegram, query_id)).refusal[1].endswith("query ID is invalid")


async def test_a_payment_that_the_bot_or_the_bank_refuses_takes_no_money(telegram: Telegram) -> None:
    message_id = await billed(telegram)
    query_id = await pay(telegram, message_id)
    await answer(telegram, query_id, "The time is gone.")
    seen = await telegram.get(f"/payments/{query_id}")
    assert (seen["state"], seen["error"]) == ("refused", "The time is gone.")
    query_id = await pay(telegram, message_id, declined=True)
    await answer(telegram, query_id)
    assert (await telegram.get(f"/payments/{query_id}"))["state"] == "declined"
    assert [min(update) for update in await updates(telegram)] == ["pre_checkout_query"] * 2


async def test_a_bot_that_answers_late_is_refused_and_the_payment_fails() -> None:
    async with running(config(pre_checkout_seconds=0)) as telegram:
        query_id = await pay(telegram, await billed(telegram))
        assert (await answer(telegram, query_id)).refusal[1].startswith("Bad Request: query is too old")
        seen = await telegram.get(f"/payments/{query_id}", timeout=30)
        assert (seen["state"], seen["error"], seen["answers"]) == ("expired", "BOT_PRECHECKOUT_TIMEOUT", 1)


async def test_a_forwarded_invoice_is_anybodys_unless_it_names_where_to_start(telegram: Telegram) -> None:
    await telegram.user(BEN)
    link = await telegram.post(f"/chats/{BEN}/pay", message_id=await billed(telegram), owner=ANN)
    assert link == {"link": "https://t.me/bellhop_bot?start=b1"}
    anybodys = await billed(telegram, start_parameter="")
    query_id = await pay(telegram, anybodys, BEN, owner=ANN)
    await answer(telegram, query_id)
    *_, update = await updates(telegram)
    assert update["message"]["from"]["id"] == BEN
    await pay(telegram, anybodys)


async def test_two_devices_may_pay_one_invoice(telegram: Telegram) -> None:
    message_id = await billed(telegram)
    queries = [await pay(telegram, message_id) for _ in range(2)]
    for query_id in queries:
        await answer(telegram, query_id)
    charges = {(await telegram.get(f"/payments/{query_id}"))["charge"] for query_id in queries}
    assert len(charges) == 2


async def test_the_button_to_pay_comes_first_and_by_itself(telegram: Telegram) -> None:
    message_id = await billed(telegram)
    chat = await telegram.get(f"/chats/{ANN}")
    assert chat["messages"][-1]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Pay 10.00 EUR", "pay": True}]
    ]
    pressed = await telegram.post(f"/chats/{ANN}/press", message_id=message_id, text="Pay 10.00 EUR")
    assert "pre_checkout_query_id" in pressed
    own = await send_invoice(telegram, reply_markup=keyboard([PAY], [button()]))
    assert own.result["reply_markup"] == keyboard([PAY], [button()])
    for rows in ([[button()]], [[button(), PAY]], [[PAY, PAY]]):
        refused = await send_invoice(telegram, reply_markup=keyboard(*rows))
        assert refused.refusal[1] == "Bad Request: BUTTON_POS_INVALID"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": ""}, 'parameter "title" is required'),
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "ü" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID"),
        ({"provider_token": "12345"}, "PAYMENT_PROVIDER_INVALID"),
        ({"currency": "XYZ"}, "CURRENCY_INVALID"),
        ({"currency": "XTR"}, "STARS_INVOICE_INVALID"),
        ({"prices": []}, "there must be at least one price"),
        ({"prices": "x"}, "can't parse labeled prices JSON object"),
        ({"prices": {}}, "can't parse prices: expected an Array of labeled prices"),
        ({"prices": ["x"]}, "can't parse labeled price: LabeledPrice must be an Object"),
        (
            {"prices": [{"label": "", "amount": 1}]},
            "can't parse labeled price: LabeledPrice label must be non-empty",
        ),
        (
            {"prices": [{"label": "x", "amount": 1.5}]},
            'can\'t parse labeled price: field "amount" must be of type Number or String',
        ),
        ({"prices": [{"label": "x", "amount": 50}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [{"label": "x", "amount": 900_000}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"currency": "JPY", "prices": [{"label": "x", "amount": 149}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"start_parameter": "a b"}, "START_PARAM_INVALID"),
    ],
)
async def test_invoices_that_make_no_sense(telegram: Telegram, changes: dict[str, Any], reason: str) -> None:
    await telegram.started()
    refused = await send_invoice(telegram, **changes)
    assert refused.refusal == (400, f"Bad Request: {reason}")


async def test_payments_survive_a_restart(tmp_path: Path) -> None:
    settings = config(state=tmp_path / "state")
    async with running(settings) as telegram:
        message_id = await billed(telegram)
        query_id = await pay(telegram, message_id)
    async with running(settings) as telegram:
        await answer(telegram, query_id)
        assert (await telegram.get(f"/payments/{query_id}"))["state"] == "paid"
        assert (await telegram.get(f"/chats/{ANN}"))["messages"][-2]["paid"] is True
