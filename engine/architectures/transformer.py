"""The transformer as a model of the next symbol."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.blocks import transformer_block
from engine.architectures.builder import Builder
from engine.architectures.cells import read
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

DATA = ("reverse", "sort", "addition", "grammar", "names")
QUESTIONS = ("reverse", "sort", "addition")
BATCH, WARM_UP = 64, 100


@architectures.add("transformer")
@dataclass(frozen=True)
class Transformer(Architecture):
    """``text – embedding – position – blocks – softmax over the symbols``, with a causal mask.

    A block is attention and a dense part, each with a shortcut and a layer normalisation, before
    it (pre-norm) or behind the sum (post-norm, as in the first paper). Pre-norm needs one more
    normalisation at the end.

    Sources: A. Vaswani and others, Attention Is All You Need, NeurIPS 2017; R. Xiong and others,
    On Layer Normalization in the Transformer Architecture, ICML 2020.
    """

    title = "Transformer"
    summary = "Every symbol asks those before it, and takes from each a share of what it holds."
    group = "Sequences"
    rank = 50

    data: str = knob("reverse", "Data", choices=DATA)
    d: int = knob(48, "Numbers a symbol", symbol="d", minimum=8, maximum=128, help="A multiple of the heads.")
    blocks: int = knob(2, "Blocks", minimum=1, maximum=4)
    heads: int = knob(4, "Heads", symbol="h", minimum=1, maximum=8)
    norm: str = knob("before", "Normalisation", choices=("before", "after"), help="Pre-norm or post-norm.")
    positions: bool = knob(
        True, "Positions", help="Without them the text is a bag of symbols, but for the mask."
    )

    def document(self) -> Document:
        spec = Spec.of(self.data, examples=10_000) if self.data in QUESTIONS else Spec(self.data)
        if self.data == "grammar":
            spec = Spec.of("grammar", examples=3000)
        data = data_for(spec)
        d, first = self.d - self.d % self.heads, self.norm == "before"
        draw = Builder()
        read(draw, data, d, "Text")
        if self.positions:
            draw.add("positional_encoding", name="Position")
        for number in range(1, self.blocks + 1):
            transformer_block(
                draw, f"Block {number}", d, heads=self.heads, wide=4 * d, causal=True, norm_first=first
            )
        if first:
            draw.add("layer_norm", name="Norm")
        draw.add("output", len(data.symbols), activation=Spec("softmax"), name="Next")
        updates = self.epochs * -(-data.m // BATCH) - WARM_UP
        slower = Spec.of("cosine", updates=updates, floor=0.02)
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
            optimizer=Spec.of("adam", learning_rate=0.003),
            training=Training(
                batch_size=BATCH,
                shuffle=True,
                precision="single",
                procedure=Spec("next_token"),
                schedule=Spec.of("warm_up", updates=WARM_UP, after=slower),
                clipping=Spec.of("by_norm"),
            ),
        )

    @property
    def epochs(self) -> int:
        return {"reverse": 6, "sort": 12, "addition": 25, "grammar": 12, "names": 15}[self.data]

    def figures(self) -> tuple[Figure, ...]:
        if self.data in QUESTIONS:
            test = Spec.of(self.data, part="test", examples=1000)
            return (Figure("exact", 0.99, baseline=0.0, simple="guessing", data=test),)
        if self.data == "grammar":
            other = Spec.of("grammar", examples=200)
            return (
                Figure("bits", 0.55, higher=False, baseline=2.33, simple="counted pairs", data=other, seed=1),
            )
        test = Spec.of("names", part="test")
        return (Figure("bits", 3.2, higher=False, baseline=3.38, simple="counted pairs", data=test),)

    @classmethod
    def judged(cls) -> tuple[Transformer, ...]:
        return tuple(cls(data=data) for data in (*QUESTIONS, "grammar"))
