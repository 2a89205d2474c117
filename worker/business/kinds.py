"""What fields of the business file hold, with bounds and what is usual; and where members are kept."""

from shared.i18n.marking import text_noop
from worker.business.fields import MemberRows
from worker.business.lists import NOTHING_SAID, durations
from worker.business.values import DAY, HOUR, NAME_LENGTH, choice, duration, text_line, whole_number
from worker.db.models import catalogue, periods, resources
from worker.db.models.people import RoleGrant
from worker.placement.rules import Allowance
from worker.scheduling.resources import MOST_UNITS

CATEGORY = text_line(NAME_LENGTH)
CONTACT_LENGTH = 60
"""UTF-16 units: with it, a word on a tap fits Telegram's 200 characters."""
REFERENCE = text_line(2 * NAME_LENGTH + 1)
LENGTH = duration(1, 14 * DAY, ("15m", "30m", "45m", "1h", "1h30m", "2h"))
PAUSE = duration(0, 7 * DAY, ("0m", "5m", "10m", "15m", "30m"))
HELD = duration(0, HOUR, ("0m", "3m", "5m", "10m", "15m"))
AHEAD = duration(0, 366 * DAY, ("0m", "2h", "12h", "1d", "2d"))
CHOOSING = duration(5, 2 * DAY, ("15m", "30m", "1h", "2h"))
AGAIN = duration(DAY, 366 * DAY, ("14d", "28d", "42d", "56d", "91d"))
RATINGS = choice("specialist", "owner", "nobody")
CONFIRMING = duration(1, 366 * DAY, ("2h", "6h", "12h", "1d"))
HORIZON = duration(1, 732 * DAY, ("14d", "30d", "60d", "90d", "180d"))
REMINDERS = durations(duration(1, 366 * DAY), most=10, presets=("1d,2h", "1d", "2h", NOTHING_SAID))
CAPACITY = whole_number(
    "number from 1 to 1000", text_noop("a number of places"), 1, 1000, ("1", "2", "4", "8", "12")
)
MOST_PLACES = whole_number(
    "number from 1 to 20", text_noop("a number of places"), 1, 20, ("1", "2", "4", "6")
)
UNITS = whole_number(
    "number from 1 to 500", text_noop("a number of them"), 1, MOST_UNITS, ("1", "2", "3", "4", "6")
)
VISITS = whole_number(
    "number from 1 to 1000", text_noop("a number of visits"), 1, 1000, ("1", "3", "5", "10")
)
MOVES = whole_number("number from 1 to 100", text_noop("a number of moves"), 1, 100, ("1", "2", "3", "5"))
SERIES = whole_number("number from 1 to 100", text_noop("a number of visits"), 1, 100, ("4", "6", "8", "12"))
TAKEN = whole_number(
    "number from 1 to 200", text_noop("a number of visits"), 1, 200, ("4", "6", "8", "10", "30")
)
LIMITS = Allowance()
SERVICES = MemberRows(catalogue.SpecialistService, "service_id", "specialist_id", named=catalogue.Service)
PLACES = MemberRows(catalogue.SpecialistLocation, "location_id", "specialist_id", named=catalogue.Location)
WHERE = MemberRows(resources.ResourceLocation, "location_id", "resource_id", named=catalogue.Location)
USABLE = MemberRows(resources.ResourceHours, "weekday", "resource_id")
USABLE_IN = MemberRows(periods.ResourcePeriod, "place", "resource_id")
NEEDED = MemberRows(resources.ServiceResource, "resource_id", "service_id", named=resources.Resource)
OFFERED = MemberRows(catalogue.ServiceHours, "weekday", "service_id")
OFFERED_IN = MemberRows(periods.ServicePeriod, "place", "service_id")
HOURS = MemberRows(catalogue.WorkingHours, "weekday", "specialist_id")
WORKED_IN = MemberRows(periods.SpecialistPeriod, "place", "specialist_id")
EXCEPTIONS = MemberRows(catalogue.ScheduleException, "day", "specialist_id")
OWNERS = MemberRows(RoleGrant, "person_id", constant=(("role", "owner"),))
ADMINS = MemberRows(RoleGrant, "person_id", constant=(("role", "admin"),))
