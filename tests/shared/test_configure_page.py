"""docs/configure.md against the code and the compose files."""

import re

from shared.bot_settings import BotSettings
from shared.settings import CommonSettings, WorkerSettings
from tests.compose.files import HOST, OBSERVABILITY, SHARED, SINGLE, variables
from tests.pages import SETTINGS, default

PAGE = SETTINGS.read_text()
ROW = re.compile(
    r"^\| `(?P<name>[A-Z_]+)` \| (?P<default>[^|]+) \| (?P<meaning>[^|]+) \| (?P<example>[^|]*)\|$",
    re.MULTILINE,
)
OF_COMPOSE_ITSELF = {"COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "COMPOSE_FILE"}


def rows(title: str) -> dict[str, tuple[str, str, str]]:
    section = PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ")[0]
    found = [row.groupdict() for row in ROW.finditer(section)]
    assert len(found) == len({row["name"] for row in found})
    return {row["name"]: (row["default"], row["meaning"], row["example"].strip()) for row in found}


def test_every_setting_is_there_with_its_meaning_default_and_an_example() -> None:
    common = CommonSettings.model_fields.keys()
    for title, kind, skipped in (
        ("Bot and worker", CommonSettings, set()),
        ("Bot", BotSettings, common),
        ("Worker", WorkerSettings, common),
    ):
        found = rows(title)
        fields = {name: field for name, field in kind.model_fields.items() if name not in skipped}
        assert found.keys() == {name.upper() for name in fields}
        for name, field in fields.items():
            value = default(field)
            wanted = f"`{value}`" if value else "required" if field.is_required() else "empty"
            assert found[name.upper()][:2] == (wanted, field.description)
            assert found[name.upper()][2]


def test_every_variable_of_compose_is_there_with_its_default() -> None:
    settings = {name.upper() for kind in (BotSettings, WorkerSettings) for name in kind.model_fields}
    read = {**variables(SHARED), **variables(HOST), **variables(OBSERVABILITY), **variables(SINGLE)}
    wanted = {name: value for name, value in read.items() if name not in settings}
    found = rows("Compose")
    assert found.keys() == wanted.keys() | OF_COMPOSE_ITSELF
    for name, value in wanted.items():
        assert found[name][0] == (f"`{value}`" if value else "empty")
