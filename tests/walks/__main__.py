"""`python -m tests.walks`: people do anything at all, and everything that is found is told.

A walk is drawn from its seed: `--seed 7 --until 130` goes the same way once more, and stops where one wants
to look. People who act at the same moment may be served in another order then.
"""

import argparse
import asyncio
import shutil
import sys
from time import perf_counter

from sandbox.postgres import PostgresCluster
from tests.conftest import TEMPLATE
from tests.kit.engines import engine_to
from tests.running import make_data_directory, migrate
from tests.walks.founding import A_SHOP, found_shop
from tests.walks.walking import walk_through


def main() -> int:
    """Walk; exit code 1 where something is found."""
    options = _options()
    data = make_data_directory()
    try:
        found = asyncio.run(_walks(PostgresCluster(data, fsync=False), options))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return 1 if found else 0


async def _walks(cluster: PostgresCluster, options: argparse.Namespace) -> int:
    await cluster.start()
    try:
        migrate(await cluster.create_database(TEMPLATE))
        if options.founders:
            return await _foundings(cluster, options)
        return sum([await _walk(cluster, seed, options) for seed in _seeds(options)])
    finally:
        await cluster.kill()


async def _foundings(cluster: PostgresCluster, options: argparse.Namespace) -> int:
    """Let one founder after the other begin at an empty database, for so many steps in all."""
    found, left, seed = 0, options.steps, options.seed
    while left > 0:
        url = await cluster.create_database(f"founded_{seed}", template=TEMPLATE)
        other = await cluster.create_database(f"export_{seed}", template=TEMPLATE)
        begun = perf_counter()
        async with engine_to(other) as empty:
            each = await found_shop(url, empty, seed=seed, steps=min(left, A_SHOP))
        for line in (*(each.steps if options.tell or each.findings else ()), *each.findings):
            _write(line)
        shop = "a shop" if each.opened else "no shop"
        told = f"{len(each.kinds)} kinds, {len(each.findings)} found, {perf_counter() - begun:.0f} s."
        _write(f"Founder {seed}: {len(each.steps)} steps, {shop}, {told}")
        found, left, seed = found + len(each.findings), left - A_SHOP, seed + 1
    return found


def _seeds(options: argparse.Namespace) -> range:
    return range(options.seed, options.seed + options.walks)


async def _walk(cluster: PostgresCluster, seed: int, options: argparse.Namespace) -> int:
    begun = perf_counter()
    url = await cluster.create_database(f"walk_{seed}", template=TEMPLATE)
    other = await cluster.create_database(f"export_{seed}", template=TEMPLATE)
    steps = options.until or options.steps
    tell = _write if options.until or options.tell else _write_findings
    async with engine_to(other) as empty:
        walk, found = await walk_through(url, empty, seed=seed, steps=steps, tell=tell)
    _write(
        f"Seed {seed}: {len(walk.steps)} steps, {sum(walk.phones.kinds.values())} commands of "
        f"{len(walk.phones.kinds)} kinds, {len(found)} found, {perf_counter() - begun:.0f} s."
    )
    return len(found)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _write_findings(line: str) -> None:
    if line.startswith(("FOUND", "What")):
        _write(line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("--steps", type=int, default=2000, help="of each walk")
    parser.add_argument("--seed", type=int, default=1, help="of the first walk")
    parser.add_argument("--walks", type=int, default=1, help="how many, each with the next seed")
    parser.add_argument("--until", type=int, help="stop behind this step, and write each one down")
    parser.add_argument("--founders", action="store_true", help="people who set up a shop and change it")
    parser.add_argument("--tell", action="store_true", help="write each step down")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
