"""The type of deposits: what is paid ahead."""

import re
from decimal import Decimal
from typing import Any, Final

from ruamel.yaml.nodes import MappingNode

from worker.business.fields import FieldType, ValueKind
from worker.business.lists import refuse_unknown
from worker.business.money import amount_of, number, price_digits
from worker.business.problems import UnfitError
from worker.business.source import Cursor
from worker.business.values import choice
from worker.business.wording import Wording
from worker.deposit import FULL, Deposit, Payer

PAYER: Final = choice(*(each.value for each in Payer))
AHEAD_MEANS: Final = (
    "what is paid ahead, through Telegram, where `PAYMENT_PROVIDER_TOKEN` is set; left out, nothing"
)
ALL_OF_IT: Final = "full"
SHARE: Final = re.compile(r"(\d{1,3}) ?%", re.ASCII)
AMOUNT: Final = "amount"


def _read(at: Cursor) -> Deposit | None:
    if at.empty:
        return None
    if isinstance(at.node, MappingNode):
        places = at.fields()
        refuse_unknown(places, (AMOUNT,))
        if AMOUNT not in places:
            raise UnfitError(Wording.NOT_A_DEPOSIT, "{}")
        return _of_amount(places[AMOUNT].text(), places[AMOUNT])
    text = at.text()
    if text.casefold() == ALL_OF_IT:
        return Deposit(share=FULL)
    if match := SHARE.fullmatch(text):
        if not 0 < int(match[1]) <= FULL:
            raise UnfitError(Wording.NOT_A_DEPOSIT, text)
        return Deposit(share=int(match[1]))
    return _of_amount(text, at)


def _of_amount(text: str, at: Cursor) -> Deposit:
    amount = amount_of(text, at, Wording.NOT_A_DEPOSIT)
    if not amount:
        raise UnfitError(Wording.NOT_A_DEPOSIT, text)
    return Deposit(amount=amount)


def _write(deposit: Deposit | None) -> Any:  # noqa: ANN401 - a number or a word
    if deposit is None:
        return None
    if deposit.amount is not None:
        return number(deposit.amount)
    return ALL_OF_IT if deposit.share == FULL else f"{deposit.share}%"


def _show(deposit: Deposit | None) -> str:
    if deposit is None or deposit.amount is None:
        return "none" if deposit is None else str(_write(deposit))
    return price_digits(Decimal(deposit.amount))


DEPOSIT: Final[FieldType[Deposit | None]] = FieldType(
    form="amount, `{amount: 10}`, `full`, or a share of the price as `20%`",
    read=_read,
    write=_write,
    show=_show,
    store=lambda deposit: deposit and deposit.stored,
    load=Deposit.of,
    kind=ValueKind.DEPOSIT,
    presets=("10", "20%", ALL_OF_IT),
)
