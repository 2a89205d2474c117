"""Administration."""

from shared.contracts.base import Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop


class ShowAdmin(Command, kind="admin.home", only_shows=True):
    """/admin."""


CONTRACT = Contract(
    "admin",
    (
        Spec(
            ShowAdmin,
            ButtonForm("ad"),
            (Typed("admin", text_noop("How the business is doing"), Audience.ADMINS),),
        ),
    ),
)
