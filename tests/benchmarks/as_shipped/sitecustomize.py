"""Hides from a measured process what no image holds: structlog imports `rich` wherever it finds it."""  # noqa: INP001 - Python looks for it on its path

import sys

sys.modules["rich"] = None  # type: ignore[assignment]  # Python's own way to say that there is none
