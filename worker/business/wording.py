"""Every sentence that refuses something in a business file, each in one place, for every language.

What stands in braces is filled in: `text` is the file's own word, `hint` what to write instead.
"""

from enum import StrEnum

from shared.i18n.marking import text_noop


class Wording(StrEnum):
    """What is wrong with a value; the reader has its line and its path before it."""

    # Values
    NO_VALUE = text_noop("has no value")
    NOT_SINGLE = text_noop("is one value, not a list or a mapping")
    EMPTY = text_noop("is empty")
    NOTHING_SHOWS = text_noop("is nothing that anybody sees: {text}")
    TOO_LONG = text_noop("has {length} characters; {most} is the most")
    CONTROL = text_noop("holds a line break or a control character")
    NOT_A_NUMBER = text_noop("'{text}' is not {what}")
    OUT_OF_RANGE = text_noop("{number} is not {what} from {least} to {most}")
    NOT_A_PRICE = text_noop("'{text}' is not a price; write 35, free, {{from: 15}} or {{from: 15, to: 25}}")
    NEGATIVE_PRICE = text_noop("{price} is negative; a price is 0 or more")
    TOO_HIGH_A_PRICE = text_noop("{price} is too much; {most} is the most")
    TOO_FINE_A_PRICE = text_noop("{price} is not a price in {currency}, which has {decimals} decimals")
    NO_LEAST_PRICE = text_noop("needs from, the least it costs: {{from: 15}} or {{from: 15, to: 25}}")
    PRICES_GO_DOWN = text_noop("goes down, from {lowest} to {highest}")
    NOT_A_DEPOSIT = text_noop("'{text}' is not a deposit; write 10, full or 20%")
    NOT_ONE_OF = text_noop("'{text}' is none of {known}")
    NOT_DEGREES = text_noop("'{text}' is not a number of degrees; write 52.52")
    TOO_MANY_DEGREES = text_noop("{degrees:g} is not between -{most} and {most} degrees")
    NOT_A_SWITCH = text_noop("'{text}' is neither true nor false")
    NOT_A_DATE = text_noop("'{text}' is not a date; write 2026-12-24")
    NOT_A_DURATION = text_noop("'{text}' is not a duration; write 45m, 2h or 1d")
    TOO_SHORT_A_TIME = text_noop("is {duration}; {least} is the least")
    TOO_LONG_A_TIME = text_noop("is {duration}; {most} is the most")
    NOT_A_ZONE = text_noop("'{text}' is not a time zone{hint}")
    NOT_A_CURRENCY = text_noop("'{text}' is not a currency{hint}")
    NOT_A_PATTERN = text_noop("'{text}' is not a regular expression; write one such as [0-9]{{5}}")
    NOT_A_QUESTION_TYPE = text_noop("'{text}' is neither text, phone nor photo{hint}")
    CHOICE_TWICE = text_noop("'{text}' stands in this list twice")
    NOT_A_LANGUAGE = text_noop("'{text}' is not a language Bellhop speaks; there is {known}")

    # Hours
    NOT_A_WEEKDAY = text_noop("'{text}' is not a weekday; write mon, mon-fri or mon,wed")
    DAY_NAMED_TWICE = text_noop("'{text}' names a day twice")
    DAY_IN_TWO_LINES = text_noop("{day} has its hours in another line already")
    NOT_A_WINDOW = text_noop("'{text}' is not a pair of times; write \"09:00-13:00\"")
    NOT_OPENING_HOURS = text_noop("'{text}' is not opening hours; write Mo-Fr 09:00-18:00; Sa 10:00-14:00")
    HOLIDAYS_IN_HOURS = text_noop(
        "'{text}' means holidays; leave it out, and paste what `worker.business holidays` writes"
    )
    NOT_EVERY_WEEK = text_noop(
        "'{text}' is not in every week; write what is usual, and the rest in `periods`"
    )
    OUTSIDE_A_DAY = text_noop("'{text}' is not within a day, which runs from 00:00 to 24:00")
    NO_TIME_BETWEEN = text_noop("'{text}' ends where it begins; all day is 00:00-24:00")
    PAST_THE_DATE = text_noop("'{text}' runs into the next date; write '{first}', and '{then}' on that date")
    OVERLAP = text_noop("'{text}' overlaps '{other}'")
    NOT_WHEN = text_noop(
        "'{text}' names no dates; write 11-01 to 03-31, 2026-12-01 to 2027-02-28, "
        "every 2 weeks from 2026-11-30 or first mon"
    )
    WHEN_TWICE = text_noop(
        "'{text}' says one thing twice: a season, dates or weeks are named once in a period"
    )
    DATES_GO_BACK = text_noop("'{text}' ends before it begins")
    NOT_TIMES = text_noop('is a list of times: ["09:00-13:00"], or [] for a day off')
    NOT_A_WEEK = text_noop('is a mapping of weekdays to times: {{mon-fri: ["09:00-18:00"]}}')

    # Own texts
    NOT_BY_LANGUAGE = text_noop('is a mapping of languages to texts: {{en: "Hello {{name}}!"}}')
    UNKNOWN_PLACEHOLDER = text_noop("has {text}, which stands for nothing here; there is {known}")
    LONE_BRACE = text_noop("has a brace that belongs to nothing at '{text}'; there is {known}")
    TOO_LONG_FILLED = text_noop(
        "has {length} characters once the longest names are filled in; {most} is the most"
    )

    # Entries
    MISSING = text_noop("is missing")
    UNKNOWN_FIELD = text_noop("is not known here{hint}")
    NOT_A_MAPPING = text_noop("is a mapping of names to values, written as name: value")
    NOT_A_LIST = text_noop("is a list, written as [one, two] or as lines that begin with a dash")
    TOO_MANY = text_noop("has more than {most} entries")
    NOT_A_WORD = text_noop("'{text}' is not one word of up to {most} characters")
    ID_TAKEN = text_noop("'{text}' is the id of another one already")
    WAS_TAKEN = text_noop("'{text}' has become another one already")
    NAME_TAKEN = text_noop("'{text}' is the name of another one already{hint}")
    TELEGRAM_ID_TAKEN = text_noop("'{text}' belongs to another specialist already")
    DATE_TAKEN = text_noop("'{text}' has an exception already")
    UNKNOWN_REFERENCE = text_noop("'{text}' is not a {what} of this file{hint}")
    AMBIGUOUS_REFERENCE = text_noop("'{text}' is the name of more than one {what}; write {hint}")
    REPEATED_REFERENCE = text_noop("'{text}' stands in this list twice")
    NOT_PLACES = text_noop(
        "is a list of locations, or a mapping of weekdays to them: {{mon-wed: Main street}}"
    )
    DAY_WITHOUT_A_PLACE = text_noop("names no place for a weekday with hours")
    SKILL_WITHOUT_A_NAME = text_noop(
        "needs the name of a service: {{name: Colour, duration: 90m, price: {{from: 70}}}}"
    )
    QUESTION_TAKEN = text_noop("'{text}' is asked already")
    CHOICES_OF_TEXT = text_noop("are of a text: a phone number or a photo is not chosen")
    PATTERN_OF_TEXT = text_noop("is for a text that is written: not for choices, a phone number or a photo")
    HALF_A_POINT = text_noop("needs the other of latitude and longitude beside it")
    NO_TIME_TO_BOOK = text_noop("leaves no time to book: horizon must be longer than min_notice")
    NEVER_ASKED = text_noop(
        "asks for an answer that nobody asks for: one of reminders must come at least 1h before confirm_until"
    )

    # YAML
    TOO_LARGE = text_noop("is larger than 1 MiB")
    TOO_MUCH = text_noop("holds too much: aliases that repeat one another, or lists within lists")
    NOT_UTF8 = text_noop("is not UTF-8 text")
    CONTROL_IN_FILE = text_noop("holds a control character")
    NOT_YAML = text_noop("is not YAML: {why}")
    TAB = text_noop("is indented with a tab; YAML wants spaces")
    TAG = text_noop("has the tag {text}, which means nothing here")
    KEY_IS_NO_NAME = text_noop("has a list or a mapping where a name belongs")
    KEY_TWICE = text_noop("stands here twice: leave one of the two lines")
    MERGED_NO_MAPPING = text_noop("brings in something that is not a mapping")


class RowWording(StrEnum):
    """What is wrong with an entry where it is looked for among what is stored."""

    UNKNOWN_ID = text_noop("'{text}' is not an id here; did you mean {hint}? What is new needs no id")
    UNKNOWN_WAS = text_noop("'{text}' is not a {what} here{hint}; what is new needs no `was`")
    STILL_THERE = text_noop(
        "'{text}' is there beside it; leave `was` out, or write the ids that `export` writes: with them, two "
        "names can change places and an old name can be used again"
    )
    BEGUN_BY_NOW = text_noop(
        "№ {number} would have begun by now; keep the instants (--keep-instant), or move it first"
    )


class Hint(StrEnum):
    """What is said behind a sentence: what may be meant, or what can be written."""

    DID_YOU_MEAN = text_noop("; did you mean {word}?")
    WRITE_A_ZONE = text_noop("; write one such as Europe/Berlin")
    WRITE = text_noop("; write {word}")
    WRITE_A_CURRENCY = text_noop("; write a code such as EUR")
    KNOWN = text_noop("; known are {words}")
    OTHER_CAPITALS = text_noop(", '{word}': capitals make no other name")
    EITHER = text_noop("{one} or {other}")
    ANY_CURRENCY = text_noop("any currency")


class NotYaml(StrEnum):
    """Why something is not YAML, in plain words."""

    NOT_CLOSED = text_noop("a bracket or a quotation mark is not closed, or a comma is missing")
    COLON = text_noop("a colon stands where none can be; put the text in quotation marks")
    INDENTATION = text_noop("a line is not in line with those that it belongs to")
    CHARACTER = text_noop("a character cannot stand at the beginning of a text; put it in quotation marks")
    ESCAPE = text_noop("a backslash stands before what it cannot stand before")
    UNKNOWN_ALIAS = text_noop("an alias stands there of which there is no anchor")
    TWO_DOCUMENTS = text_noop("there is a second document in it")
    UNREADABLE = text_noop("it cannot be understood from here on")
