"""A recurrent model of the next symbol."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.architectures.cells import CELLS, read, recurrent
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

DATA = ("grammar", "names", "text")
BATCH = 32


@architectures.add("language_model")
@dataclass(frozen=True)
class LanguageModel(Architecture):
    """``text – embedding – recurrent layer – softmax over the symbols``: which symbol comes next?

    Going on from its own symbols it writes texts of its own.

    Source: J. L. Elman, Finding structure in time, Cognitive Science 14 (1990) 179-211.
    """

    title = "Language model"
    summary = "Reads a text symbol by symbol, guesses the next one, and so learns to write."
    group = "Sequences"
    rank = 42

    data: str = knob("grammar", "Data", choices=DATA)
    cell: str = knob("gru", "Cell", choices=CELLS)
    units: int = knob(96, "Units", minimum=1, maximum=128)
    embedding: int = knob(16, "Numbers a symbol", symbol="d", minimum=1, maximum=64)

    def document(self) -> Document:
        spec = Spec.of("grammar", examples=3000) if self.data == "grammar" else Spec(self.data)
        data = data_for(spec)
        draw = Builder()
        read(draw, data, self.embedding, "Text")
        recurrent(draw, self.cell, self.units)
        draw.add("output", len(data.symbols), activation=Spec("softmax"), name="Next symbol")
        few = data.m < 50
        updates = self.epochs * (1 if few else -(-data.m // BATCH))
        careful = self.data == "names" or self.cell == "rnn"
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
            optimizer=Spec.of("adam", learning_rate=0.005 if careful else 0.01),
            training=Training(
                batch_size=None if few else BATCH,
                shuffle=not few,
                precision="single",
                procedure=Spec("next_token"),
                schedule=Spec.of("cosine", updates=updates, floor=0.02),
                clipping=Spec.of("by_norm"),
            ),
        )

    @property
    def epochs(self) -> int:
        if self.data == "grammar" and self.cell == "rnn":
            return 40
        return {"grammar": 20, "names": 20, "text": 200}[self.data]

    def figures(self) -> tuple[Figure, ...]:
        if self.data == "grammar":
            other = Spec.of("grammar", examples=200)
            return (
                Figure("bits", 0.55, higher=False, baseline=2.33, simple="counted pairs", data=other, seed=1),
                Figure("valid", 0.95, baseline=0.0, simple="counted pairs"),
            )
        if self.data == "names":
            test = Spec.of("names", part="test")
            return (Figure("bits", 2.95, higher=False, baseline=3.38, simple="counted pairs", data=test),)
        return ()

    @classmethod
    def judged(cls) -> tuple[LanguageModel, ...]:
        return (*(cls(cell=cell) for cell in ("gru", "lstm", "rnn")), cls(data="names", units=48))
