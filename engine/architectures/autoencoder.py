"""The autoencoder."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

PCA = {2: 0.0535, 8: 0.0251}
"""Mean squared error of a principal component analysis with so many numbers, on the held-out digits."""


@architectures.add("autoencoder")
@dataclass(frozen=True)
class Autoencoder(Architecture):
    """``64 – 64 – 32 – k – 32 – 64 – 64``: a picture is squeezed into k numbers and made of them again.

    The target is the input itself. With the identity everywhere the code spans the same plane as
    the first k principal components.

    Source: G. Hinton and R. Salakhutdinov, Reducing the dimensionality of data with neural
    networks, Science 313 (2006) 504-507.
    """

    title = "Autoencoder"
    summary = "Squeezes a picture into a few numbers and makes the picture of them again."
    group = "Images"
    rank = 36

    code: int = knob(2, "Numbers of the code", symbol="k", minimum=1, maximum=32)
    units: int = knob(64, "Units of the widest layer", minimum=4, maximum=256, help="The next one has half.")
    activation: Spec = knob(Spec("relu"), "Activation", family="activation", symbol="g")

    def document(self) -> Document:
        spec = Spec("digits")
        data = data_for(spec)
        draw = Builder()
        draw.input(data, name="Picture", flat=True)
        wide, narrow = self.units, self.units // 2
        with draw.group("Encoder"):
            draw.add("dense", wide, activation=self.activation)
            draw.add("dense", narrow, activation=self.activation)
            draw.add("dense", self.code, activation=Spec("identity"), name="Code")
        with draw.group("Decoder"):
            draw.add("dense", narrow, activation=self.activation)
            draw.add("dense", wide, activation=self.activation)
            last = "identity" if self.activation.kind == "identity" else "sigmoid"
            draw.add("output", data.n, activation=Spec(last), name="Picture again")
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
                procedure=Spec("reconstruction"),
            ),
        )

    @property
    def epochs(self) -> int:
        return 100

    def figures(self) -> tuple[Figure, ...]:
        if self.code not in PCA:
            return ()
        simple = PCA[self.code]
        return (Figure("mse", 0.8 * simple, higher=False, baseline=simple, simple="PCA"),)

    @classmethod
    def judged(cls) -> tuple[Autoencoder, ...]:
        return cls(code=2), cls(code=8)
