"""The form that somebody fills in before they confirm: a draft, until the visit is booked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from shared.contracts.base import Command, DraftRef
from shared.contracts.booking import ShowSummary
from shared.i18n.marking import Marked, text_noop
from worker.db.models.catalogue import QuestionType
from worker.drafts import repository as drafts
from worker.drafts.repository import DraftData
from worker.forms.repository import load_questions
from worker.forms.rules import Intake, IntakeQuestion
from worker.runtime.context import RequestContext
from worker.ui.phones import country_of
from worker.ui.reply import Reply

FORM: Final = "intake.form"
GONE: Final[Marked] = text_noop("This question is not open any more. Please choose the time again.")


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody has answered by now, and the summary that they go on to."""

    asked: ShowSummary
    customer_id: int
    intake: Intake
    draft: DraftData | None = None

    @property
    def ref(self) -> DraftRef:
        """How buttons name it; any version will do: what is answered is the question that was shown."""
        if self.draft is None:
            raise ValueError("it is not kept yet")
        return self.draft.ref

    def as_json(self) -> dict[str, Any]:
        """Write it as a draft holds it."""
        return {
            "asked": self.asked.model_dump(mode="json"),
            "customer_id": self.customer_id,
            "questions": [asdict(each) for each in self.intake.questions],
            "answers": dict(self.intake.answers),
            "passed": sorted(self.intake.passed),
            "may_skip": self.intake.may_skip,
        }

    @classmethod
    def of(cls, draft: DraftData) -> Self:
        """Read it from its draft."""
        data = draft.data
        intake = Intake(
            [_question(each) for each in data["questions"]],
            data["answers"],
            frozenset(data["passed"]),
            data["may_skip"],
        )
        return cls(ShowSummary.model_validate(data["asked"]), data["customer_id"], intake, draft)


def _question(data: dict[str, Any]) -> IntakeQuestion:
    return IntakeQuestion(**{**data, "type": QuestionType(data["type"]), "choices": tuple(data["choices"])})


def country(context: RequestContext) -> str | None:
    """Return the country whose phone numbers need no prefix."""
    return country_of(context.zone.key)


async def form_for(context: RequestContext, asked: ShowSummary, booking_id: int | None = None) -> Form | None:
    """Load the form of a service as it is asked of a customer now; None where nothing is asked.

    What was answered stays, whichever time is chosen; other questions make it another form, whose buttons
    are its own. `booking_id` is the visit itself where it is written already.
    """
    customer_id = context.booked_for.id
    questions = await load_questions(context.session, asked.service_id, customer_id, booking_id)
    if not questions:
        return None
    draft = await drafts.load_newest(context.session, context.user.id, FORM, context.now)
    before = None if draft is None else Form.of(draft)
    if before is None or (before.asked.service_id, before.customer_id) != (asked.service_id, customer_id):
        may_skip = context.customer is not None
        return Form(asked, customer_id, Intake(questions, may_skip=may_skip), None)
    if _as_asked(before.intake.questions) == _as_asked(questions):
        return replace(before, asked=asked)
    intake = before.intake.asking(questions, country=country(context))
    return Form(asked, customer_id, intake, None)


def _as_asked(questions: Sequence[IntakeQuestion]) -> Sequence[IntakeQuestion]:
    return [replace(each, earlier=None) for each in questions]


async def save(context: RequestContext, form: Form) -> Form:
    """Keep a form as it is now; a new one takes the place of those before it."""
    data = form.as_json()
    if form.draft is not None:
        if form.draft.data == data:
            return form
        ref = await drafts.save(context.session, DraftData(form.draft.ref, data), context.now)
        return replace(form, draft=DraftData(ref, data))
    if (older := await drafts.load_newest(context.session, context.user.id, FORM, context.now)) is not None:
        await drafts.discard(context.session, older)
    ref = await drafts.create(context.session, context.user.id, FORM, data, context.now)
    return replace(form, draft=DraftData(ref, data))


@dataclass(frozen=True, slots=True)
class OwnForm:
    """Whoever fills in the form that a command names by `form`, whichever version of it the button shows.

    Hands on the form, and the question at the place that the command names.
    """

    name: str = "own form"

    async def admit(
        self, context: RequestContext, command: Command, /
    ) -> Reply | tuple[Form, IntakeQuestion]:
        """Let them in; a stranger learns nothing, not even that the form is there."""
        ref: DraftRef = getattr(command, "form")  # noqa: B009 - commands of several classes have it
        draft = await drafts.load_as_it_is(context.session, context.user.id, FORM, ref.id, context.now)
        if draft is not None:
            form = Form.of(draft)
            if (question := form.intake.question(ref.step)) is not None:
                return form, question
        return Reply(toast=context.texts.marked(GONE), alert=True)


OWN_FORM: Final = OwnForm()
