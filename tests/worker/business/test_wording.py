"""Every sentence that can refuse something does refuse something."""

import re
from pathlib import Path

import pytest

from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.wording import Wording

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
BROKEN = [
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


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedFileError) as caught:
        read_document(data, "x")
    return str(caught.value)


def test_every_sentence_is_said() -> None:
    said = "\n".join(map(refusal, BROKEN))
    unsaid = [wording.name for wording in Wording if not re.search(pattern(wording), said, re.MULTILINE)]
    assert unsaid == []


def pattern(wording: Wording) -> str:
    """Return what a sentence looks like with its braces filled in."""
    plain = re.escape(wording.replace("{{", "\0").replace("}}", "\1"))
    return re.sub(r"\\{.*?\\}", ".*", plain).replace("\0", r"\{").replace("\1", r"\}") + "$"
