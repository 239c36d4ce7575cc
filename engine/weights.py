"""Many weights at once: setting them, and the initial values they can go back to.

Each is a pure function of what was learned. ``values`` has an array of the parameter's shape by
key; NaN in it means that this weight stays as it is, so that one call can set any selection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.core.plan import Array
from engine.learned import Learned, Parameters, frozen

Values = Mapping[str, Array]


def with_weights(learned: Learned, *, values: Values) -> Learned:
    """Weights set by hand. Before the first update these are their initial values too."""
    changed = _set(learned.parameters, values)
    first = learned.initial
    if learned.step == 0:
        first = changed if first is learned.parameters else _set(first, values)
    return replace(learned, parameters=changed, initial=first)


def with_initials(learned: Learned, *, values: Values) -> Learned:
    """Initial values set by hand; what was learned since stays.

    Before the first update the present weights are the initial ones, and go along.
    """
    if learned.step == 0:
        return with_weights(learned, values=values)
    return replace(learned, initial=_set(learned.initial, values))


def back_to_initials(learned: Learned, *, chosen: Values) -> Learned:
    """The chosen weights (those that are not NaN) at their initial values again; the others go on."""
    first = {
        key: np.where(np.isnan(mask), np.nan, learned.initial[key])
        for key, mask in chosen.items()
        if key in learned.initial
    }
    return replace(learned, parameters=_set(learned.parameters, first))


def as_initials(learned: Learned, *, chosen: Values | None = None) -> Learned:
    """The present weights, all or the chosen ones, become the initial ones."""
    if chosen is None:
        return replace(learned, initial=learned.parameters)
    now = {
        key: np.where(np.isnan(mask), np.nan, learned.parameters[key])
        for key, mask in chosen.items()
        if key in learned.parameters
    }
    return replace(learned, initial=_set(learned.initial, now))


def _set(parameters: Parameters, values: Values) -> Parameters:
    """The parameters with some cells replaced; an array of another shape is left out."""
    changed = dict(parameters)
    for key, wanted in values.items():
        old = parameters.get(key)
        if old is None or old.shape != np.shape(wanted):
            continue
        made = np.array(old)
        np.copyto(made, wanted, where=~np.isnan(wanted), casting="same_kind")
        changed[key] = frozen(made)
    return changed
