"""What people read of settings, of the business file's fields and of scheduling rules, made from the code.

`python -m tests.pages` brings `.env.example` and the tables in docs/ up to date.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.bot_settings import BotSettings
from shared.settings import CommonSettings, WorkerSettings
from tests.worker.business.documents import fields
from worker.business.fields import FieldSpec
from worker.scheduling.rules import RULES

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
SETTINGS, FIELDS, REASONS = (ROOT / "docs" / f"{name}.md" for name in ("configure", "business-file", "slots"))
HEAD = """\
# Copy to .env and fill in BOT_TOKEN; everything else has a default that works.
# Compose, and bot, worker and tools started in this directory read it; the environment's own variables win.
# Each setting may also come from a file: NAME_FILE=/run/secrets/name instead of NAME=value.
"""


def tables() -> Mapping[str, Mapping[str, FieldInfo]]:
    """Return the fields by name, under the heading of the page beneath which they stand."""
    common = CommonSettings.model_fields
    own: Mapping[str, type[CommonSettings]] = {"Bot": BotSettings, "Worker": WorkerSettings}
    return {
        "Bot and worker": common,
        **{
            title: {name: field for name, field in kind.model_fields.items() if name not in common}
            for title, kind in own.items()
        },
    }


def default(field: FieldInfo) -> str:
    """Return a default as people write it; nothing for what has none, or is empty."""
    value = field.get_default()
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, frozenset):
        return ",".join(sorted(map(str, value)))
    return "" if value in {None, PydanticUndefined} else str(value)


def example() -> str:
    """Return the whole of .env.example: first what has to be filled in."""
    found = [each for table in tables().values() for each in table.items()]
    found.sort(key=lambda each: not each[1].is_required())
    return HEAD + "".join(
        f"\n# {field.description}\n{name.upper()}={default(field)}\n" for name, field in found
    )


def settings_page(written: str) -> str:
    """Return the page of settings with its tables made anew; all else stays as it is written."""
    for title, table in tables().items():
        written = _with_table(written, f"\n## {title}\n", _rows(table))
    return written


def fields_page(written: str) -> str:
    """Return the page of the business file with its table of fields made anew."""
    return _with_table(written, "\n## Fields\n", (documented(path, spec) for path, _, _, spec in fields()))


def reasons_page(written: str) -> str:
    """Return the page of slots with its table of reasons made anew."""
    return _with_table(written, "| Reason |", (f"| `{rule.reason}` | {rule.means} |" for rule in RULES))


def documented(path: str, spec: FieldSpec) -> str:
    """Return the row of a field of the business file."""
    default = "required" if spec.required else spec.type.shown(spec.default)
    return f"| `{path}` | {spec.type.form} | {spec.meaning} | {default} |"


def _with_table(page: str, start: str, rows: Iterable[str]) -> str:
    """Put rows in place of those of the first table behind where the page says `start`."""
    head = page.index("\n", page.index("|---", page.index(start))) + 1
    rest = re.sub(r"\A(?:\|.*\n)+", "", page[head:])
    return page[:head] + "".join(f"{row}\n" for row in rows) + rest


def _rows(table: Mapping[str, FieldInfo]) -> Iterator[str]:
    for name, field in table.items():
        value = default(field)
        shown = f"`{value}`" if value else "required" if field.is_required() else "empty"
        if not field.examples or not field.description:
            raise ValueError(
                f'{name} has no meaning or no example: Field(…, description="…", examples=["…"])'
            )
        yield f"| `{name.upper()}` | {shown} | {field.description} | `{field.examples[0]}` |"


def main() -> int:
    """Write both."""
    EXAMPLE.write_text(example())
    for path, make in MADE.items():
        path.write_text(make(path.read_text()))
    return 0


MADE: Mapping[Path, Callable[[str], str]] = {
    SETTINGS: settings_page,
    FIELDS: fields_page,
    REASONS: reasons_page,
}
"""The pages in docs/, and what makes each anew from what it is."""


if __name__ == "__main__":
    sys.exit(main())
