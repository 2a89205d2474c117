"""Invoices that a bot sends, and its answers to whoever is about to pay one."""

import re
from typing import Any

from sandbox.emulator import keyboards, paying
from sandbox.emulator.errors import bad_request
from sandbox.emulator.methods.call import Call
from sandbox.emulator.methods.callbacks import TOO_OLD
from sandbox.emulator.methods.sending import send
from sandbox.emulator.params import INTEGER
from sandbox.emulator.world import WAITING, Json
from shared.telegram.currencies import DIGITS

MAX_TITLE, MAX_DESCRIPTION, MAX_PAYLOAD_BYTES = 32, 255, 128
STARS, MAX_STARS = "XTR", 100_000
TOKEN = re.compile(r"\d+:(TEST|LIVE):[\w:-]+")
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{0,64}")
DOLLARS = (1, 10_000)
"""An invoice is over about so much, and no more than that."""
RATES = {"EUR": 0.87, "GBP": 0.75, "CHF": 0.99, "UAH": 41, "PLN": 3.7, "JPY": 150, "KZT": 510, "BRL": 5.4}
"""About how much of it a dollar is: Telegram's own bounds change with the rates. Of others there are none."""
NO_LIMIT = (1, 10**12)


async def send_invoice(call: Call) -> Json:
    """Send an invoice: a message with a button to pay it."""
    words = {name: _required(call, name) for name in ("title", "description", "payload", "currency")}
    _check_lengths(words)
    prices, currency = _prices(call), words["currency"]
    _check_provider(call, currency, prices)
    total = sum(each["amount"] for each in prices)
    if not _is_within_bounds(total, currency):
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    parameter = call.params.text("start_parameter")
    if not START_PARAMETER.fullmatch(parameter):
        raise bad_request("START_PARAM_INVALID")
    invoice = {
        "title": words["title"],
        "description": words["description"],
        "start_parameter": parameter,
        "currency": currency,
        "total_amount": total,
    }
    usual = keyboards.to_pay(total, currency)
    return send(call, {"invoice": invoice}, {"payload": words["payload"], "prices": prices}, usual)


async def answer_pre_checkout_query(call: Call) -> bool:
    """Let a payment go on, or say why it cannot."""
    query_id = call.params.text("pre_checkout_query_id")
    checkout = call.emulator.world.checkouts.get(query_id)
    if checkout is None or checkout.bot_id != call.bot.id:
        raise bad_request(TOO_OLD)
    checkout.answers += 1
    call.emulator.world.touch("checkout", checkout.id)
    if checkout.state_now() != WAITING:
        raise bad_request(TOO_OLD)
    ok, reason = call.params.flag("ok"), call.params.text("error_message")
    if not ok and not reason:
        raise bad_request('parameter "error_message" is required')
    paying.settle(call.emulator, call.bot, checkout, None if ok else reason)
    return True


def _required(call: Call, name: str) -> str:
    text = call.params.text(name)
    if not text:
        raise bad_request(f'parameter "{name}" is required')
    return text


def _check_lengths(words: Json) -> None:
    if len(words["payload"].encode()) > MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    for name, most in (("title", MAX_TITLE), ("description", MAX_DESCRIPTION)):
        if len(words[name]) > most:
            raise bad_request(f"INVOICE_{name.upper()}_INVALID")


def _check_provider(call: Call, currency: str, prices: list[Json]) -> None:
    token = call.params.text("provider_token")
    if currency == STARS:
        if token or len(prices) != 1:
            raise bad_request("STARS_INVOICE_INVALID")
        return
    if not TOKEN.fullmatch(token):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if currency not in DIGITS:
        raise bad_request("CURRENCY_INVALID")


def _prices(call: Call) -> list[Json]:
    given = call.params.nested("prices", "labeled prices")
    if not isinstance(given, list):
        raise bad_request("can't parse prices: expected an Array of labeled prices")
    if not given:
        raise bad_request("there must be at least one price")
    return [_price(each) for each in given]


def _price(given: Any) -> Json:  # noqa: ANN401 - any JSON
    if not isinstance(given, dict):
        raise bad_request("can't parse labeled price: LabeledPrice must be an Object")
    label, amount = given.get("label"), given.get("amount")
    if not isinstance(label, str) or not label:
        raise bad_request("can't parse labeled price: LabeledPrice label must be non-empty")
    if isinstance(amount, bool) or not INTEGER.fullmatch(str(amount)):
        raise bad_request('can\'t parse labeled price: field "amount" must be of type Number or String')
    return {"label": label, "amount": int(str(amount))}


def _is_within_bounds(total: int, currency: str) -> bool:
    least, most = NO_LIMIT
    if currency == STARS:
        most = MAX_STARS
    elif currency in RATES or currency == "USD":
        unit = RATES.get(currency, 1) * 10 ** DIGITS[currency]
        least, most = (int(dollars * unit) for dollars in DOLLARS)
    return least <= total <= most
