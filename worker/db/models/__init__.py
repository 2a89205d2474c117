"""The tables, a module for each group of them."""

from importlib import import_module
from pkgutil import iter_modules


def load_models() -> None:
    """Import every module of tables, so that the metadata knows them all."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
