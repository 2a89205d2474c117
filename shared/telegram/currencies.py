"""The currencies in which Telegram takes payments, and how it counts them.

From https://core.telegram.org/bots/payments/currencies.json: `exp` is how many digits stand past the point.
"""

from typing import Final

_TWO_DIGITS: Final = (
    "AED AFN ALL AMD ARS AUD AZN BAM BDT BGN BND BOB BRL BYN CAD CHF CNY COP CRC CZK DKK DOP DZD EGP ETB EUR"
    " GBP GEL GTQ HKD HNL HRK HUF IDR ILS INR JMD KES KGS KZT LBP LKR MAD MDL MNT MUR MVR MXN MYR MZN NGN NIO"
    " NOK NPR NZD PAB PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TJS TRY TTD TWD TZS UAH USD UYU UZS YER"
    " ZAR"
)
_WHOLE: Final = "CLP ISK JPY KRW PYG UGX VND"

DIGITS: Final = dict.fromkeys(_TWO_DIGITS.split(), 2) | dict.fromkeys(_WHOLE.split(), 0)
"""By currency how many digits of it are counted: Telegram names amounts in its smallest unit."""
