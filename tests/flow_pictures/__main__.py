"""Takes a picture of each way through the chat for the pages for customers, specialists and owners.

`python -m tests.flow_pictures [FOLDER] [--only PART ...]` or `make pictures`, in a sandbox of its own where
it is noon: what is about today, or comes at no hour of the night, looks the same whenever they are taken.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from playwright.async_api import Browser

from sandbox.system import Sandbox
from tests.browser import chromium
from tests.chaos.business import where_it_is_noon
from tests.client import ClientApi
from tests.e2e import walk
from tests.flow_pictures import customers, owners, specialists
from tests.flow_pictures.business import BUSINESS
from tests.flow_pictures.cast import Cast
from tests.phone_pictures import FOLDER, Scene, affordable, photograph, read
from tests.pictures import sandbox

type Part = Callable[[Cast], AsyncIterator[Scene]]
PARTS: Mapping[str, Part] = {
    part.__name__: part for module in (customers, specialists, owners) for part in module.PARTS
}


@asynccontextmanager
async def playing(running: Sandbox, api: ClientApi, zone: str) -> AsyncIterator[Cast]:
    """Bring everybody together."""
    database = await asyncpg.connect(running.addresses.database_url.replace("+asyncpg", ""), ssl=False)
    try:
        yield Cast(api, database, datetime.now(ZoneInfo(zone)).date())
    finally:
        await database.close()


async def take(
    browser: Browser, cast: Cast, address: str, zone: str, folder: Path, parts: Iterable[Part]
) -> None:
    """Have everybody do what they do, and take each picture when it is there."""
    for staff in (await cast.alice(), await cast.dora(), await cast.olivia()):
        await walk.open_menu(staff)
    for part in parts:
        async for scene in part(cast):
            await read(cast.api, scene.person)
            await photograph(browser, address, scene, folder, zone)


async def main(folder: Path, parts: Iterable[Part]) -> None:
    """Take those of these parts."""
    zone = where_it_is_noon()
    with tempfile.TemporaryDirectory() as directory:
        business = Path(directory) / "business.yaml"
        business.write_text(BUSINESS.format(zone=zone), encoding="utf-8")
        async with (
            sandbox(business) as running,
            ClientApi(running.addresses.client_api) as api,
            playing(running, api, zone) as cast,
            chromium() as browser,
        ):
            await take(browser, cast, running.addresses.telegram_api, zone, folder, parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.flow_pictures", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen.folder, [PARTS[name] for name in chosen.only]))
    affordable(chosen.folder)
