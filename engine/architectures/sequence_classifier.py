"""A recurrent network that reads a sequence and then answers once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.architectures.cells import CELLS, read, recurrent
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training


@architectures.add("sequence_classifier")
@dataclass(frozen=True)
class SequenceClassifier(Architecture):
    """``sequence – recurrent layer – its last state – output``; a text goes through an embedding first.

    To recall a symbol after many steps the first memory must be long: that is the bias with which
    the LSTM's forget gate and the GRU's update gate begin. A plain RNN has no such gate.

    Sources: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997) 1735-1780; K. Cho and
    others, EMNLP 2014.
    """

    title = "Sequence classifier"
    summary = "Reads a sequence to its end and then says what it was."
    group = "Sequences"
    rank = 40

    data: str = knob("sentiment", "Data", choices=("recall", "sentiment"))
    cell: str = knob("gru", "Cell", choices=CELLS)
    units: int = knob(24, "Units", minimum=1, maximum=128)
    bidirectional: bool = knob(False, "Bidirectional")
    embedding: int = knob(16, "Numbers a word", symbol="d", minimum=1, maximum=64)
    memory: float = knob(1.0, "First memory", minimum=-5.0, maximum=5.0, help="Bias of the gate that keeps.")
    time: int = knob(30, "Steps to recall", symbol="T", minimum=5, maximum=100)

    def document(self) -> Document:
        recall = self.data == "recall"
        spec = Spec.of("recall", time=self.time) if recall else Spec(self.data)
        data = data_for(spec)
        draw = Builder()
        read(draw, data, self.embedding, "Symbols" if recall else "Words")
        recurrent(draw, self.cell, self.units, both=self.bidirectional, memory=self.memory)
        draw.add("last_step", both_ends=self.bidirectional, name="Last state")
        draw.add("output", 1, activation=Spec("sigmoid"), name="First symbol" if recall else "Good or bad")
        return draw.document(
            self.title,
            data=spec,
            loss="bce",
            optimizer=Spec.of("adam", learning_rate=0.01),
            training=Training(
                batch_size=32,
                shuffle=True,
                held_out=0.2,
                precision="single",
                clipping=Spec.of("by_norm"),
            ),
        )

    @property
    def epochs(self) -> int:
        return 10

    def figures(self) -> tuple[Figure, ...]:
        if self.data == "recall":
            return (Figure("accuracy", 1.0, baseline=0.5, simple="chance"),)
        return (Figure("accuracy", 0.97, baseline=0.845, simple="the best that counts words"),)

    @classmethod
    def judged(cls) -> tuple[SequenceClassifier, ...]:
        return (
            cls(),
            cls(data="recall", cell="lstm", units=16, memory=3.0, time=30),
            cls(data="recall", cell="lstm", units=16, memory=3.0, time=50),
            cls(data="recall", cell="gru", units=16, memory=2.0, time=30),
        )
