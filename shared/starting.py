"""What a process does between its first line and its work."""

import gc


def disable_gc() -> None:
    """Collect no garbage while everything is imported: there is none, and looking for it takes a tenth."""
    gc.disable()


def freeze_gc() -> None:
    """Collect from now on, but never search what is there already: it lives for ever."""
    gc.collect()
    gc.freeze()
    gc.enable()
