"""What the docs name is there: linked files and headings, make targets, modules, paths."""

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.operations.page import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PICTURE = re.compile(r'<img src="([^"]+)" alt="([^"]*)"')
PICTURES = ROOT / "docs" / "pictures"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?<![\w-])make ([a-z][a-z-]+)(?![\w/.])")
MODULE = re.compile(r"python3? -m ((?:bot|worker|sandbox|tests|shared|compose)[\w.]*)")
FILE = re.compile(
    r"`((?:bot|worker|shared|sandbox|tests|docs|compose|requirements|\.github)/[\w./-]+|Dockerfile\.\w+)`"
)
OPTIONS = {"help"}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """Return a page's headings as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(page: Path) -> Iterator[str]:
    """Return what stands in code: blocks and `inline`."""
    yield from CODE.findall(read(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(read(page)):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{link} leads nowhere"
        assert linked.is_relative_to(ROOT), f"{link} leads out of the project"
        if anchor and linked.suffix == ".md":
            assert anchor in anchors(linked), f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pictures_are_there_and_said_in_words(page: Path) -> None:
    assert read(page).count("<img ") == len(PICTURE.findall(read(page)))
    for picture, words in PICTURE.findall(read(page)):
        assert (page.parent / picture).exists(), f"there is no {picture}"
        assert words, f"{picture} is nothing to whoever cannot see it"


def test_every_picture_is_on_a_page_and_made_by_a_program() -> None:
    """Those for the pages of people; each is named where it is taken."""
    taken = "".join(read(path) for path in (ROOT / "tests").rglob("*.py"))
    shown = {
        (page.parent / picture).resolve() for page in PAGES for picture, _ in PICTURE.findall(read(page))
    }
    for picture in PICTURES.glob("*.webp"):
        assert picture in shown, f"{picture.name} is on no page"
        assert f'"{picture.stem}"' in taken, f"nothing takes {picture.name} anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    for code in commands(page):
        for target in MAKE.findall(code):
            assert target in targets(), f"make {target}"
        for module in MODULE.findall(code):
            found = importlib.util.find_spec(module)
            assert found is not None, f"python -m {module}"
            runnable = found.submodule_search_locations is None or importlib.util.find_spec(
                f"{module}.__main__"
            )
            assert runnable, f"python -m {module}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    for name in FILE.findall(read(page)):
        assert (ROOT / name).exists(), name


def test_every_page_can_be_found_from_the_readme() -> None:
    found, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in found or page.suffix != ".md" or not page.exists():
            continue
        found.add(page)
        links = [link.partition("#")[0] for link in LINK.findall(read(page)) if "://" not in link]
        waiting.extend((page.parent / link).resolve() for link in links if link)
    lost = {page for page in PAGES if page not in found and page.parent.name != "decisions"}
    assert lost == set()


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in PAGES if page.parent.name == "decisions"]
    assert numbers == list(range(1, len(numbers) + 1))


def test_pre_commit_calls_what_ci_calls() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    for target in re.findall(r"entry: make --no-print-directory ([\w-]+)", hooks):
        assert target in targets()
