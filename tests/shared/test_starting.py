import gc

from shared import starting


def test_while_a_process_starts_nothing_is_collected_and_afterwards_what_is_new() -> None:
    try:
        starting.disable_gc()
        assert not gc.isenabled()
        starting.freeze_gc()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
        gc.enable()
