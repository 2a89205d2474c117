"""Imports whose pydantic models are built when they are used, and not before."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import BaseModel


@contextmanager
def building_later() -> Iterator[None]:
    """Have each model of this block's imports built at its first use, or where its library asks for it."""
    with _every_model_having("model_config", {**BaseModel.model_config, "defer_build": True}):
        yield


@contextmanager
def never_rebuilding() -> Iterator[None]:
    """Have nothing built in this block, even where a library asks for it."""
    held_back = classmethod(lambda _model, **_: None)
    with building_later(), _every_model_having("model_rebuild", held_back):
        yield


@contextmanager
def _every_model_having(name: str, value: object) -> Iterator[None]:
    own = vars(BaseModel)[name]  # as it stands there: getattr would bind a method to BaseModel
    setattr(BaseModel, name, value)
    try:
        yield
    finally:
        setattr(BaseModel, name, own)
