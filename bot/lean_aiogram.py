"""aiogram's routers and types, imported without what they cost as they come.

At its end `aiogram.types` rebuilds some 400 pydantic models, one by one: two seconds of CPU and 100 MiB for
models a front end never makes. Here that is held back and only Update is rebuilt, which contains all that is
parsed. Everything in `bot` imports aiogram from here. Figures: docs/decisions/0002-who-imports-aiogram.md.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import BaseModel


@contextmanager
def nothing_built() -> Iterator[None]:
    """Have no pydantic model built in this block, even where a library asks for it."""
    unbuilding = {
        "model_config": {**BaseModel.model_config, "defer_build": True},
        "model_rebuild": classmethod(lambda _model, **_: None),
    }
    # As it stands there: getattr would bind a method to BaseModel.
    own = {name: vars(BaseModel)[name] for name in unbuilding}
    _set(unbuilding)
    try:
        yield
    finally:
        _set(own)


def _set(attributes: Mapping[str, object]) -> None:
    for name, value in attributes.items():
        setattr(BaseModel, name, value)


with nothing_built():
    from aiogram import Router, types
    from aiogram.types import (
        CallbackQuery,
        ChatMemberUpdated,
        InlineQuery,
        Message,
        PreCheckoutQuery,
        SuccessfulPayment,
        Update,
    )

Update.model_rebuild(_types_namespace=vars(types))

__all__ = [
    "CallbackQuery",
    "ChatMemberUpdated",
    "InlineQuery",
    "Message",
    "PreCheckoutQuery",
    "Router",
    "SuccessfulPayment",
    "Update",
]
