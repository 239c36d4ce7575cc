"""What a GAN, a diffusion and a text model do at a step is said in words, from the numbers that are fed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets import Data
from engine.feeding import Feeding
from engine.learned import fresh
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from engine.trainer import Trainer
from gui.stepping.walk import Walk
from gui.walkthrough.frames import frames, place_said
from gui.walkthrough.turn_words import next_of, noise_of, turn_of


def traced(kind: str, updates: int, examples: int = 2) -> tuple[Trace, Data]:
    document = architectures.make(Spec.of(kind)).document()
    trainer = Trainer(document, data_of(document), fresh(document))
    if updates:
        trainer.advance(updates)
    chosen = trainer.batches.examples(updates)[:examples]
    return Trace(document, trainer.data, trainer.learned, chosen, trainer.position), trainer.data


@pytest.mark.parametrize(("updates", "said"), [(22, "round 12: the discriminator's turn"),
                                               (23, "round 12: the generator's turn")])  # fmt: skip
def test_a_gan_says_whose_turn_it_is(updates: int, said: str) -> None:
    trace, _ = traced("gan", updates)
    assert turn_of(trace) == said
    walk = Walk(trace, 30)
    assert said in [frame.text for frame in frames(walk)] and said in place_said(walk)
    learners = {section.owner for section in trace.sections if section.phase is Phase.UPDATE}
    assert learners == {each for each in trace.network.learners if each in learners} and learners
    assert not noise_of(trace, 0)


def test_a_diffusion_says_how_much_noise_there_is() -> None:
    trace, data = traced("diffusion", 3, 4)
    fed = Feeding(trace.document, data).of_examples(np.array(trace.examples), 3)
    for column in range(4):
        assert noise_of(trace, column) == f"noise level t = {int(fed.X[data.n, column])}"
    second = trace.starts[next(n for n, each in enumerate(trace.sections) if each.example == 1)]
    assert noise_of(trace, 1) in frames(Walk(trace, second))[2].text
    assert not turn_of(trace)


def test_a_text_model_says_which_symbol_is_to_come() -> None:
    trace, data = traced("language_model", 0, 1)
    text = [data.symbols[int(each)] for each in data.X[:, trace.examples[0]]]
    said = 0
    for place, section in enumerate(trace.sections):
        if section.owner != LOSS or section.example is None:
            continue
        for which, moment in enumerate(section.moments):
            step = trace[trace.starts[place] + section.counts[which]]
            if moment.array == "l" and moment.index[-1] + 1 < len(text):
                at = moment.index[-1]
                end = f"{''.join(text[: at + 1])[-5:]}” comes “{text[at + 1]}”"
                assert next_of(trace, step, data).endswith(end)
                said += 1
    assert said == len(text) - 1
