"""What was decided and cannot be shown yet: kept with the command, so that it is not decided anew."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

from shared.envelope import Decided, Envelope
from shared.retry import backoff_seconds
from shared.telegram.errors import FloodError, TelegramError
from worker.outbox.limiter import HeldBackError
from worker.outbox.permits import Waiter
from worker.ui.reply import Reply
from worker.ui.view import RenderedView, Showable


class ShowLaterError(FloodError):
    """Telegram is not ready for a view: `envelope` carries it, to be shown after `retry_after` seconds."""

    def __init__(self, retry_after: float, envelope: Envelope) -> None:
        super().__init__(retry_after)
        self.envelope = envelope


def put_off(envelope: Envelope, reply: Reply, error: TelegramError, waiter: Waiter) -> ShowLaterError:
    """Keep a reply whose view Telegram was not ready for. Raises `error` for a reply without a view."""
    if reply.view is None:
        raise error
    tries = envelope.decided.tries + 1 if envelope.decided else 1
    decided = Decided(
        view=_written(reply.view),
        card=reply.card,
        asks=reply.asks,
        tries=tries,
        has_turn=isinstance(error, HeldBackError) and error.has_turn,
        is_new=waiter.is_new,
    )
    pause = error.retry_after if isinstance(error, FloodError) else backoff_seconds(tries)
    return ShowLaterError(pause, envelope.model_copy(update={"decided": decided}))


def waiter_of(envelope: Envelope, *, is_new: bool = False) -> Waiter:
    """Say for whom leave to show is asked: since when they wait, and whether their turn has come."""
    decided = envelope.decided
    return Waiter(
        since=envelope.received_at.timestamp(),
        is_new=decided.is_new if decided else is_new,
        keeps_turn=True,
        has_turn=decided is not None and decided.has_turn,
    )


def reply_of(decided: Decided) -> Reply:
    """Return what is left of the reply: its view."""
    view = _views().validate_json(to_json(decided.view))
    return Reply(view, card=decided.card, asks=decided.asks)


def _written(view: Showable) -> dict[str, Any]:
    written: dict[str, Any] = _views().dump_python(view.rendered(), mode="json")
    return written


@cache
def _views() -> TypeAdapter[RenderedView]:
    return TypeAdapter(RenderedView)
