from itertools import pairwise

from pydantic_settings import BaseSettings

from shared.bot_settings import BotSettings
from shared.settings import WorkerSettings
from tests.pages import EXAMPLE, MADE, default, example


def expected(*kinds: type[BaseSettings]) -> dict[str, tuple[str, str]]:
    """Each setting's comment and default, by name."""
    return {
        name.upper(): (f"# {field.description}", default(field))
        for kind in kinds
        for name, field in kind.model_fields.items()
    }


def test_the_example_names_every_setting_once_with_its_meaning_and_default() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line]
    found = {}
    for comment, line in pairwise(lines):
        if not line.startswith("#"):
            name, _, value = line.partition("=")
            assert name not in found
            found[name] = (comment, value)
    assert found == expected(BotSettings, WorkerSettings)


def test_the_example_says_that_files_may_hold_values() -> None:
    assert EXAMPLE.read_text().count("NAME_FILE") == 1


def test_what_people_read_is_as_make_pages_writes_it() -> None:
    assert EXAMPLE.read_text() == example(), "run `make pages`"
    for path, make in MADE.items():
        assert path.read_text() == make(path.read_text()), "run `make pages`"
