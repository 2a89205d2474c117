"""Which question comes next, and what is an answer to one."""

from hypothesis import given
from hypothesis import strategies as st

from worker.db.models.catalogue import QuestionType
from worker.forms.rules import Intake, IntakeQuestion, Unfit, chosen_of, is_answer, read, toggled

HAIR = IntakeQuestion(
    ask="How long is your hair?", choices=("Short", "Long", "Long, straight"), required=True
)
EXTRAS = IntakeQuestion(ask="What else?", choices=("Wash", "Dry, hot", "Dry"), several=True)
POSTCODE = IntakeQuestion(ask="Postcode?", pattern="[0-9]{5}")
PHONE = IntakeQuestion(ask="Phone?", type=QuestionType.PHONE)

choices = st.lists(
    st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=6).filter(
        lambda text: not set(text) & set(",; ")
    ),
    min_size=1,
    max_size=6,
    unique_by=str.casefold,
)


@given(choices, st.data())
def test_what_was_chosen_is_an_answer_and_is_read_back(given_: list[str], data: st.DataObject) -> None:
    question = IntakeQuestion(ask="?", choices=tuple(given_), several=True)
    answer = ""
    wanted: set[int] = set()
    for choice in data.draw(st.lists(st.integers(0, len(given_) - 1), max_size=8)):
        answer = toggled(question, answer, choice)
        wanted ^= {choice}
    assert chosen_of(question, answer) == [given_[at] for at in sorted(wanted)]
    assert not answer or is_answer(question, answer, None)


def test_choices_are_written_as_people_write_them() -> None:
    assert read(HAIR, "short", None) == "Short"
    assert read(HAIR, "long, straight", None) == "Long, straight"
    assert read(HAIR, "Short, Long", None) is Unfit.NO_CHOICE
    assert read(HAIR, "Shortish", None) is Unfit.NO_CHOICE
    assert read(EXTRAS, "dry, hot; wash", None) == "Wash, Dry, hot"
    assert read(EXTRAS, "dry\nwash\ndry", None) == "Wash, Dry"
    assert read(EXTRAS, "wash and dry", None) is Unfit.NO_CHOICE
    assert read(EXTRAS, ", ;", None) is Unfit.NO_CHOICE


def test_a_pattern_is_for_the_whole_answer_and_no_answer_holds_it_up() -> None:
    assert read(POSTCODE, "10115", None) == "10115"
    assert read(POSTCODE, "10115 Berlin", None) is Unfit.PATTERN
    assert read(POSTCODE, "10115\n", None) is Unfit.PATTERN
    slow = IntakeQuestion(ask="?", pattern="(a+)+b")
    assert read(slow, "a" * 250, None) is Unfit.PATTERN


def test_a_phone_number_is_kept_as_everybody_can_call_it() -> None:
    assert read(PHONE, "0151 12345678", "DE") == "+4915112345678"
    assert read(PHONE, "12", "DE") is Unfit.NO_PHONE


asked = st.lists(
    st.builds(IntakeQuestion, ask=st.sampled_from("ABCDEF"), required=st.booleans()),
    max_size=5,
    unique_by=lambda each: each.ask,
)


@given(asked, st.lists(st.sampled_from(["say", "skip"])), st.booleans())
def test_each_question_comes_once_and_the_required_ones_until_they_are_answered(
    questions: list[IntakeQuestion],
    doing: list[str],
    may_skip: bool,  # noqa: FBT001 - drawn
) -> None:
    intake = Intake(questions, may_skip=may_skip)
    for done in doing:
        place = intake.open
        if place is None:
            break
        before = intake
        intake = intake.answered(place, "yes") if done == "say" else intake.left_out(place)
        stuck = done == "skip" and questions[place].required
        assert (intake.open == place) == stuck
        assert stuck == (before == intake)
    assert may_skip <= (intake.open is None and intake.lacking is None)
    if intake.open is None and not may_skip:
        assert intake.lacking is None
    assert [each.question for each in intake.given()] == [q.ask for q in questions if q.ask in intake.answers]


def test_other_questions_keep_what_is_an_answer_still() -> None:
    intake = Intake([HAIR, EXTRAS]).answered(0, "Short").left_out(1)
    again = intake.asking([POSTCODE, EXTRAS, HAIR], country=None)
    assert (again.answers, again.open) == ({HAIR.ask: "Short"}, 0)
    fewer = IntakeQuestion(ask=HAIR.ask, choices=("Long",), required=True)
    assert intake.asking([fewer], country=None).lacking == 0
