"""The vision transformer."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.blocks import transformer_block
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training


@architectures.add("vit")
@dataclass(frozen=True)
class Vit(Architecture):
    """``patches – class token – positions – blocks – what the token has gathered – output``.

    A picture of 8×8 becomes a sentence of sixteen patches of 2×2. Without positions it is a bag of
    patches, which can be told apart much worse. The answer is read off the class token, as in the
    first paper, or off the mean of all patches.

    Sources: A. Dosovitskiy and others, An Image is Worth 16x16 Words, ICLR 2021; L. Beyer, X. Zhai and
    A. Kolesnikov, Better plain ViT baselines for ImageNet-1k, 2022.
    """

    title = "Vision transformer"
    summary = "Cuts a picture into patches and reads them like the words of a sentence."
    group = "Images"
    rank = 32

    patch: int = knob(
        2, "Patch size", symbol="p", minimum=1, maximum=4, help="1, 2 or 4: a part of 8; 3 counts as 2."
    )
    d: int = knob(32, "Numbers a patch", symbol="d", minimum=8, maximum=128, help="A multiple of the heads.")
    blocks: int = knob(2, "Blocks", minimum=1, maximum=4)
    heads: int = knob(4, "Heads", symbol="h", minimum=1, maximum=8)
    positions: bool = knob(True, "Positions")
    token: bool = knob(True, "Class token", help="Without it the mean of all patches is read off.")

    def document(self) -> Document:
        spec = Spec("digits")
        data = data_for(spec)
        d = self.d - self.d % self.heads
        draw = Builder()
        draw.input(data, name="Picture")
        draw.add("patch_embedding", d, patch={1: 1, 4: 4}.get(self.patch, 2), name="Patches")
        if self.token:
            draw.add("class_token", name="Token")
        if self.positions:
            draw.add("positional_encoding", form="learned", name="Position")
        for number in range(1, self.blocks + 1):
            transformer_block(
                draw, f"Block {number}", d, heads=self.heads, wide=2 * d, causal=False, norm_first=True
            )
        draw.add("layer_norm", name="Norm")
        if self.token:
            draw.add("first_step", name="Gathered")
        else:
            draw.add("mean_over_time", name="Mean")
        draw.add("output", data.k, activation=Spec("softmax"), name="Digit")
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
            optimizer=Spec.of("adam", learning_rate=0.003),
            training=Training(
                batch_size=32,
                shuffle=True,
                held_out=0.2,
                precision="single",
                schedule=Spec.of("warm_up", updates=50, after=Spec.of("cosine", updates=1800, floor=0.05)),
            ),
        )

    @property
    def epochs(self) -> int:
        return 40

    def figures(self) -> tuple[Figure, ...]:
        if not self.positions:
            return ()
        return (Figure("accuracy", 0.95, baseline=0.71, simple="without positions"),)
