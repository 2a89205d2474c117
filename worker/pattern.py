"""Regular expressions that owners write, which whole answers have to fit.

Their engine is one whose time grows with the answer alone: no pattern holds a worker up.
"""

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema


def is_pattern(text: str) -> bool:
    """Tell whether a text is a regular expression, by itself and as one that a whole text has to fit."""
    try:
        for each in (text, _whole(text)):
            SchemaValidator(core_schema.str_schema(pattern=each))
    except SchemaError:
        return False
    return True


def fits(pattern: str, text: str) -> bool:
    """Tell whether a whole text fits a regular expression."""
    try:
        SchemaValidator(core_schema.str_schema(pattern=_whole(pattern))).validate_python(text)
    except ValidationError:
        return False
    return True


def _whole(pattern: str) -> str:
    return rf"^(?:{pattern})$"
