"""Every sentence that refuses something in a business file, each in one place.

What stands in braces is filled in: `text` is the file's own word, `hint` what to write instead.
"""

from enum import StrEnum


class Wording(StrEnum):
    """What is wrong with a value; the reader has its line and its path before it."""

    # Values
    NO_VALUE = "has no value"
    NOT_SINGLE = "is one value, not a list or a mapping"
    EMPTY = "is empty"
    NOTHING_SHOWS = "is nothing that anybody sees: {text}"
    TOO_LONG = "has {length} characters; {most} is the most"
    CONTROL = "holds a line break or a control character"
    NOT_A_NUMBER = "'{text}' is not {what}"
    OUT_OF_RANGE = "{number} is not {what} from {least} to {most}"
    NOT_A_PRICE = "'{text}' is not a price; write 35, free, {{from: 15}} or {{from: 15, to: 25}}"
    NEGATIVE_PRICE = "{price} is negative; a price is 0 or more"
    TOO_HIGH_A_PRICE = "{price} is too much; {most} is the most"
    TOO_FINE_A_PRICE = "{price} is not a price in {currency}, which has {decimals} decimals"
    NO_LEAST_PRICE = "needs from, the least it costs: {{from: 15}} or {{from: 15, to: 25}}"
    PRICES_GO_DOWN = "goes down, from {lowest} to {highest}"
    NOT_A_DEPOSIT = "'{text}' is not a deposit; write 10, full or 20%"
    NOT_ONE_OF = "'{text}' is none of {known}"
    NOT_DEGREES = "'{text}' is not a number of degrees; write 52.52"
    TOO_MANY_DEGREES = "{degrees:g} is not between -{most} and {most} degrees"
    NOT_A_SWITCH = "'{text}' is neither true nor false"
    NOT_A_DATE = "'{text}' is not a date; write 2026-12-24"
    NOT_A_DURATION = "'{text}' is not a duration; write 45m, 2h or 1d"
    TOO_SHORT_A_TIME = "is {duration}; {least} is the least"
    TOO_LONG_A_TIME = "is {duration}; {most} is the most"
    NOT_A_ZONE = "'{text}' is not a time zone{hint}"
    NOT_A_CURRENCY = "'{text}' is not a currency{hint}"
    NOT_A_PATTERN = "'{text}' is not a regular expression; write one such as [0-9]{{5}}"
    NOT_A_QUESTION_TYPE = "'{text}' is neither text, phone nor photo{hint}"
    CHOICE_TWICE = "'{text}' stands in this list twice"
    NOT_A_LANGUAGE = "'{text}' is not a language Bellhop speaks; there is {known}"

    # Hours
    NOT_A_WEEKDAY = "'{text}' is not a weekday; write mon, mon-fri or mon,wed"
    DAY_NAMED_TWICE = "'{text}' names a day twice"
    DAY_IN_TWO_LINES = "{day} has its hours in another line already"
    NOT_A_WINDOW = "'{text}' is not a pair of times; write \"09:00-13:00\""
    NOT_OPENING_HOURS = "'{text}' is not opening hours; write Mo-Fr 09:00-18:00; Sa 10:00-14:00"
    HOLIDAYS_IN_HOURS = (
        "'{text}' means holidays; leave it out, and paste what `worker.business holidays` writes"
    )
    NOT_EVERY_WEEK = "'{text}' is not in every week; write what is usual, and the rest in `periods`"
    OUTSIDE_A_DAY = "'{text}' is not within a day, which runs from 00:00 to 24:00"
    NO_TIME_BETWEEN = "'{text}' ends where it begins; all day is 00:00-24:00"
    PAST_THE_DATE = "'{text}' runs into the next date; write '{first}', and '{then}' on that date"
    OVERLAP = "'{text}' overlaps '{other}'"
    NOT_WHEN = (
        "'{text}' names no dates; write 11-01 to 03-31, 2026-12-01 to 2027-02-28, "
        "every 2 weeks from 2026-11-30 or first mon"
    )
    WHEN_TWICE = "'{text}' says one thing twice: a season, dates or weeks are named once in a period"
    DATES_GO_BACK = "'{text}' ends before it begins"
    NOT_TIMES = 'is a list of times: ["09:00-13:00"], or [] for a day off'
    NOT_A_WEEK = 'is a mapping of weekdays to times: {{mon-fri: ["09:00-18:00"]}}'

    # Entries
    MISSING = "is missing"
    UNKNOWN_FIELD = "is not known here{hint}"
    NOT_A_MAPPING = "is a mapping of names to values, written as name: value"
    NOT_A_LIST = "is a list, written as [one, two] or as lines that begin with a dash"
    TOO_MANY = "has more than {most} entries"
    NOT_A_WORD = "'{text}' is not one word of up to {most} characters"
    ID_TAKEN = "'{text}' is the id of another one already"
    WAS_TAKEN = "'{text}' has become another one already"
    NAME_TAKEN = "'{text}' is the name of another one already{hint}"
    TELEGRAM_ID_TAKEN = "'{text}' belongs to another specialist already"
    DATE_TAKEN = "'{text}' has an exception already"
    UNKNOWN_REFERENCE = "'{text}' is not a {what} of this file{hint}"
    AMBIGUOUS_REFERENCE = "'{text}' is the name of several {what}s; write {hint}"
    REPEATED_REFERENCE = "'{text}' stands in this list twice"
    NOT_PLACES = "is a list of locations, or a mapping of weekdays to them: {{mon-wed: Main street}}"
    DAY_WITHOUT_A_PLACE = "names no place for a weekday with hours"
    SKILL_WITHOUT_A_NAME = "needs the name of a service: {{name: Colour, duration: 90m, price: {{from: 70}}}}"
    QUESTION_TAKEN = "'{text}' is asked already"
    CHOICES_OF_TEXT = "are of a text: a phone number or a photo is not chosen"
    PATTERN_OF_TEXT = "is for a text that is written: not for choices, a phone number or a photo"
    HALF_A_POINT = "needs the other of latitude and longitude beside it"
    NO_TIME_TO_BOOK = "leaves no time to book: horizon must be longer than min_notice"
    NEVER_ASKED = (
        "asks for an answer that nobody asks for: one of reminders must come at least 1h before confirm_until"
    )

    # YAML
    TOO_LARGE = "is larger than 1 MiB"
    TOO_MUCH = "holds too much: aliases that repeat one another, or lists within lists"
    NOT_UTF8 = "is not UTF-8 text"
    CONTROL_IN_FILE = "holds a control character"
    NOT_YAML = "is not YAML: {why}"
    TAB = "is indented with a tab; YAML wants spaces"
    TAG = "has the tag {text}, which means nothing here"
    KEY_IS_NO_NAME = "has a list or a mapping where a name belongs"
    KEY_TWICE = "stands here twice: leave one of the two lines"
    MERGED_NO_MAPPING = "brings in something that is not a mapping"


class RowWording(StrEnum):
    """What is wrong with an entry where it is looked for among what is stored."""

    UNKNOWN_ID = "'{text}' is not an id here; did you mean {hint}? What is new needs no id"
    UNKNOWN_WAS = "'{text}' is not a {what} here{hint}; what is new needs no `was`"
    STILL_THERE = (
        "'{text}' is there beside it; leave `was` out, or write the ids that `export` writes: with them, two "
        "names can change places and an old name can be used again"
    )
