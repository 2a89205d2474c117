"""What is kept of whoever asks: shown, sent and erased."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowMyData(Command, kind="privacy.show", only_shows=True):
    """/privacy, and 'My data' in the settings."""


class SendMyData(Command, kind="privacy.send"):
    """'Send me everything': what is kept, as a file."""


class AskForgetMe(Command, kind="privacy.ask_forget", only_shows=True):
    """'Forget me': the question before it."""


class ForgetMe(Command, kind="privacy.forget"):
    """'Yes, forget me'."""


CONTRACT = Contract(
    "privacy",
    (
        Spec(ShowMyData, ButtonForm("pmd"), (Typed("privacy", text_noop("What is kept of you")),)),
        Spec(SendMyData, ButtonForm("pms")),
        Spec(AskForgetMe, ButtonForm("pfm?")),
        Spec(ForgetMe, ButtonForm("pfm")),
    ),
)
