"""Many weights at once, and their initial values."""

from __future__ import annotations

import numpy as np

from engine.data_of import data_of
from engine.learned import Learned, fresh, restarted
from engine.samples import first_light
from engine.trainer import Trainer
from engine.weights import as_initials, back_to_initials, with_initials, with_weights

KEY = "hidden.W.input"
NO = np.nan


def trained() -> Learned:
    document = first_light()
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(10)
    return trainer.learned


def some() -> dict[str, np.ndarray]:
    values = np.full((4, 2), NO)
    values[1] = 0.25, -1.0
    return {KEY: values}


def test_only_what_is_given_is_set_and_the_rest_keeps_its_bits() -> None:
    before = trained()
    after = with_weights(before, values=some())
    assert after.parameters[KEY][1].tolist() == [0.25, -1.0]
    assert after.parameters[KEY][[0, 2, 3]].tobytes() == before.parameters[KEY][[0, 2, 3]].tobytes()
    assert after.initial is before.initial and after.memory is before.memory
    assert not after.parameters[KEY].flags.writeable


def test_before_the_first_update_present_and_initial_are_one() -> None:
    for setting in (with_weights, with_initials):
        after = setting(fresh(first_light()), values=some())
        assert after.initial is after.parameters and after.initial[KEY][1, 1] == -1.0


def test_later_the_initial_values_are_set_without_touching_the_present_ones() -> None:
    before = trained()
    after = with_initials(before, values=some())
    assert after.parameters is before.parameters and after.memory is before.memory
    assert after.initial[KEY][1, 0] == 0.25
    assert restarted(first_light(), after).parameters[KEY][1, 0] == 0.25


def test_chosen_weights_go_back_and_the_others_stay() -> None:
    before = trained()
    after = back_to_initials(before, chosen=some())
    assert after.parameters[KEY][1].tobytes() == before.initial[KEY][1].tobytes()
    assert after.parameters[KEY][0].tobytes() == before.parameters[KEY][0].tobytes()
    assert after.step == before.step


def test_the_present_ones_become_the_initial_ones() -> None:
    before = trained()
    assert as_initials(before).initial is before.parameters
    after = as_initials(before, chosen=some())
    assert after.initial[KEY][1].tobytes() == before.parameters[KEY][1].tobytes()
    assert after.initial[KEY][0].tobytes() == before.initial[KEY][0].tobytes()


def test_a_key_or_shape_that_is_not_there_is_left_out() -> None:
    before = trained()
    after = with_weights(before, values={"gone.W": np.zeros((2, 2)), KEY: np.zeros((1, 1))})
    assert after.same_bits(before)
