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
    ("number", "words"),
    [
        (0, ["This is the first page.", "The page that you see", None]),
        (1, [None, "The page that you see", None]),
        (2, [None, "The page that you see", "This is the last page."]),
    ],
)
async def test_a_pager_turns_or_says_why_it_does_not(
    stage: Stage, number: int, words: list[str | None]
) -> None:
    row = pager(Page.of(range(3), number, 1), ShowServices())
    assert [button.text for button in row] == ["‹", f"{number + 1} / 3", "›"]
    for button, expected in zip(row, words, strict=True):
        if expected is None:
            assert isinstance(button.command, ShowServices)
        else:
            assert isinstance(button.command, ExplainCell)
            answer = await stage.tap(button.command)
            assert expected in str(answer.toast)
            assert answer.text == "screen"


async def test_a_cell_of_another_release_is_answered(stage: Stage) -> None:
    answer = await stage.tap(ExplainCell(cell="moon"))
    assert answer.toast == "There is nothing behind this button."


def test_a_button_carries_a_command_or_an_address() -> None:
    assert Button("Map", url="https://example.org").as_json()["url"] == "https://example.org"
    assert Button("Book", ShowServices()).as_json()["callback_data"] == pack(ShowServices())
    for wrong in ({}, {"command": ShowServices(), "url": "https://example.org"}):
        with pytest.raises(ValueError, match="either a command or an address"):
            Button("Nothing", **wrong)  # type: ignore[arg-type]
