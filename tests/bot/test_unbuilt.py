import pytest
from pydantic import BaseModel

from bot.unbuilt import building_later, never_rebuilding


def test_a_model_of_the_block_is_built_at_its_first_use() -> None:
    with building_later():

        class Later(BaseModel):
            number: int

    assert not Later.__pydantic_complete__
    assert Later(number=1).number == 1
    assert Later.__pydantic_complete__


def test_nothing_is_rebuilt_in_the_block_and_everything_can_be_after_it() -> None:
    with never_rebuilding():

        class Held(BaseModel):
            number: int

        Held.model_rebuild()
        assert not Held.__pydantic_complete__
    Held.model_rebuild()
    assert Held.__pydantic_complete__


def test_after_a_block_that_failed_pydantic_is_as_it_was() -> None:
    before = dict(vars(BaseModel))
    with pytest.raises(ImportError), never_rebuilding():
        raise ImportError
    assert dict(vars(BaseModel)) == before
