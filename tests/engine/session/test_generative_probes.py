"""What the panels of generating networks ask the worker, against the predictor and the samplers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document
from engine.learned import fresh
from engine.network import Network
from engine.predict import Predictor
from engine.samples import mlp
from engine.sampling import denoised, generated, judged, next_symbol, text
from engine.session.denoisings import Denoised, Sampler, Sampling, Wish
from engine.session.game import Game, Watcher
from engine.session.latent import Codes, Decoding
from engine.session.present import Present
from engine.session.probes import Probe
from engine.session.writing_on import WritingOn
from engine.trainer import Trainer


def trained(kind: str, updates: int = 3, **knobs: object) -> Trainer:
    document = architectures.make(Spec.of(kind, **knobs)).document()
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(updates)
    return trainer


class Asked:
    """The worker's compiled networks, for one trainer."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.compiled: dict[int, Network] = {}

    def networks(self, m: int) -> Network:
        if m not in self.compiled:
            self.compiled[m] = Network(self.trainer.store, m, learns=False)
        return self.compiled[m]

    def __call__(self, probe: Probe) -> object:
        return probe.answer(self.trainer, self.networks)


def by_itself(document: Document, trainer: Trainer) -> Predictor:
    return Predictor(document, trainer.learned)


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize("kind", ["autoencoder", "denoising_autoencoder"])
def test_a_code_decodes_to_the_picture_of_its_example(kind: str) -> None:
    trainer = trained(kind)
    ask, predict = Asked(trainer), by_itself(trainer.document, trainer)
    layer = next(each.id for each in trainer.document.layers if each.name == "Code")
    codes = ask(Codes(layer, 20))
    assert isinstance(codes, np.ndarray)
    predict(trainer.data.X[:, :20])
    assert np.allclose(codes, predict.network(20).places[layer].a, atol=1e-5)
    places = codes[:2, [7]].astype(float)
    picture = ask(Decoding(layer, (0, 1), places, example=7))
    assert picture == pytest.approx(predict(trainer.data.X[:, [7]]), abs=1e-5)


def test_the_others_stay_with_the_example() -> None:
    trainer = trained("denoising_autoencoder")
    ask, predict = Asked(trainer), by_itself(trainer.document, trainer)
    layer = next(each.id for each in trainer.document.layers if each.name == "Code")
    places = np.array([[3.0, 0.0], [1.0, 4.0]])
    made = ask(Decoding(layer, (5, 9), places, example=11))
    predict(trainer.data.X[:, [11]])
    code = predict.network(1).places[layer].a[:, 0].copy()
    for column in range(2):
        code[5], code[9] = places[:, column]
        expected = predict.run({layer: code[:, None]}, trainer.layout.output.layer.id)[:, 0]
        assert np.allclose(made[:, column], expected, atol=1e-5)  # type: ignore[index]


def test_what_is_no_code_has_no_answer() -> None:
    ask = Asked(trained("autoencoder"))
    assert ask(Codes("nowhere")) is None
    assert ask(Decoding("nowhere", (0, 1), np.zeros((2, 1)))) is None
    layer = next(each.id for each in ask.trainer.document.layers if each.name == "Code")
    assert ask(Decoding(layer, (0, 7), np.zeros((2, 1)))) is None
    assert Asked(trained("gan"))(Codes("noise")) is None


# ---------------------------------------------------------------- GAN


def test_the_game_is_that_of_the_running_network() -> None:
    trainer = trained("gan", 6)
    ask, predict = Asked(trainer), by_itself(trainer.document, trainer)
    X = np.array([[0.0, 1.0, -2.0], [0.5, 0.0, 2.0]])
    found = ask(Game(Watcher(), 30, X, seed=4))
    assert found.step == 6  # type: ignore[attr-defined]
    assert np.allclose(found.fake, generated(predict, 30, seed=4), atol=1e-5)  # type: ignore[attr-defined]
    assert np.allclose(found.field, judged(predict, X)[0], atol=1e-5)  # type: ignore[attr-defined]
    assert np.allclose(found.real, judged(predict, trainer.data.X[:, :200])[0], atol=1e-5)  # type: ignore[attr-defined]


def test_looking_changes_nothing() -> None:
    one, other = trained("gan", 0), trained("gan", 0)
    ask, watcher = Asked(one), Watcher()
    for _ in range(4):
        ask(Game(watcher, 16, np.zeros((2, 3))))
        one.advance()
        other.advance()
    assert one.store.theta.tobytes() == other.store.theta.tobytes()


def test_other_networks_have_no_game() -> None:
    assert Asked(trained("autoencoder"))(Game(Watcher(), 5, np.zeros((2, 0)))) is None


def test_the_number_of_the_update_is_afterwards_as_it_was() -> None:
    trainer = trained("gan")
    ask = Asked(trainer)
    ask.networks(4).plan.step = 17
    generated(Present(trainer, ask.networks), 4)
    assert ask.networks(4).plan.step == 17


# ---------------------------------------------------------------- diffusion


def complete(ask: Asked, probe: Sampling) -> Denoised:
    for _ in range(500):
        found = ask(probe)
        assert isinstance(found, Denoised)
        if found.complete:
            return found
    raise AssertionError("never complete")


def test_slices_make_the_same_samples_as_one_go() -> None:
    trainer = trained("diffusion", steps=20)
    places = np.array([[0.0, 1.0], [2.0, -1.0]])
    found = complete(Asked(trainer), Sampling(Sampler(Wish(9, seed=5), places), 0.0))
    predict = by_itself(trainer.document, trainer)
    expected = list(denoised(predict, 9, seed=5))
    assert [each.t for each in found.frames] == list(range(20, -1, -1))
    assert all(np.allclose(one.x, two.x, atol=1e-6) for one, two in zip(found.frames, expected, strict=True))
    row = np.full((1, 2), 8.0)
    assert np.allclose(found.arrows[12], predict(np.concatenate([places, row])), atol=1e-5)
    assert found.step == 3 and found.arrows[-1].shape == (2, 0)


def test_the_weights_are_those_at_its_beginning() -> None:
    trainer = trained("diffusion", steps=20)
    ask, probe = Asked(trainer), Sampling(Sampler(Wish(4), np.zeros((2, 0))), 0.0)
    assert not ask(probe).complete  # type: ignore[attr-defined]
    expected = list(denoised(by_itself(trainer.document, trainer), 4))[-1].x
    trainer.advance(5)
    found = ask(probe)
    while not found.frames:  # type: ignore[attr-defined]
        found = ask(probe)
    assert found.step == 3 and not found.complete  # type: ignore[attr-defined]
    assert np.allclose(found.frames[-1].x, expected, atol=1e-6)  # type: ignore[attr-defined]
    assert complete(ask, probe).step == 8


def test_classes_are_asked_for() -> None:
    trainer = trained("diffusion", steps=10, data="moons", conditional=True)
    ask = Asked(trainer)
    found = complete(ask, Sampling(Sampler(Wish(3, classes=(1, 0, 1)), np.zeros((2, 0)))))
    expected = list(denoised(by_itself(trainer.document, trainer), 3, classes=(1, 0, 1)))[-1].x
    assert np.allclose(found.frames[-1].x, expected, atol=1e-6)
    assert ask(Sampling(Sampler(Wish(3), np.zeros((2, 0))))) is None
    assert Asked(trained("gan"))(Sampling(Sampler(Wish(3), np.zeros((2, 0))))) is None


# ---------------------------------------------------------------- text


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.5])
def test_symbol_after_symbol_the_text_of_the_engine_comes_out(temperature: float) -> None:
    trainer = trained("language_model", 5, units=8)
    ask, symbols = Asked(trainer), trainer.data.symbols
    numbers = (1,)
    for _ in range(12):
        found = ask(WritingOn(numbers, temperature, seed=6))
        numbers += (found.number,)  # type: ignore[attr-defined]
    predict = by_itself(trainer.document, trainer)
    made = "".join(symbols[each] for each in numbers)
    assert made == text(predict, symbols, symbols[1], 12, temperature, seed=6)
    assert (
        found.shares
        == pytest.approx(  # type: ignore[attr-defined]
            next_symbol(predict, symbols, made[:-1], temperature), abs=1e-6
        )
    )
    assert found.plain.sum() == pytest.approx(1.0)  # type: ignore[attr-defined]


def test_other_symbols_and_other_networks_have_no_next_one() -> None:
    ask = Asked(trained("language_model", 0, units=8))
    assert ask(WritingOn((10_000,))) is None and ask(WritingOn(())) is None
    document = mlp(2, 2, 1)
    assert Asked(Trainer(document, data_of(document), fresh(document)))(WritingOn((0,))) is None
