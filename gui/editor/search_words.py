"""Other words under which the palette finds a kind: what lectures and other programs call it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

WORDS: Final[dict[str, Any]] = {
    "neuron": QT_TRANSLATE_NOOP("Palette", "unit node cell"),
    "input": QT_TRANSLATE_NOOP("Palette", "features x data source start"),
    "output": QT_TRANSLATE_NOOP("Palette", "prediction softmax sigmoid classifier end"),
    "noise": QT_TRANSLATE_NOOP("Palette", "random latent z generator GAN diffusion"),
    "mcp": QT_TRANSLATE_NOOP("Palette", "threshold Heaviside step logic gate AND OR NOT binary MCP"),
    "mcp_output": QT_TRANSLATE_NOOP("Palette", "threshold Heaviside step logic gate AND OR NOT binary MCP"),
    "dense": QT_TRANSLATE_NOOP(
        "Palette", "fully connected feedforward linear hidden perceptron MLP ReLU sigmoid tanh softmax"
    ),
    "activation": QT_TRANSLATE_NOOP("Palette", "ReLU leaky sigmoid tanh softmax nonlinearity transfer"),
    "conv2d": QT_TRANSLATE_NOOP("Palette", "CNN conv kernel filter feature map stride padding image"),
    "conv1d": QT_TRANSLATE_NOOP("Palette", "CNN conv kernel filter time series signal"),
    "transposed_conv2d": QT_TRANSLATE_NOOP("Palette", "deconvolution upconvolution kernel filter decoder"),
    "transposed_conv1d": QT_TRANSLATE_NOOP("Palette", "deconvolution kernel filter decoder signal"),
    "max_pool": QT_TRANSLATE_NOOP("Palette", "CNN maxpool subsampling downsampling"),
    "average_pool": QT_TRANSLATE_NOOP("Palette", "CNN mean subsampling downsampling"),
    "global_pool": QT_TRANSLATE_NOOP("Palette", "CNN GAP mean max"),
    "flatten": QT_TRANSLATE_NOOP("Palette", "CNN vector unroll"),
    "reshape": QT_TRANSLATE_NOOP("Palette", "unflatten image decoder"),
    "upsampling": QT_TRANSLATE_NOOP("Palette", "resize unpooling decoder U-Net"),
    "patch_embedding": QT_TRANSLATE_NOOP("Palette", "ViT transformer tokens"),
    "rnn": QT_TRANSLATE_NOOP("Palette", "recurrent Elman feedback time BPTT"),
    "lstm": QT_TRANSLATE_NOOP("Palette", "recurrent RNN gate forget memory cell state"),
    "gru": QT_TRANSLATE_NOOP("Palette", "recurrent RNN gate update reset"),
    "embedding": QT_TRANSLATE_NOOP("Palette", "token word vector lookup word2vec"),
    "positional_encoding": QT_TRANSLATE_NOOP("Palette", "transformer sine position"),
    "time_embedding": QT_TRANSLATE_NOOP("Palette", "diffusion sine step"),
    "last_step": QT_TRANSLATE_NOOP("Palette", "RNN many to one"),
    "first_step": QT_TRANSLATE_NOOP("Palette", "CLS BERT ViT"),
    "mean_over_time": QT_TRANSLATE_NOOP("Palette", "pooling average sequence"),
    "attention": QT_TRANSLATE_NOOP("Palette", "transformer self multi-head query key value causal"),
    "class_token": QT_TRANSLATE_NOOP("Palette", "CLS BERT ViT transformer"),
    "add": QT_TRANSLATE_NOOP("Palette", "residual ResNet skip connection shortcut sum"),
    "multiply": QT_TRANSLATE_NOOP("Palette", "gate product Hadamard"),
    "concatenate": QT_TRANSLATE_NOOP("Palette", "merge join stack skip connection U-Net"),
    "dot_product": QT_TRANSLATE_NOOP("Palette", "similarity cosine recommender"),
    "choice": QT_TRANSLATE_NOOP("Palette", "select where GAN"),
    "dropout": QT_TRANSLATE_NOOP("Palette", "regularisation overfitting"),
    "gaussian_noise": QT_TRANSLATE_NOOP("Palette", "regularisation random denoising"),
    "batch_norm": QT_TRANSLATE_NOOP("Palette", "batch normalisation normalization BN"),
    "layer_norm": QT_TRANSLATE_NOOP("Palette", "layer normalisation normalization transformer"),
    "ready-made:perceptron": QT_TRANSLATE_NOOP("Palette", "neuron Rosenblatt linear classifier"),
    "ready-made:mlp": QT_TRANSLATE_NOOP("Palette", "MLP fully connected feedforward dense"),
    "ready-made:two_tower": QT_TRANSLATE_NOOP("Palette", "recommender embedding"),
    "ready-made:cnn": QT_TRANSLATE_NOOP("Palette", "CNN kernel LeNet image classification"),
    "ready-made:vit": QT_TRANSLATE_NOOP("Palette", "ViT transformer attention image"),
    "ready-made:segmentation": QT_TRANSLATE_NOOP("Palette", "UNet segmentation encoder decoder skip medical"),
    "ready-made:autoencoder": QT_TRANSLATE_NOOP("Palette", "AE encoder decoder bottleneck compression"),
    "ready-made:denoising_autoencoder": QT_TRANSLATE_NOOP("Palette", "AE encoder decoder noise"),
    "ready-made:sequence_classifier": QT_TRANSLATE_NOOP("Palette", "RNN LSTM GRU recurrent many to one"),
    "ready-made:sequence_tagger": QT_TRANSLATE_NOOP("Palette", "BRNN bidirectional RNN many to many"),
    "ready-made:language_model": QT_TRANSLATE_NOOP("Palette", "RNN LSTM text generation characters"),
    "ready-made:transformer": QT_TRANSLATE_NOOP("Palette", "GPT attention text"),
    "ready-made:gan": QT_TRANSLATE_NOOP("Palette", "generative adversarial generator discriminator"),
    "ready-made:diffusion": QT_TRANSLATE_NOOP("Palette", "DDPM denoising generative"),
}
"""By the name of the kind, in the user's language once translated."""


def other_words(kind: str) -> str:
    """The words for a kind besides its title and summary."""
    return QCoreApplication.translate("Palette", WORDS[kind]) if kind in WORDS else ""


def plain(text: str) -> str:
    """A text as it is compared: small letters, no hyphens."""
    return " ".join(text.lower().replace("-", " ").split())


def rank(wanted: str, title: str, others: str, summary: str) -> int | None:
    """How well an entry answers what was typed, 0 best; ``None`` where a word occurs nowhere."""
    wanted, title, others, summary = map(plain, (wanted, title, others, summary))
    words = wanted.split()
    if not all(word in f"{title} {others} {summary}" for word in words):
        return None
    if title.startswith(wanted):
        return 0
    for place, text in enumerate((title, others, f"{title} {others}"), 1):
        if all(f" {word}" in f" {text}" for word in words):
            return place
    return 4 if all(word in title for word in words) else 5
