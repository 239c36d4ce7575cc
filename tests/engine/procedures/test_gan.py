"""The GAN: two turns on one network, each with its own columns, targets, learners and clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check
from engine.core.problems import AxonError, DataError, DocumentError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, Training
from engine.feeding import Feeding
from engine.layout import Layout
from engine.learned import Learned, fresh, frozen
from engine.network import Network
from engine.parameters import ParameterStore
from engine.procedures import procedures
from engine.procedures.gan import Gan
from engine.procedures.gan_parts import parts_of
from engine.trace import Trace
from engine.trainer import Trainer

GENERATOR = {"make.W.noise", "make.b", "fake.W.make", "fake.b"}
DISCRIMINATOR = {"judge.W.switch", "judge.b", "verdict.W.judge", "verdict.b"}


@pytest.fixture
def ring() -> Data:
    return datasets.make(Spec.of("ring8", examples=30)).load(0)


def test_the_discriminator_sees_the_real_and_as_many_generated_ones() -> None:
    X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    batch = Gan(smoothing=0.1).prepared(X, X, 4, 1)
    assert batch.X.tolist() == [[1, 2, 3, 0, 0, 0], [4, 5, 6, 0, 0, 0], [1, 1, 1, 0, 0, 0]]
    assert batch.Y == pytest.approx(np.array([[0.9, 0.9, 0.9, 0, 0, 0]]))


def test_the_generator_sees_none_and_wants_to_be_taken_for_real() -> None:
    X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    batch = Gan(smoothing=0.1).prepared(X, X, 5, 1)
    assert batch.X.tolist() == np.zeros((3, 3)).tolist()
    assert batch.Y.tolist() == [[1, 1, 1]]


def test_parts_and_turns(gan: Callable[..., Document]) -> None:
    layout = Layout(gan(blur=0.2))
    parts = parts_of(layout)
    assert (parts.choice, parts.real, parts.fake, parts.switch) == ("switch", "real", "fake", "which")
    first, second = Gan().turns(layout)
    assert (first.name, first.learners) == ("discriminator", {"blur", "judge", "verdict"})
    assert (second.name, second.learners) == ("generator", {"noise", "make", "fake"})


def moved(before: Learned, after: Learned) -> set[str]:
    return {key for key, each in after.parameters.items() if (each != before.parameters[key]).any()}


def test_each_turn_moves_its_own_layers_and_their_memory_only(
    gan: Callable[..., Document], ring: Data
) -> None:
    document = gan(optimizer=Spec("adam"), training=Training(10, True, procedure=Spec("gan")))
    trainer = Trainer(document, ring, fresh(document))
    for update in range(6):
        before = trainer.learned
        trainer.advance()
        after = trainer.learned
        own = GENERATOR if update % 2 else DISCRIMINATOR
        assert moved(before, after) == own
        for name in ("m", "v"):
            changed = {
                key for key, each in after.memory[name].items() if (each != before.memory[name][key]).any()
            }
            assert changed == own
        assert [int(each) for each in trainer.store.clocks] == [update // 2 + 1, (update + 1) // 2]


def forward(
    document: Document, learned: Learned, noise: np.ndarray, real: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The network's formulas written out: the generated points, and what is said of both."""
    w = learned.parameters
    made = w["fake.W.make"] @ np.tanh(w["make.W.noise"] @ noise + w["make.b"]) + w["fake.b"]

    def verdict(points: np.ndarray) -> np.ndarray:
        seen = np.tanh(w["judge.W.switch"] @ points + w["judge.b"])
        return 1.0 / (1.0 + np.exp(-(w["verdict.W.judge"] @ seen + w["verdict.b"])))

    return made, verdict(made), verdict(real)


def test_J_is_what_the_paper_says(
    gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    """``−½ (mean ln D(x) + mean ln(1 − D(G(z))))`` and ``−mean ln D(G(z))``."""
    document = gan()
    learned = some_learned(document)
    trainer = Trainer(document, ring, learned)
    trainer.advance()
    noise = trainer.network(30, 1).places["noise"].a.copy()
    _, fake, real = forward(document, learned, noise, ring.X)
    assert trainer.curve.values[0] == pytest.approx(-(np.log(real).mean() + np.log(1 - fake).mean()) / 2)

    second = trainer.learned
    trainer.advance()
    network = trainer.network(30, 1)
    assert network.places["noise"].a.tobytes() == noise.tobytes()
    made, fake, _ = forward(document, second, noise, ring.X)
    assert trainer.curve.values[1] == pytest.approx(-np.log(fake).mean())
    assert network.places["switch"].a == pytest.approx(made)


def test_a_discriminator_that_guesses_costs_ln_2(gan: Callable[..., Document], ring: Data) -> None:
    document = gan()
    start = fresh(document)
    blind = {**start.parameters, "verdict.W.judge": frozen(np.zeros((1, 3)))}
    trainer = Trainer(document, ring, replace(start, parameters=blind))
    trainer.advance()
    assert trainer.curve.values[0] == pytest.approx(np.log(2.0), abs=1e-14)


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("blur", [0.0, 0.3])
def test_gradients_of_a_turn(
    turn: int, blur: float, gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    """Of all parameters where it explains, and of the learners where it trains."""
    document = gan(blur=blur)
    store = ParameterStore(Layout(document), turns=2)
    store.load(some_learned(document))
    batch = Feeding(document, ring).of_examples(np.arange(4), 6 + turn)
    for explains in (True, False):
        network = Network(store, batch.X.shape[1], turn=turn, explains=explains)
        network.plan.step = 6 + turn
        network.feed(batch.X, batch.Y)
        report = gradient_check(network)
        names = {each.name for each in report}
        own = (
            GENERATOR
            if turn
            else {key.replace("switch", "blur" if blur else "switch") for key in DISCRIMINATOR}
        )
        assert own <= names
        for each in report:
            if each.name in own or explains:
                assert each.error < 1e-6, report


@pytest.mark.parametrize("shuffle", [False, True])
def test_both_turns_of_a_round_have_the_same_examples(
    shuffle: bool, gan: Callable[..., Document], ring: Data
) -> None:
    """Else the discriminator would see every other batch only: 4 of 8, and always the same."""
    document = gan(training=Training(8, shuffle, procedure=Spec("gan")))
    trainer = Trainer(document, ring, fresh(document))
    batches = trainer.batches
    assert batches.count == 8
    seen = []
    for update in range(0, 8, 2):
        assert batches.examples(update).tolist() == batches.examples(update + 1).tolist()
        assert batches.position(update).batch == batches.position(update + 1).batch == update // 2 + 1
        seen += batches.examples(update).tolist()
        trainer.advance()
        X = trainer.network(2 * len(batches.examples(update)), 0).places["real"].a
        assert X[:, : len(batches.examples(update))].tolist() == ring.X[:, batches.examples(update)].tolist()
        trainer.advance()
    assert sorted(seen) == list(range(30))
    assert (batches.position(8).epoch, batches.position(8).batches) == (2, 4)


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_the_same_bits_on_every_way(
    optimizer: str, gan: Callable[..., Document], ring: Data, same_on_every_way: Callable[..., None]
) -> None:
    document = gan(blur=0.2, optimizer=Spec(optimizer), training=Training(8, True, 5, procedure=Spec("gan")))
    same_on_every_way(document, ring)


def test_the_clocks_go_on_after_a_change_of_the_optimizer(gan: Callable[..., Document], ring: Data) -> None:
    """It begins at an odd update: the generator's clock is then ahead."""
    document = gan(optimizer=Spec("adam"))
    start = replace(fresh(document), step=7, clock=0)
    trainer = Trainer(document, ring, start)
    trainer.advance(3)
    assert [int(each) for each in trainer.store.clocks] == [1, 2]
    saved = trainer.learned
    assert (saved.step, saved.clock) == (10, 3)
    again = Trainer(document, ring, saved)
    assert [int(each) for each in again.store.clocks] == [1, 2]
    trainer.advance(5)
    again.advance(5)
    assert again.learned.same_bits(trainer.learned)


@pytest.mark.parametrize("step", [0, 1])
def test_a_round_is_explained(
    step: int,
    gan: Callable[..., Document],
    ring: Data,
    some_learned: Callable[..., Learned],
    check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:
    """Both turns, number for number, and the same bits as the trainer."""
    document = gan(blur=0.1, optimizer=Spec("adam"), training=Training(2, procedure=Spec("gan")))
    learned = replace(some_learned(document), step=step)
    trainer = Trainer(document, ring, learned)
    trace = Trace(document, ring, learned, trainer.batches.examples(step), trainer.position)
    trainer.advance()
    assert trace.m == (2 if step else 4)
    assert trace.J == trainer.curve.values[-1]
    assert check_truth(trace) > 200
    check_steps(trace)
    for key, slot in trace.layout.slots.items():
        new = trace.arrays[slot.layer, f"new {slot.part.name}"]
        assert new.tobytes() == trainer.learned.parameters[key].tobytes()


def test_noise_on_what_the_discriminator_sees_fades(
    gan: Callable[..., Document],
    ring: Data,
    some_learned: Callable[..., Learned],
    check_truth: Callable[..., int],
) -> None:
    """Real and generated points alike get σ (1 − t/n) ε: with σ = 0.5 and n = 8 in update 2 0.375 ε."""
    training = Training(2, procedure=Spec("gan"))
    document = gan(blur=0.5, fades=8, training=training)
    for step, strength in ((0, 0.5), (2, 0.375), (8, 0.0), (20, 0.0)):
        learned = replace(some_learned(document), step=step)
        trace = Trace(document, ring, learned, np.arange(2))
        added = trace.arrays["blur", "a"] - trace.arrays["switch", "a"]
        assert added == pytest.approx(strength * trace.arrays["blur", "epsilon"], abs=1e-15)
        assert (added.any(axis=0) == (strength > 0)).all()
        check_truth(trace)
    for update in (0, 4):
        lasting = gan(blur=0.5, training=training)
        learned = replace(some_learned(lasting), step=update)
        trainer = Trainer(lasting, ring, learned)
        arrays = Trace(lasting, ring, learned, trainer.batches.examples(update)).arrays
        assert arrays["blur", "epsilon"].all()
        assert arrays["blur", "a"] == pytest.approx(arrays["switch", "a"] + 0.5 * arrays["blur", "epsilon"])
        trainer.advance()
        places = trainer.network(4, 0).places
        assert places["switch"].a.tolist() == arrays["switch", "a"].tolist()
        assert places["blur"].a.tolist() == arrays["blur", "a"].tolist()


# ---------------------------------------------------------------- what does not fit


def test_the_data_is_the_real_examples_and_a_switch(gan: Callable[..., Document], ring: Data) -> None:
    document = gan(n=3)
    with pytest.raises(DocumentError):
        Trainer(document, ring, fresh(document))
    with pytest.raises(DataError, match="symbols"):
        Gan().wanted(datasets.make("text").load(0))


def without(document: Document, *wires: str) -> Document:
    return replace(document, connections=tuple(each for each in document.connections if each.id not in wires))


def with_wires(document: Document, *wires: str) -> Document:
    return replace(
        document, connections=(*document.connections, *(Connection(*each.split(">")) for each in wires))
    )


def swapped(document: Document) -> Document:
    """The real examples as the second of the switch's inputs."""
    return with_wires(without(document, "real>switch", "which>switch"), "real>switch", "which>switch")


def switch_first(document: Document) -> Document:
    order = {"which": 0}
    return replace(document, layers=tuple(sorted(document.layers, key=lambda each: order.get(each.id, 1))))


def no_switch(document: Document) -> Document:
    kept = tuple(each for each in document.layers if each.id != "switch")
    wires = tuple(each for each in document.connections if "switch" not in (each.source, each.target))
    return replace(document, layers=kept, connections=(*wires, Connection("real", "judge")))


def no_noise(document: Document) -> Document:
    return document.with_layer(Layer("noise", Spec("input"), (0, 1)))


def wide_switch(document: Document) -> Document:
    return document.with_layer(Layer("which", Spec("input"), (0, 1)))


def bare_generator(document: Document) -> Document:
    kept = tuple(each for each in document.layers if each.id not in {"make", "fake"})
    wires = [("real", "switch"), ("noise", "switch"), ("which", "switch")]
    rest = [each for each in document.connections if each.source in {"switch", "judge"}]
    return replace(document, layers=kept, connections=(*(Connection(*each) for each in wires), *rest))


WRONG = {
    "A GAN needs one switch": no_switch,
    "in this order": swapped,
    "must come before": switch_first,
    "an input with one unit": wide_switch,
    "begins with a source of noise|in this order": no_noise,
    "nothing to learn": bare_generator,
    "must not see the examples|in this order": lambda document: with_wires(document, "real>make"),
    "nothing but what the switch lets through": lambda document: with_wires(document, "which>judge"),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_is_no_gan_is_refused(sentence: str, gan: Callable[..., Document], ring: Data) -> None:
    document = WRONG[sentence](gan())
    refusal = procedures.make("gan").refusal(Layout(document))
    assert refusal.endswith(".")
    assert re.search(sentence, refusal), refusal
    with pytest.raises(AxonError):
        Trainer(document, ring, fresh(document))


def test_a_good_one_is_not(gan: Callable[..., Document]) -> None:
    assert not Gan().refusal(Layout(gan()))
    assert not Gan().refusal(Layout(gan(blur=0.1)))
