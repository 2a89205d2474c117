"""How the business file says what is paid ahead, and what the editor says where no money can be taken."""

import pytest

from shared.contracts.editing import AskField
from tests.worker.payments.paying import TOKEN
from tests.worker.shop import OWNER, Shop
from tests.worker.stage import Stage, on_stage
from worker.business.export import write_document
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document

FILE = """
business: {name: Shop, timezone: Europe/Berlin, currency: EUR}
services:
  - {name: Cut, duration: 30m, price: 35, DEPOSIT}
"""


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("deposit: 10", "deposit: 10"),
        ("deposit: {amount: 12.5}", "deposit: 12.5"),
        ("deposit: Full", "deposit: full"),
        ("deposit: 100%", "deposit: full"),
        ("deposit: 20 %, deposit_for: new, keep_deposit: yes", "deposit: 20%"),
    ],
)
def test_a_deposit_is_read_and_written_again(said: str, written: str) -> None:
    document = read_document(FILE.replace("DEPOSIT", said).encode(), "x")
    text = write_document(document)
    assert written in text
    assert read_document(text.encode(), "x") == document


@pytest.mark.parametrize(
    "said", ["deposit: 0", "deposit: half", "deposit: 101%", "deposit: -1", "deposit: {sum: 1}",
             "deposit: {}", "deposit: 1.234", "deposit: 10, deposit_for: old"],
)  # fmt: skip
def test_what_is_no_deposit_is_refused(said: str) -> None:
    with pytest.raises(RefusedFileError):
        read_document(FILE.replace("DEPOSIT", said).encode(), "x")


async def test_the_editor_says_that_deposits_are_off(shop: Shop) -> None:
    for token, off in ((None, True), (TOKEN, False)):
        async with on_stage(shop, payment_provider_token=token) as stage:
            await stage.meet(OWNER)
            asked = AskField(section="services", number=shop.services["Cut"], field="deposit")
            await stage.tap(asked, OWNER)
            assert ("Deposits are off" in newest(stage)) is off


def newest(stage: Stage) -> str:
    return stage.texts(OWNER)[-1]
