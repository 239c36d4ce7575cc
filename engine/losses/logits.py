"""What the losses share that take logits: sums before the sigmoid or softmax. It holds no kind."""

from __future__ import annotations

import math

from engine.losses.base import Loss


class Logits(Loss):
    """A loss with the sigmoid or softmax within it; the output must not squash its sums too."""

    def refusal(self, activation: str, bounds: tuple[float, float], outputs: int) -> str:
        if math.isfinite(bounds[0]) and math.isfinite(bounds[1]):
            return (
                f"{self.title} needs the plain sums, and {activation} squashes them: choose the identity"
                " for the output, or the loss without logits."
            )
        return super().refusal(activation, bounds, outputs)
