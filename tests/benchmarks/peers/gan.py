"""W8: a GAN on points of the plane; a step trains the discriminator and then the generator."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.spec import Spec
from peers import assumed, axon
from peers.workload import FED_BATCHES, Setting, Side, Workload, dense_products, noise, trained

BATCH, LATENT, WIDTH = 64, 2, 16
GENERATOR = (LATENT, WIDTH, WIDTH, 2)
DISCRIMINATOR = (2, WIDTH, WIDTH, 1)
RATE = 1e-4


def _m(setting: Setting) -> int:
    return BATCH * (FED_BATCHES if setting.fed else 1)


def _axon(setting: Setting) -> Side:
    adam = Spec.of("adam", learning_rate=RATE, beta1=0.5)
    document = assumed.gan(latent=LATENT, width=WIDTH, optimizer=adam, batch=BATCH if setting.fed else None)
    axon.available(document)
    return axon.trainer(document, assumed.point_data(noise(setting, 2, _m(setting))), setting)


def _torch(setting: Setting) -> Mapping[str, Side]:
    return {"eager": _torch_side(False, setting), "fused": _torch_side(True, setting)}


def _torch_side(fused: bool, setting: Setting) -> Side:
    """The generated points are used twice; the generator's turn leaves out dW of the discriminator."""
    import torch

    from peers import torch_models, torch_peer

    dtype = torch_peer.kind(setting)
    G = torch_models.perceptron(GENERATOR, "relu").to(dtype)
    D = torch_models.perceptron(DISCRIMINATOR, "relu").to(dtype)
    of_G, of_D = (
        torch.optim.Adam(net.parameters(), lr=RATE, betas=(0.5, 0.999), fused=fused) for net in (G, D)
    )
    learns = list(G.parameters())
    points = torch_peer.tensor(noise(setting, _m(setting), 2), setting)
    feed = torch_peer.batches(points, points, BATCH)
    real = torch.ones(BATCH, 1, dtype=dtype)
    both = torch.cat((real, torch.zeros_like(real)))

    def run(steps: int) -> None:
        for _ in range(steps):
            x, _ = next(feed)
            made = G(torch.randn(BATCH, LATENT, dtype=dtype))
            of_D.zero_grad(set_to_none=True)
            torch_peer.bce(D(torch.cat((x, made.detach()))), both).backward()
            of_D.step()
            of_G.zero_grad(set_to_none=True)
            torch_peer.bce(D(made), real).backward(inputs=learns)
            of_G.step()

    return Side(run, torch_peer.size(G, D))


def _multiply_adds() -> int:
    generator, judged = dense_products(BATCH, *GENERATOR), dense_products(BATCH, *DISCRIMINATOR)
    discriminator_turn = 2 * trained(*judged)
    generator_turn = trained(*generator) + 2 * sum(judged)
    return discriminator_turn + generator_turn


WORKLOADS = (
    Workload(
        "W8",
        "GAN 2-16-16-2 and 2-16-16-1 on points, batch 64, both nets, Adam",
        BATCH,
        _multiply_adds(),
        10.0,
        12.0,
        _axon,
        _torch,
    ),
)
