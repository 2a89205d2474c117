"""What a service asks before it is booked: answering, changing an answer, and staff who read the answers."""

from typing import Final

from shared.contracts.base import Answer, AnswerType, ButtonForm, Command, Contract, DraftRef, Spec

LONGEST_ANSWER: Final = 250
"""Characters: ten questions with their answers fit one message."""


class AskIntake(Command, kind="intake.ask"):
    """A question of the form, by its place in `form.step`: to answer it, or to answer it otherwise."""

    form: DraftRef


class WriteIntake(Command, kind="intake.write"):
    """What was written to a question: an answer of one's own, or one of its choices."""

    form: DraftRef
    text: str = ""


class ChooseIntake(Command, kind="intake.choose"):
    """A choice was tapped; where several are possible, it is put in or taken out."""

    form: DraftRef
    choice: int


class FinishIntake(Command, kind="intake.finish"):
    """'Done' under choices of which several are possible."""

    form: DraftRef


class SendIntakePhone(Command, kind="intake.phone"):
    """A phone number: one's own contact, or what was written."""

    form: DraftRef
    phone: str = ""


class SendIntakePhoto(Command, kind="intake.photo"):
    """A photo, by Telegram's id of it."""

    form: DraftRef
    photo: str = ""


class RepeatIntake(Command, kind="intake.repeat"):
    """'As last time': what the customer answered before."""

    form: DraftRef


class SkipIntake(Command, kind="intake.skip"):
    """'Skip' beside a question that may stay unanswered."""

    form: DraftRef


class ShowIntake(Command, kind="intake.show", only_shows=True):
    """'Answers' on a visit as staff see it."""

    booking_id: int


class ShowIntakePhoto(Command, kind="intake.show_photo", only_shows=True):
    """A photo among a visit's answers, by its place."""

    booking_id: int
    place: int


CONTRACT = Contract(
    "intake",
    (
        Spec(AskIntake, ButtonForm("iq")),
        Spec(WriteIntake, answer=Answer("text", longest=LONGEST_ANSWER)),
        Spec(ChooseIntake, ButtonForm("ic")),
        Spec(FinishIntake, ButtonForm("id")),
        Spec(SendIntakePhone, answer=Answer("phone", AnswerType.PHONE)),
        Spec(SendIntakePhoto, answer=Answer("photo", AnswerType.PHOTO)),
        Spec(RepeatIntake, ButtonForm("il")),
        Spec(SkipIntake, ButtonForm("is")),
        Spec(ShowIntake, ButtonForm("ia")),
        Spec(ShowIntakePhoto, ButtonForm("ip")),
    ),
)
