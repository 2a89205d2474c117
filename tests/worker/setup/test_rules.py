"""What answers make of a business file: whatever is said, what is kept is one that the reader takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.setup import SetupStep
from shared.i18n.translator import load_translators
from worker.setup.rules import MYSELF, SetupForm, Template, currency_of
from worker.setup.views import HOURS, LENGTHS, service_of
from worker.ui.zones import REGIONS, zone_named, zones_of

LIKELY = ["Kati's", "Europe/Berlin", "Asia/Tokyo", "eur", "JPY", "45", "1h30m", "35", "35.5", "free"]
ODD = [
    "",
    "abc",
    "Mo-Fr 9-18",
    "25-99",
    "x" * 129,
    "a\nb",
    "a/b",
    "@",
    "{x}",
    "- a",
    "#",
    "\u200b",
    "'\"",
    "\\",
]

answers = st.tuples(st.sampled_from(list(SetupStep)), st.sampled_from([*LIKELY, *ODD]) | st.text(max_size=20))


def begun() -> SetupForm:
    return SetupForm.begun_by(1, "Anna", "en")


@given(st.lists(answers, max_size=12))
def test_no_answer_makes_what_the_reader_refuses(said: list[tuple[SetupStep, str]]) -> None:
    form = begun()
    for step, value in said:
        if form.asks(step):
            form = form.answered(step, value) or form
        assert form.fits
    assert form.missing or form.document.business.name == form.business["name"]


def test_an_answer_that_is_refused_leaves_the_form_as_it_was() -> None:
    form = begun().answered(SetupStep.SERVICE, "Cut")
    assert form is not None
    before = repr(form)
    assert form.answered(SetupStep.PRICE, "abc") is None
    assert repr(form) == before


@pytest.mark.parametrize("language", load_translators().languages)
@pytest.mark.parametrize("template", list(Template))
def test_every_template_fits_in_every_language(template: Template, language: str) -> None:
    name = service_of(load_translators().choose(language), template)
    form = begun().with_template(name, template)
    assert form is not None
    assert form.next_step is SetupStep.NAME
    assert {SetupStep.SERVICE, SetupStep.DURATION} <= {*form.asked}


def test_every_button_is_an_answer_that_fits() -> None:
    form = begun().answered(SetupStep.SERVICE, "Cut")
    assert form is not None
    assert all(form.answered(SetupStep.HOURS, hours) for hours in HOURS)
    assert all(form.answered(SetupStep.DURATION, str(length)) for length in LENGTHS)


@pytest.mark.parametrize("region", REGIONS)
def test_every_zone_that_is_offered_is_one_of_the_file_with_a_currency(region: str) -> None:
    [english, *_] = load_translators().all()
    found = zones_of(region, english)
    assert found
    for _, zone in found:
        form = begun().answered(SetupStep.ZONE, zone)
        assert form is not None, zone
        assert form.business["currency"] == currency_of(zone)


def test_a_zone_is_known_by_its_city_in_the_persons_language() -> None:
    texts = load_translators().choose("ru")
    assert zone_named("берлин", texts) == zone_named(" Berlin", texts) == "Europe/Berlin"
    assert zone_named("new york", texts) == "America/New_York"
    assert zone_named("Atlantis", texts) == "Atlantis"


def test_a_currency_that_was_chosen_stays_where_the_zone_changes() -> None:
    form = begun().answered(SetupStep.ZONE, "Europe/Berlin")
    moved = form and form.answered(SetupStep.ZONE, "Asia/Tokyo")
    assert moved is not None
    assert moved.business["currency"] == "JPY"
    chosen = moved.answered(SetupStep.CURRENCY, "usd")
    back = chosen and chosen.answered(SetupStep.ZONE, "Europe/Berlin")
    assert back is not None
    assert back.business["currency"] == "USD"


def test_who_does_it_is_the_owner_again_where_that_is_said_later() -> None:
    other = begun().answered(SetupStep.WHO, "Boris")
    assert other is not None
    assert other.document.specialists[0].telegram_id is None
    again = other.answered(SetupStep.WHO, MYSELF)
    assert again is not None
    assert (again.document.specialists[0].name, again.document.specialists[0].telegram_id) == ("Anna", 1)
