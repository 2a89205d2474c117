from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shared.i18n.translator import load_translators
from worker.business.document import ServiceEntry
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.price import Price

HERE = Path(__file__).parent

BARBER = """\
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR, language: en}
locations: [{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.40}]
services:
  - {name: Haircut, duration: 45m, price: 35, buffer_before: 0m, buffer_after: 10m, step: 15m,
     min_notice: 2h, horizon: 60d, cancel_until: 24h, capacity: 1, approval: false, reminders: [24h, 2h]}
specialists:
  - name: Alice
    telegram_id: 1001            # optional
    services: [Haircut]
    hours: {mon-fri: ["09:00-13:00", "14:00-18:00"], sat: ["10:00-14:00"]}
    exceptions: [{date: 2026-12-24, hours: []}, {date: 2026-12-31, hours: ["10:00-12:00"]}]
roles: {owner: [1000], admin: []}
"""
LEAST = "business: {name: B, timezone: UTC, currency: EUR}\n"


def refusal(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(RefusedFileError) as caught:
        read_document(data, "barber.yaml")
    return str(caught.value)


def test_reads_the_file_of_the_interface() -> None:
    document = read_document(BARBER.encode(), "barber.yaml")
    (service,), (alice,) = document.services, document.specialists
    assert (service.duration, service.price, service.horizon) == (45, Price.exact(Decimal(35)), 60 * 1440)
    assert service.reminders == (1440, 120)
    assert alice.hours[0] == ((540, 780), (840, 1080))
    assert alice.hours[5] == ((600, 840),)
    assert 6 not in alice.hours
    assert [(one.date, one.hours) for one in alice.exceptions] == [
        (date(2026, 12, 24), ()),
        (date(2026, 12, 31), ((600, 720),)),
    ]
    assert document.roles.owner == (1000,)


def test_what_is_left_out_has_a_meaning() -> None:
    text = LEAST + "services: [{name: Cut, duration: 30m}]\nspecialists: [{name: A}]\n"
    document = read_document(text.encode(), "b.yaml")
    (service,) = document.services
    assert (service.price, service.step, service.min_notice, service.cancel_until) == (
        None,
        15,
        120,
        1440,
    )
    assert (service.capacity, service.approval, service.reminders) == (1, False, (1440, 120))
    assert document.business.language == "en"
    assert document.specialists[0].hours == {}


@pytest.mark.parametrize(
    ("said", "asked", "within", "regulars"),
    [
        ("true", True, None, False),
        ("off", False, None, False),
        ("{within: 12h}", True, 720, False),
        ("{within: 1d, regulars: true}", True, 1440, True),
    ],
)
def test_approval_is_a_switch_or_says_more(
    said: str, *, asked: bool, within: int | None, regulars: bool
) -> None:
    text = LEAST + f"services:\n  - {{name: Cut, duration: 30m, approval: {said}}}\n"
    service = read_document(text.encode(), "b.yaml").services[0]
    found = (service.approval, service.approval_within, service.approval_regulars)
    assert found == (asked, within, regulars)


def test_every_problem_of_a_bad_file_is_told_at_once_by_line() -> None:
    known = {"languages": load_translators().languages, "fields": ServiceEntry.specs}
    expected = (HERE / "bad.txt").read_text()
    for name, words in known.items():
        expected = expected.replace(f"{{{name}}}", ", ".join(words))
    assert refusal((HERE / "bad.yaml").read_bytes()) + "\n" == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "barber.yaml:1: is empty"),
        (
            "a: [1\nb: 2\n",
            "barber.yaml:2: is not YAML: a bracket or a quotation mark is not closed, or a comma is missing",
        ),
        ("business:\n\tname: x\n", "barber.yaml:2: is indented with a tab; YAML wants spaces"),
        (
            "business: *nobody\n",
            "barber.yaml:1: is not YAML: an alias stands there of which there is no anchor",
        ),
        (
            "a: b: c\n",
            "barber.yaml:1: is not YAML: a colon stands where none can be; put the text in quotation marks",
        ),
        ("business: {}\nx: \x07\n", "barber.yaml:2: holds a control character"),
        (b"business:\n  name: \xff\n", "barber.yaml:2: is not UTF-8 text"),
        (b"#" * (1024 * 1024 + 1), "barber.yaml:1: is larger than 1 MiB"),
        ("- a\n- b\n", "barber.yaml:1: is a mapping of names to values, written as name: value"),
        (LEAST + "---\n" + LEAST, "barber.yaml:2: is not YAML: there is a second document in it"),
        (LEAST + "roles: !x {owner: []}\n", "barber.yaml:2: roles: has the tag !x, which means nothing here"),
        (
            "business: &a {<<: *a}\n",
            "barber.yaml:1: holds too much: aliases that repeat one another, or lists within lists",
        ),
        ("&a [*a]\n", "barber.yaml:1: is a mapping of names to values, written as name: value"),
    ],
)
def test_what_is_not_a_document(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


def test_aliases_that_multiply_are_refused() -> None:
    days = ", ".join(["{date: 2026-12-24}"] * 500)
    people = ", ".join(["*one"] * 499)
    assert "holds too much" in refusal(f"specialists: [&one {{name: A, exceptions: [{days}]}}, {people}]\n")


def test_anchors_aliases_and_merges_are_understood() -> None:
    text = (
        LEAST
        + "services:\n  - &cut {name: Cut, duration: 30m, price: 20}\n"
        + "  - {<<: *cut, name: Long cut, duration: 1h}\n"
        + "specialists:\n  - {name: A, hours: &week {mon-fri: ['09:00-17:00']}}\n"
        + "  - {name: B, hours: *week}\n"
    )
    document = read_document(text.encode(), "b.yaml")
    assert [(one.name, one.duration, one.price) for one in document.services] == [
        ("Cut", 30, Price.exact(Decimal(20))),
        ("Long cut", 60, Price.exact(Decimal(20))),
    ]
    assert document.specialists[0].hours == document.specialists[1].hours


def test_values_are_the_text_that_stands_in_the_file() -> None:
    text = (
        "business: {name: 09:00, timezone: UTC, currency: EUR, language: en}\n"
        "services: [{name: no, duration: 30m, price: 3.10}, {name: 2026-12-24, duration: 1h}]\n"
        "specialists: [{name: 1_000, hours: {mon: [09:00-13:00], tue: [22:00-24:00]}}]\n"
    )
    document = read_document(text.encode(), "b.yaml")
    assert document.business.name == "09:00"
    assert [service.name for service in document.services] == ["no", "2026-12-24"]
    assert document.services[0].price == Price.exact(Decimal("3.10"))
    assert document.specialists[0].name == "1_000"
    assert document.specialists[0].hours == {0: ((540, 780),), 1: ((1320, 1440),)}


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    data = b"\xef\xbb\xbf" + BARBER.replace("\n", "\r\n").encode()
    assert read_document(data, "b.yaml") == read_document(BARBER.encode(), "b.yaml")
