"""The denoising autoencoder."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

NOISE = 0.4


@architectures.add("denoising_autoencoder")
@dataclass(frozen=True)
class DenoisingAutoencoder(Architecture):
    """``64 – 128 – k – 128 – 64``: the input is noisy, ``x' = x + σ ε``, and the target is clean.

    The noise is drawn anew at every update.

    Source: P. Vincent and others, Extracting and composing robust features with denoising
    autoencoders, ICML 2008.
    """

    title = "Denoising autoencoder"
    summary = "Gets a noisy picture and gives out the clean one."
    group = "Images"
    rank = 37

    noise: float = knob(NOISE, "Noise", symbol="σ", minimum=0.0, maximum=2.0)
    code: int = knob(32, "Units of the code", symbol="k", minimum=1, maximum=128)
    units: int = knob(128, "Units of the wide layers", minimum=4, maximum=256)

    def document(self) -> Document:
        spec = Spec("digits")
        data = data_for(spec)
        draw = Builder()
        draw.input(data, name="Noisy picture", flat=True)
        with draw.group("Encoder"):
            draw.add("dense", self.units, activation=Spec("relu"))
            draw.add("dense", self.code, activation=Spec("relu"), name="Code")
        with draw.group("Decoder"):
            draw.add("dense", self.units, activation=Spec("relu"))
            draw.add("output", data.n, activation=Spec("sigmoid"), name="Clean picture")
        return draw.document(
            self.title,
            data=spec,
            loss=Spec.of("mse", form="mean"),
            optimizer=Spec.of("adam", learning_rate=0.003),
            training=Training(
                batch_size=32,
                shuffle=True,
                held_out=0.2,
                precision="single",
                procedure=Spec.of("reconstruction", noise=self.noise),
            ),
        )

    @property
    def epochs(self) -> int:
        return 60

    def figures(self) -> tuple[Figure, ...]:
        if self.noise != NOISE:
            return ()
        simple = "the noisy picture, cut off at 0 and 1"
        return (Figure("mse", 0.035, higher=False, baseline=0.084, simple=simple),)
