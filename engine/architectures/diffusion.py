"""A diffusion model."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.datasets.base import Task
from engine.document import Document, Training

POINTS = ("swiss_roll", "moons", "ring8")
BATCH = 128
NOISE = {"swiss_roll": 5.4, "moons": 9.1}
"""How much further from real points than other real points normal noise lies."""


@architectures.add("diffusion")
@dataclass(frozen=True)
class Diffusion(Architecture):
    """``[x_t, waves of t, class] – units – units – units – ε``: which noise is in x_t?

    New examples are made of plain noise, by taking a little of the noise away again and again.

    Source: J. Ho, A. Jain and P. Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020.
    """

    title = "Diffusion model"
    summary = "Learns to see the noise in noisy examples; starting from noise alone it makes new ones."
    group = "Generators"
    rank = 80

    data: str = knob("swiss_roll", "Data", choices=(*POINTS, "digits"))
    units: int = knob(128, "Units a layer", minimum=1, maximum=256)
    hidden: int = knob(3, "Hidden layers", minimum=1, maximum=5)
    waves: int = knob(16, "Numbers of the time", minimum=2, maximum=64)
    steps: int = knob(50, "Steps", symbol="T", minimum=10, maximum=200)
    conditional: bool = knob(False, "With classes", help="Only of data that has classes: moons and digits.")

    def document(self) -> Document:
        points = self.data in POINTS
        spec = Spec.of(self.data, examples=10_000) if points else Spec(self.data)
        data = data_for(spec)
        told = self.conditional and data.task is not Task.REGRESSION
        draw = Builder()
        inputs = [draw.add("input", data.n, name="Noisy example")]
        draw.add("input", 1, name="Time t", row=1)
        inputs.append(draw.add("time_embedding", self.waves, row=1))
        if told:
            inputs.append(draw.add("input", data.k, name="Class", row=2))
        draw.add("concatenate", after=inputs)
        for _ in range(self.hidden):
            draw.add("dense", self.units, activation=Spec("relu"))
        draw.add("output", data.n, activation=Spec("identity"), name="Noise")
        updates = self.epochs * -(-data.m // BATCH)
        return draw.document(
            self.title,
            data=spec,
            loss=Spec.of("mse", form="mean"),
            optimizer=Spec.of("adam", learning_rate=0.003),
            training=Training(
                batch_size=BATCH,
                shuffle=True,
                precision="single",
                procedure=Spec.of(
                    "diffusion", steps=self.steps, last=last_beta(self.steps), conditional=told
                ),
                schedule=Spec.of("cosine", updates=updates, floor=0.02),
            ),
        )

    @property
    def epochs(self) -> int:
        return 150 if self.data in POINTS else 500

    def figures(self) -> tuple[Figure, ...]:
        if self.data == "digits":
            if not self.conditional:
                return ()
            return (Figure("agreement", 0.9, baseline=0.1, simple="chance"),)
        if self.data not in NOISE:
            return ()
        return (Figure("distance_ratio", 1.5, higher=False, baseline=NOISE[self.data], simple="noise"),)

    @classmethod
    def judged(cls) -> tuple[Diffusion, ...]:
        return cls(), cls(data="moons", units=64), cls(data="digits", units=256, steps=100, conditional=True)


def last_beta(steps: int) -> float:
    """A last β after which less than a hundredth of the example is left, for any number of steps.

    ``ᾱ_T ≈ e^(−Σβ)`` with the mean β about half of the last: ``last = 10/T`` gives about 0.004.
    """
    return min(0.9, 10.0 / steps)
