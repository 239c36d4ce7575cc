"""The convolutional network."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training


@architectures.add("cnn")
@dataclass(frozen=True)
class Cnn(Architecture):
    """Blocks of convolution and max-pooling, then a dense output: conv f – pool – conv 2f – pool – 10.

    Every block halves the picture and has twice as many filters as the one before.

    Source: Y. LeCun and others, Backpropagation applied to handwritten zip code recognition,
    Neural Computation 1 (1989) 541-551.
    """

    title = "Convolutional network"
    summary = "Small filters slide over a picture and find strokes, then shapes made of strokes."
    group = "Images"
    rank = 30

    filters: int = knob(16, "Filters of the first block", minimum=1, maximum=64)
    blocks: int = knob(2, "Blocks", minimum=1, maximum=3)
    kernel: int = knob(3, "Kernel size", symbol="f", minimum=1, maximum=7)
    norm: bool = knob(False, "Batch normalisation", help="Behind every convolution, before its ReLU.")
    hidden: int = knob(
        0, "Hidden units", minimum=0, maximum=256, help="A dense layer before the output; 0 for none."
    )
    dropout: float = knob(0.0, "Dropout", symbol="q", minimum=0.0, maximum=0.9)

    def document(self) -> Document:
        spec = Spec("digits")
        data = data_for(spec)
        draw = Builder()
        draw.input(data, name="Picture")
        for number in range(1, self.blocks + 1):
            with draw.group(f"Block {number}"):
                self._block(draw, self.filters * 2 ** (number - 1))
        draw.add("flatten")
        if self.hidden:
            draw.add("dense", self.hidden, activation=Spec("relu"))
        if self.dropout:
            draw.add("dropout", rate=self.dropout)
        draw.add("output", data.k, activation=Spec("softmax"), name="Digit")
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
            optimizer=Spec.of("adam", learning_rate=0.005),
            training=Training(batch_size=32, shuffle=True, held_out=0.2, precision="single"),
        )

    def _block(self, draw: Builder, filters: int) -> None:
        if self.norm:
            draw.add("conv2d", filters, kernel=self.kernel, activation=Spec("identity"), bias=False)
            draw.add("batch_norm")
            draw.add("activation", activation=Spec("relu"))
        else:
            draw.add("conv2d", filters, kernel=self.kernel, activation=Spec("relu"))
        draw.add("max_pool", size=2)

    @property
    def epochs(self) -> int:
        return 20

    def figures(self) -> tuple[Figure, ...]:
        return (Figure("accuracy", 0.98, baseline=0.1, simple="chance"),)
