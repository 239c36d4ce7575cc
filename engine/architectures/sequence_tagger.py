"""A recurrent network that answers at every step."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.architectures.cells import CELLS, read, recurrent
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training


@architectures.add("sequence_tagger")
@dataclass(frozen=True)
class SequenceTagger(Architecture):
    """``sequence – recurrent layer – output at every step``, by default in both directions.

    The question is whether the next bit differs from this one. One direction alone cannot know
    it and stays at one half; the second direction comes from the future.

    Source: M. Schuster and K. Paliwal, Bidirectional Recurrent Neural Networks, IEEE Transactions
    on Signal Processing 45 (1997) 2673-2681.
    """

    title = "Sequence tagger"
    summary = "Answers at every step of a sequence, knowing what came before and what comes after."
    group = "Sequences"
    rank = 41

    cell: str = knob("rnn", "Cell", choices=CELLS)
    units: int = knob(12, "Units a direction", minimum=1, maximum=128)
    bidirectional: bool = knob(True, "Bidirectional")
    time: int = knob(12, "Steps", symbol="T", minimum=3, maximum=60)

    def document(self) -> Document:
        spec = Spec.of("next_bit", time=self.time)
        data = data_for(spec)
        draw = Builder()
        read(draw, data, 1, "Bits")
        recurrent(draw, self.cell, self.units, both=self.bidirectional)
        draw.add("output", len(data.classes), activation=Spec("softmax"), name="Changes?")
        return draw.document(
            self.title,
            data=spec,
            loss="cross_entropy",
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
        return 20

    def figures(self) -> tuple[Figure, ...]:
        if not self.bidirectional:
            return ()
        return (Figure("accuracy", 0.99, baseline=0.5, simple="one direction alone"),)
