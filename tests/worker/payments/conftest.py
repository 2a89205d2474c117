"""A stage on which a cut asks for ten euros ahead, and money can be taken."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from tests.worker.payments.paying import TOKEN
from tests.worker.shop import Shop
from tests.worker.stage import Stage, on_stage


async def set_deposit(shop: Shop, deposit: str | None, payer: str = "all", *, keep: bool = False) -> None:
    """Say what a cut asks for ahead."""
    changing = text(
        "UPDATE service SET deposit = :deposit, deposit_for = :payer, keep_deposit = :keep"
        " WHERE business_id = :business AND name = 'Cut'"
    )
    values = {"deposit": deposit, "payer": payer, "keep": keep, "business": shop.business_id}
    async with shop.sessions.begin() as session:
        await session.execute(changing, values)


@pytest.fixture
async def paying(shop: Shop) -> AsyncIterator[Stage]:
    await set_deposit(shop, "10")
    async with on_stage(shop, payment_provider_token=TOKEN) as stage:
        yield stage
    await set_deposit(shop, None)
