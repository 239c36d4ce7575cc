"""A network in the form of a U, which says of every pixel what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

BATCH = 8


@architectures.add("segmentation")
@dataclass(frozen=True)
class Segmentation(Architecture):
    """``1 – 8 – 16 – 32 – 16 – 8 – 3`` feature maps: the picture is halved and made large again.

    On the way down a level sees more of the surroundings but knows less exactly where; a shortcut
    joins the maps of the same size on the way up and brings the edges back.

    Source: O. Ronneberger, P. Fischer and T. Brox, U-Net, MICCAI 2015, in small.
    """

    title = "U-Net"
    summary = "Says of every pixel of a picture whether it belongs to the organ or to the lesion in it."
    group = "Images"
    rank = 34

    filters: int = knob(8, "Filters of the first level", minimum=1, maximum=16)
    levels: int = knob(2, "Times halved", minimum=1, maximum=3)
    shortcuts: bool = knob(True, "Shortcuts", help="Join the maps of the way down on the way up.")

    def document(self) -> Document:
        spec = Spec("slices")
        data = data_for(spec)
        draw, joined = Builder(), []
        draw.input(data, name="Slice")
        with draw.group("Encoder"):
            for level in range(self.levels):
                joined.append(self._conv(draw, level, level))
                draw.add("max_pool", size=2, row=level + 1, name="Pool")
        self._conv(draw, self.levels, self.levels, "Bottom")
        with draw.group("Decoder"):
            for level in reversed(range(self.levels)):
                up = draw.add("upsampling", row=level + 1, name="Up")
                if self.shortcuts:
                    draw.add("concatenate", after=(up, joined[level]), row=level, name="Shortcut")
                self._conv(draw, level, level)
        classes, updates = len(data.classes), self.epochs * -(-data.m // BATCH)
        draw.add("output", classes, activation=Spec("softmax"), name="Classes")
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
            optimizer=Spec.of("adam", learning_rate=0.005),
            training=Training(
                batch_size=BATCH,
                shuffle=True,
                precision="single",
                schedule=Spec.of("cosine", updates=updates, floor=0.02),
            ),
        )

    def _conv(self, draw: Builder, level: int, row: int, name: str = "Conv") -> str:
        return draw.add("conv2d", self.filters * 2**level, activation=Spec("relu"), row=row, name=name)

    @property
    def epochs(self) -> int:
        return 45

    def figures(self) -> tuple[Figure, ...]:
        other = Spec.of("slices", examples=100, seed=1)
        return (
            Figure("dice_1", 0.88, baseline=0.63, simple="the best range of greys", data=other),
            Figure("dice_2", 0.65, baseline=0.11, simple="the best range of greys", data=other),
        )
