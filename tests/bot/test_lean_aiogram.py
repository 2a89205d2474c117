import json
import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from bot.lean_aiogram import Update, nothing_built
from tests.bot import updates

COUNT = """
import json, sys
from bot.lean_aiogram import Update, types
import bot.main
models = {getattr(types, name) for name in types.__all__ if hasattr(getattr(types, name), "model_rebuild")}
print(json.dumps({
    "models": len(models),
    "built": sum(model.__pydantic_complete__ for model in models),
    "update": Update.__pydantic_complete__,
    "database": sorted({"sqlalchemy", "asyncpg", "worker"} & sys.modules.keys()),
}))
"""


def count() -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_whole_front_end_builds_update_and_almost_nothing_else() -> None:
    counted = count()
    assert counted["update"]
    assert counted["models"] > 400
    assert counted["built"] < 60
    assert counted["database"] == []


@pytest.mark.parametrize(
    "update",
    [
        updates.message("/start"),
        updates.message(None, photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]),
        updates.tap("h"),
        updates.tap("h", message={"message_id": 3, "date": 0, "chat": updates.chat()}),
        updates.tap(None, inline_message_id="i", game_short_name="g", message=None),
        *(updates.member(status) for status in ("member", "kicked", "left")),
    ],
)
def test_every_type_that_is_read_validates(update: updates.Json) -> None:
    parsed = Update.model_validate(update)
    assert parsed.update_id == 1
    assert (parsed.message or parsed.callback_query or parsed.my_chat_member) is not None


def test_nothing_is_built_in_the_block_and_everything_can_be_after_it() -> None:
    with nothing_built():

        class Held(BaseModel):
            number: int

        Held.model_rebuild()
        assert not Held.__pydantic_complete__
    assert Held(number=1).number == 1
    assert Held.__pydantic_complete__


def test_after_a_block_that_failed_pydantic_is_as_it_was() -> None:
    before = dict(vars(BaseModel))
    with pytest.raises(ImportError), nothing_built():
        raise ImportError
    assert dict(vars(BaseModel)) == before
