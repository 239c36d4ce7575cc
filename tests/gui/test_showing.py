"""How the canvas shows the network is kept with the view, and nonsense in a file does no harm."""

from __future__ import annotations

import pytest

from gui.showing import Showing


def test_what_was_chosen_comes_back_from_plain_data() -> None:
    chosen = Showing(most_units=30, weakest=0.25, surfaces=True, unrolled=True, snapping=False)
    assert Showing.read(chosen.plain()) == chosen


@pytest.mark.parametrize(
    "found",
    [
        None,
        3,
        [],
        {"most_units": 1},
        {"most_units": True},
        {"weakest": 1.5},
        {"weakest": float("nan")},
        {"x": 1},
    ],
)
def test_what_makes_no_sense_is_as_at_the_start(found) -> None:
    assert Showing.read(found) == Showing()
