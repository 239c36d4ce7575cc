"""Windows: how many there are, what each sees, and who sees a place."""

from __future__ import annotations

import itertools

import pytest

from engine.core.problems import DocumentError
from engine.layers.windows import Windows, windows_of


def test_the_size_of_the_lecture() -> None:
    """⌊(n + 2p − f) / s⌋ + 1."""
    for n, f, s, p in itertools.product((5, 6, 28), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2)):
        made = windows_of((n,), f, s, str(p) if p else "valid")
        assert made.out == ((n + 2 * p - f) // s + 1,)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_keeps_the_size_and_a_stride_takes_every_sth_window(kernel: int, dilation: int) -> None:
    plain = windows_of((7, 6), kernel, 1, "same", dilation)
    strided = windows_of((7, 6), kernel, 3, "same", dilation)
    assert plain.out == (7, 6)
    assert strided.out == (3, 2)
    for window in itertools.product(range(3), range(2)):
        assert list(strided.seen(window)) == list(plain.seen((3 * window[0], 3 * window[1])))


def test_the_odd_zero_of_same_lies_behind() -> None:
    made = windows_of((5,), 4, 1, "same")
    assert (made.before, made.after) == (1, 2)


def test_a_window_sees_its_taps_without_padding() -> None:
    made = windows_of((4, 4), 3, 2, "1")
    assert made.out == (2, 2)
    assert list(made.seen((0, 1))) == [
        ((1, 0), (0, 1)), ((1, 1), (0, 2)), ((1, 2), (0, 3)),
        ((2, 0), (1, 1)), ((2, 1), (1, 2)), ((2, 2), (1, 3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "made",
    [
        Windows((6, 5), 3, 1, 1, 1),
        Windows((6, 5), 3, 2, 0, 2, 2),
        Windows((9,), 2, 3),
        Windows((5, 5), 1, 2, 2, 2),
        Windows((4,), 2, 1, 3, 3, 2),
    ],
)
def test_all_three_views_agree(made: Windows) -> None:
    """Window by window, place by place and tap by tap the same triples come out."""
    by_window = {
        (tap, window, place)
        for window in itertools.product(*map(range, made.out))
        for tap, place in made.seen(window)
    }
    by_place = {
        (tap, window, place)
        for place in itertools.product(*map(range, made.sizes))
        for tap, window in made.holding(place)
    }
    by_tap = {
        (tap, window, place)
        for tap in made.taps
        for window, place in zip(*(itertools.product(*each) for each in made.reading(tap)), strict=True)
    }
    by_hand = {
        (tap, window, place)
        for tap in itertools.product(range(made.kernel), repeat=len(made.sizes))
        for window in itertools.product(*map(range, made.out))
        for place in itertools.product(*map(range, made.sizes))
        if all(
            i == o * made.stride + k * made.dilation - made.before
            for i, o, k in zip(place, window, tap, strict=True)
        )
    }
    assert by_window == by_place == by_tap == by_hand
    assert sum(map(made.reading_count, made.taps)) == len(by_hand)


def test_a_window_that_does_not_fit_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"reaches over 5 places does not fit into 4: .*\.$"):
        windows_of((9, 4), 3, dilation=2)
