"""Files made to break whoever reads them: each gets sentences, soon."""

import pytest

from worker.business.problems import RefusedFileError
from worker.business.reader import read_document

TOO_MUCH = "holds too much: aliases that repeat one another, or lists within lists"
SHOP = "business: {name: B, timezone: Europe/Berlin, currency: EUR}\n"
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
MERGED = "a0: &a0 {k: x}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("a: &a {<<: *a}\n", "a: is not known here"),
        ("business: &a {name: B, <<: *a}\n", TOO_MUCH),
        ("business: &a {name: B, <<: [*a, *a]}\n", TOO_MUCH),
        ("business: &a {name: B, <<: &b {<<: *a}}\n", TOO_MUCH),
        ("business: &a {name: B, name: C, <<: *a}\n", TOO_MUCH),
        ("business: &a {name: *a}\n", "business.name: is one value, not a list or a mapping"),
        (f"{SHOP}services: &s [*s]\n", "services[0]: is a mapping of names to values"),
        (f"{SHOP}specialists: [{{name: A, hours: &h {{mon: *h}}}}]\n", "hours.mon: is a list of times"),
        (f"{LAUGHS}{SHOP}services: *a8\n", "services[0]: is a mapping of names to values"),
        (f"{MERGED}business: *a8\n", TOO_MUCH),
        (f"{SHOP}<<: 5\n", "<<: brings in something that is not a mapping"),
        ("business: *a\n", "is not YAML: an alias stands there of which there is no anchor"),
        ("business: {name: &a B, timezone: &a Europe/Berlin}\n", "business.currency: is missing"),
        ("business: !!python/object:os.system {name: B}\n", "has the tag !!python/object:os.system"),
        (f"{SHOP}services: !!binary aGk=\n", "services: has the tag !!binary"),
        ("business: {name: !!set {a}}\n", "business.name: has the tag !!set"),
        ('business: {name: "\\ud83d"}\n', "business.name: holds a line break or a control character"),
        ('business: {name: "\\UFFFFFFFF"}\n', "is not YAML"),
        ('"\\ud83d": 1\n', "has a list or a mapping where a name belongs"),
        (SHOP + "services: " + "[" * 2000 + "]" * 2000, "is not YAML: it cannot be understood from here on"),
    ],
)
def test_a_trap_gets_a_sentence(file: str, said: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        read_document(file.encode(), "shop.yaml")
    assert said in str(refused.value)


def test_tags_that_change_nothing_are_none_to_refuse() -> None:
    file = SHOP.replace("name: B", "name: !!str 5").replace("Europe", "!!str Europe")
    assert read_document(file.encode(), "shop.yaml").business.name == "5"
