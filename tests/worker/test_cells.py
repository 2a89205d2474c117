"""Buttons that lead nowhere: each says on a tap what it is, on every client."""

import pytest

from shared.buttons import pack
from shared.contracts.booking import ShowServices
from shared.contracts.chat import ExplainCell
from shared.i18n.translator import load_translators
from tests.worker.stage import Stage
from worker.ui.buttons import Page, pager
from worker.ui.cells import Cell, cell, meaning
from worker.ui.view import Button


@pytest.mark.parametrize("what", Cell)
def test_each_cell_has_words_in_every_language(what: Cell) -> None:
    said = {texts.language: meaning(texts, what) for texts in load_translators().all()}
    assert len(set(said.values())) == len(said)
    assert "nothing behind" not in said["en"]
    assert cell("x", what).as_json() == {"text": "x", "callback_data": f"x:{what}"}


@pytest.mark.parametrize(
    ("number", "texts"), [(0, ["1 / 3", "›"]), (1, ["‹", "2 / 3", "›"]), (2, ["‹", "3 / 3"])]
)
async def test_a_pager_turns_where_there_is_a_page_and_says_which_it_is(
    stage: Stage, number: int, texts: list[str]
) -> None:
    row = pager(Page.of(range(3), number, 1), ShowServices())
    assert [button.text for button in row] == texts
    turning = {button.text: button.command.page for button in row if isinstance(button.command, ShowServices)}
    assert turning == {arrow: number + step for arrow, step in (("‹", -1), ("›", 1)) if arrow in texts}
    [cells] = [button.command for button in row if isinstance(button.command, ExplainCell)]
    assert "The page that you see" in str((await stage.tap(cells)).toast)


async def test_a_cell_of_another_release_is_answered(stage: Stage) -> None:
    answer = await stage.tap(ExplainCell(cell="moon"))
    assert answer.toast == "There is nothing behind this button."


def test_a_button_carries_a_command_or_an_address() -> None:
    assert Button("Map", url="https://example.org").as_json()["url"] == "https://example.org"
    assert Button("Book", ShowServices()).as_json()["callback_data"] == pack(ShowServices())
    for wrong in ({}, {"command": ShowServices(), "url": "https://example.org"}):
        with pytest.raises(ValueError, match="either a command or an address"):
            Button("Nothing", **wrong)  # type: ignore[arg-type]
