"""The generative adversarial network."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

UPDATES = 10_000
"""So many updates, half of them of each part, and the training is over."""


@architectures.add("gan")
@dataclass(frozen=True)
class Gan(Architecture):
    """Generator ``z – 64 – 64 – 2`` and discriminator ``2 – 64 – 64 – 1``, which learn in turns.

    The generator makes points of z random numbers; the discriminator gets real or made-up points,
    by a switch, and says which they are. With two numbers z all eight clouds are found; with
    sixteen the generator makes only some of them (mode collapse).

    Source: I. Goodfellow and others, Generative Adversarial Nets, NeurIPS 2014.
    """

    title = "GAN"
    summary = "A generator learns to make points that a discriminator cannot tell from real ones."
    group = "Generators"
    rank = 70

    data: str = knob("ring8", "Data", choices=("ring8", "swiss_roll"))
    z: int = knob(2, "Random numbers", symbol="z", minimum=1, maximum=32)
    units: int = knob(64, "Units a layer", minimum=1, maximum=256)
    hidden: int = knob(2, "Hidden layers", minimum=1, maximum=4)
    noise: float = knob(
        0.1,
        "Noise on what is judged",
        symbol="σ",
        minimum=0.0,
        maximum=1.0,
        help="Keeps the judge uncertain.",
    )

    def document(self) -> Document:
        spec = Spec.of(self.data, examples=2000)
        data = data_for(spec)
        draw = Builder()
        with draw.group("Generator"):
            draw.add("noise", self.z, name="Noise")
            self._hidden(draw)
            made = draw.add("dense", data.n, activation=Spec("identity"), name="Made up")
        column = self.hidden + 2
        real = draw.add("input", data.n, name="Real", row=-1, column=column)
        switch = draw.add("input", 1, name="Switch", row=1, column=column)
        draw.add("choice", after=(real, made, switch), name="Real or made up")
        with draw.group("Discriminator"):
            if self.noise:
                draw.add("gaussian_noise", deviation=self.noise, fades=UPDATES, name="Fading noise")
            self._hidden(draw)
            draw.add("output", 1, activation=Spec("sigmoid"), name="Real?")
        return draw.document(
            self.title,
            data=spec,
            loss="bce",
            optimizer=Spec.of("adam", learning_rate=0.002, beta1=0.5, beta2=0.99),
            training=Training(
                batch_size=256,
                shuffle=True,
                precision="single",
                procedure=Spec("gan"),
                schedule=Spec.of("cosine", updates=UPDATES, floor=0.1),
            ),
        )

    def _hidden(self, draw: Builder) -> None:
        for _ in range(self.hidden):
            draw.add("dense", self.units, activation=Spec.of("leaky_relu", leak=0.2))

    @property
    def epochs(self) -> int:
        return 625

    def figures(self) -> tuple[Figure, ...]:
        if self.data != "ring8" or self.z != 2:
            return ()
        return (
            Figure("modes", 7, baseline=0, simple="noise"),
            Figure("in_modes", 0.8, baseline=0.02, simple="noise"),
        )
