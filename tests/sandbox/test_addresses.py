import re

from sandbox.addresses import (
    DECIDED,
    SETTINGS,
    Addresses,
    base_environment,
    bot_environment,
    settings_of,
    worker_environment,
)
from tests.running import ROOT

ADDRESSES = Addresses(1, 2, (3,), "postgresql+asyncpg://x", "redis://x")


def test_what_the_sandbox_gives_is_what_it_decides() -> None:
    bot = bot_environment(ADDRESSES, "token", "webhook", "secret")
    worker = worker_environment(ADDRESSES, "token", 3)
    assert (bot.keys() | worker.keys()) - base_environment().keys() == DECIDED


def test_every_other_setting_of_the_shell_is_handed_on() -> None:
    shell = dict.fromkeys(SETTINGS, "x") | {f"{name}_FILE": "x" for name in SETTINGS}
    handed_on = SETTINGS - DECIDED
    assert settings_of({**shell, "PATH": "/bin", "PATH_FILE": "x"}).keys() == handed_on | {
        f"{name}_FILE" for name in handed_on
    }
    assert settings_of({}) == {}


def test_the_page_lists_what_the_sandbox_decides() -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text()
    listed = page.split("Not these, which the sandbox decides: ")[1].split(". ")[0]
    assert set(re.findall(r"`([A-Z_]+)`", listed)) == DECIDED
