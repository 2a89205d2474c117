"""Every sentence that can refuse something does refuse something, in everybody's language."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from shared.i18n.marking import Marked
from shared.i18n.translator import load_translators
from worker.business.document import SECTIONS
from worker.business.problems import Phrase, RefusedFileError
from worker.business.reader import read_document
from worker.business.wording import Hint, NotYaml, RowWording, Wording

HERE = Path(__file__).parent
REST = b"""
business: {currency: EUR, ratings: x}
services:
  - &long {name: "%s", duration: [1], price: 1.001, min_notice: 9999d, horizon: 0m, capacity: x}
  - {name: "", duration: 30m, price: x, step: 1h, approval: yes, reminders: [1h, 2h, 3h, 4h, 5h, 6h,
     7h, 8h, 9h, 10h, 11h], <<: [x], [a]: b}
  - 5
  - {name: "\\u200b\\u3164", duration: 5m}
  - {category: A, name: Cut, duration: 30m, price: {to: 5}}
  - {category: B, name: Cut, duration: 30m, price: 5-4}
  - {name: Wax, duration: 30m, price: 10000000000, deposit: x, deposit_for: x}
  - {name: Nails, duration: 30m, reminders: [], confirm_until: 1h, questions: [{ask: a, pattern: "("},
     {ask: a, type: fax}, {ask: b, type: phone, choices: [x]}, {ask: c, choices: [x], pattern: x}]}
locations: [{name: "a\\nb", latitude: x, longitude: 1}, {name: b, latitude: 1}, {id: a b, name: c},
  {id: a, was: b, name: d}, {id: a, was: b, name: e}]
specialists: [{name: A, services: [Cut, {duration: 1h}], hours: {mon: [], "mon,mon": []}},
  {name: E, hours: Mo - 9}, {name: F, hours: PH off}, {name: G, hours: May 9-18},
  {name: H, hours: {tue: [9]}}, {name: I, periods: [{when: winter, hours: closed},
   {when: from 2027-01-01; until 2026-01-01, hours: closed},
   {when: Nov to Mar; 06-01 to 08-31, hours: closed}]},
  {name: B, locations: c}, {name: C, locations: {mon: d}, hours: {tue: ["09:00-10:00"]}}]
roles: !x {owner: [], admin: []}
"""
SHOP = b"business: {name: B, timezone: UTC, currency: EUR}\n"
BROKEN = [
    b"a: b: c",
    b"a: @b",
    b'a: "\\q"',
    b"a: *b",
    b"a: b\n---\nc: d",
    b"a:\n  - b\n c: d",
    b"a: >x",
    SHOP
    + b"texts: {welcome: Hi, reminder: {xx: a, en: '{nam}'}, after_visit: {en: 'a } b', ru: '%s'}}"
    % (b"x" * 1501),
    b"business: {currency: eur, timezone: nowhere at all}\nspecialists: [{name: a, services: [b]}]",
    b"business: {currency: nonsense, timezone: x}\nservices: [{name: A, price: 1.00001}, {name: a}]",
    SHOP + b"services: [{name: A, stepp: 1h}]",
    (HERE / "bad.yaml").read_bytes(),
    REST % (b"x" * 129),
    b"",
    b"\xff",
    b"business: {name: \x07}",
    b"#" * 1024 * 1025,
    b"a: [",
    b"a:\n\tb",
    b"business: &a {<<: *a}",
]


RUSSIAN = load_translators().choose("ru")
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


@cache
def refused(data: bytes) -> RefusedFileError:
    with pytest.raises(RefusedFileError) as caught:
        read_document(data, "x")
    return caught.value


def phrases(phrase: Phrase) -> Iterator[Phrase]:
    """Yield a phrase, and those that it is filled with."""
    yield phrase
    for _, value in phrase.values:
        if isinstance(value, Phrase):
            yield from phrases(value)


def sentences(*kinds: type[StrEnum]) -> list[StrEnum]:
    return [each for kind in kinds for each in kind]


def test_every_sentence_is_said() -> None:
    said = "\n".join(str(refused(data)) for data in BROKEN)
    unsaid = [each.name for each in sentences(Wording) if not re.search(pattern(each), said, re.MULTILINE)]
    assert unsaid == []
    found = {each.text for data in BROKEN for one in refused(data).problems for each in phrases(one.phrase)}
    assert [each.name for each in sentences(Hint, NotYaml) if each.value not in found] == []


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_every_problem_is_said_in_the_readers_language(data: bytes) -> None:
    labels = {kind.label for kind, _ in SECTIONS.values()}
    for problem in refused(data).problems:
        said, parts = problem.phrase.said(RUSSIAN), list(phrases(problem.phrase))
        assert all(RUSSIAN.marked(each.text) != each.text for each in parts), parts
        for word in {str(value) for each in parts for _, value in each.values if isinstance(value, str)}:
            assert word not in labels or word.encode() in data
            assert not ENGLISH.search(word) or word.encode() in data, f"{word!r} is said in English: {said}"


def test_every_sentence_is_translated() -> None:
    every = sentences(Wording, RowWording, Hint, NotYaml)
    assert [each for each in every if RUSSIAN.marked(Marked(each.value)) == each.value] == []


def pattern(wording: StrEnum) -> str:
    """Return what a sentence looks like with its braces filled in."""
    plain = re.escape(wording.replace("{{", "\0").replace("}}", "\1"))
    return re.sub(r"\\{.*?\\}", ".*", plain).replace("\0", r"\{").replace("\1", r"\}") + "$"
