"""Where people find every setting: `.env.example` and the tables of docs/configure.md, made from the fields.

`python -m tests.settings` brings both up to date.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shared.settings import BotSettings, CommonSettings, WorkerSettings

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
PAGE = ROOT / "docs/configure.md"
HEAD = """\
# Copy to .env and fill in BOT_TOKEN; everything else has a default that works.
# Compose, and bot, worker and tools started in this directory read it; the environment's own variables win.
# Each setting may also come from a file: NAME_FILE=/run/secrets/name instead of NAME=value.
"""
COLUMNS = "| Setting | Default | Meaning | Example |\n|---|---|---|---|\n"


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
    fields = [each for table in tables().values() for each in table.items()]
    fields.sort(key=lambda each: not each[1].is_required())
    return HEAD + "".join(
        f"\n# {field.description}\n{name.upper()}={default(field)}\n" for name, field in fields
    )


def page(written: str) -> str:
    """Return the page with its tables made anew; all else stays as it is written."""
    for title, fields in tables().items():
        rows = COLUMNS + "".join(_rows(fields))
        old = re.compile(rf"(^## {title}\n\n)(?:\|.*\n)+", re.MULTILINE)
        written = old.sub(lambda found, rows=rows: found[1] + rows, written)  # type: ignore[misc]
    return written


def _rows(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    for name, field in fields.items():
        value = default(field)
        shown = f"`{value}`" if value else "required" if field.is_required() else "empty"
        if not field.examples:
            raise ValueError(f'{name} has no example: Field(…, examples=["…"])')
        yield f"| `{name.upper()}` | {shown} | {field.description} | `{field.examples[0]}` |\n"


def main() -> int:
    """Write both."""
    EXAMPLE.write_text(example())
    PAGE.write_text(page(PAGE.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
