"""The collector rests while a sheet is read, and only then."""

import gc

import pytest

from cooperation.importing.collector import collector_paused


def test_it_is_off_inside_and_on_again_after_a_failure():
    with pytest.raises(ZeroDivisionError), collector_paused():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_whoever_had_it_off_keeps_it_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
