"""Questions whether somebody may pay, and what was paid: both get through, whatever else its person does."""

from bot.ingest import NEVER_THROTTLED_KINDS, Outcome
from shared.contracts.payments import CheckPayment, NotePayment
from tests.bot import updates
from tests.bot.kit import Kit
from tests.bot.updates import ANN, changed


async def test_a_question_whether_somebody_may_pay_is_queued_with_where_to_answer() -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.checkout()) is Outcome.QUEUED
    assert kit.command == CheckPayment(currency="EUR", amount=1000, payload="p1")
    assert (kit.envelope.reply_to.checkout_id, kit.envelope.reply_to.chat_id) == ("checkout1", ANN)
    assert kit.envelope.reply_to.callback_id is None


async def test_what_was_paid_is_queued_with_both_numbers() -> None:
    kit = Kit()
    assert await kit.ingest.accept(updates.paid()) is Outcome.QUEUED
    assert kit.command == NotePayment(
        currency="EUR", amount=1000, payload="p1", charge_id="tg", provider_charge_id="pr"
    )


async def test_money_is_never_throttled() -> None:
    kit = Kit(burst=1)
    outcomes = [await kit.ingest.accept(updates.checkout(number)) for number in range(50)]
    outcomes += [await kit.ingest.accept(updates.paid(100 + number)) for number in range(50)]
    assert set(outcomes) == {Outcome.QUEUED}
    assert {CheckPayment.kind, NotePayment.kind} <= NEVER_THROTTLED_KINDS


async def test_a_payment_between_the_parts_of_a_long_text_is_none_of_them() -> None:
    kit = Kit()
    await kit.ingest.accept(updates.message("x" * 4096, 1))
    assert await kit.ingest.accept(updates.paid(2)) is Outcome.QUEUED


async def test_payments_that_make_no_sense_are_invalid_and_take_nothing_along() -> None:
    kit = Kit()
    for update in (
        changed("pre_checkout_query.total_amount", "much", updates.checkout()),
        changed("pre_checkout_query.invoice_payload", None, updates.checkout()),
        changed("message.successful_payment", [], updates.paid()),
        changed("message.successful_payment.telegram_payment_charge_id", None, updates.paid()),
    ):
        assert await kit.ingest.accept(update) is Outcome.INVALID
    assert await kit.ingest.accept(updates.checkout(9, invoice_payload="p" * 10_000)) is Outcome.QUEUED
    assert kit.memory.envelopes[-1].command == CheckPayment(currency="EUR", amount=1000, payload="p" * 128)


async def test_a_payment_in_a_group_is_nobodys() -> None:
    kit = Kit()
    update = updates.paid()
    update["message"]["chat"] = updates.chat(-100, "group")
    assert await kit.ingest.accept(update) is Outcome.DROPPED
