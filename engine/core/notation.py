"""Notation: a formula as a small tree that can be typeset, printed as text or as LaTeX.

The printers of an expression (``engine.core.printing``) produce it; the window draws it. A node
may carry the reference it stands for, so that hovering a symbol lights up what it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Style = Literal["roman", "italic", "bold", "number", "operator"]


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters in one style; operators get space around them."""

    text: str
    style: Style = "roman"
    ref: object = None


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side on one base line."""

    items: tuple[Notation, ...]
    ref: object = None


@dataclass(frozen=True, slots=True)
class Script:
    """A base with something above and below right of it: w with [1] over 3,2."""

    base: Notation
    above: Notation | None = None
    below: Notation | None = None
    ref: object = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One part over another with a line between."""

    above: Notation
    below: Notation
    ref: object = None


@dataclass(frozen=True, slots=True)
class Fence:
    """Brackets that grow with what they hold."""

    inner: Notation
    left: str = "("
    right: str = ")"
    ref: object = None


@dataclass(frozen=True, slots=True)
class Struck:
    """A part with a line through it: it cancels against another."""

    inner: Notation
    ref: object = None


@dataclass(frozen=True, slots=True)
class Under:
    """A part with its number or its name below it; with a brace between where it spans several."""

    base: Notation
    below: Notation
    brace: bool = False
    ref: object = None


Notation: TypeAlias = Text | Row | Script | Fraction | Fence | Struck | Under

STROKE = "\u0336"
"""Put behind a character it strikes it through."""


def row(*items: Notation | str) -> Row:
    """A row; plain strings become roman text."""
    return Row(tuple(Text(item) if isinstance(item, str) else item for item in items))


def operator(sign: str) -> Text:
    """A sign with space around it."""
    return Text(sign, "operator")


_ASCII_BELOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def as_text(node: Notation) -> str:
    """One line of Unicode: ``z[1]_3 = w[1]_{3,1}·x_1 + b[1]_3``."""
    match node:
        case Text(text=text, style=style):
            return f" {text} " if style == "operator" and text not in {"·", "−unary"} else text
        case Row(items=items):
            return "".join(as_text(item) for item in items)
        case Script(base=base, above=above, below=below):
            out = as_text(base)
            if above is not None:
                mark = as_text(above)
                out += mark if mark.startswith(("[", "(")) or mark in {"′", "ᵀ"} else f"^{_braced(mark)}"
            if below is not None:
                out += f"_{_braced(as_text(below))}"
            return out
        case Fraction(above=above, below=below):
            return f"{_grouped(above)}/{_grouped(below, below=True)}"
        case Fence(inner=inner, left=left, right=right):
            return f"{left}{as_text(inner)}{right}"
        case Struck(inner=inner):
            return "".join(sign + STROKE for sign in as_text(inner))
        case Under(base=base, below=below, brace=brace):
            return f"{{{as_text(base)}}}[{as_text(below)}]" if brace else f"{as_text(base)}[{as_text(below)}]"
    raise TypeError(node)


def as_latex(node: Notation) -> str:
    """The same formula for a LaTeX document."""
    match node:
        case Text(text=text, style=style):
            return _latex_text(text, style)
        case Row(items=(Text(text="√"), Fence(inner=inner))):
            return rf"\sqrt{{{as_latex(inner)}}}"
        case Row(items=items):
            return " ".join(as_latex(item) for item in items)
        case Script(base=base, above=above, below=below):
            out = f"{{{as_latex(base)}}}"
            if below is not None:
                out += f"_{{{as_latex(below)}}}"
            if above is not None:
                out += f"^{{{as_latex(above)}}}"
            return out
        case Fraction(above=above, below=below):
            return f"\\frac{{{as_latex(above)}}}{{{as_latex(below)}}}"
        case Fence(inner=inner, left=left, right=right):
            return f"\\left{_latex_fence(left)} {as_latex(inner)} \\right{_latex_fence(right)}"
        case Struck(inner=inner):
            return rf"\cancel{{{as_latex(inner)}}}"
        case Under(base=base, below=below, brace=True):
            return rf"\underbrace{{{as_latex(base)}}}_{{{as_latex(below)}}}"
        case Under(base=base, below=below):
            return rf"\underset{{{as_latex(below)}}}{{{as_latex(base)}}}"
    raise TypeError(node)


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _grouped(node: Notation, below: bool = False) -> str:
    text = as_text(node)
    open_ = " " in text.strip() or (below and any(sign in text for sign in "/·"))
    return f"({text})" if open_ else text


_LATEX = {
    "σ": r"\sigma", "δ": r"\delta", "∂": r"\partial", "∑": r"\sum", "Σ": r"\sum", "θ": r"\theta",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "ε": r"\varepsilon", "·": r"\cdot", "⊙": r"\odot",
    "−": "-", "≥": r"\ge", "≤": r"\le", ":=": r"\mathrel{:=}", "′": "'", "ŷ": r"\hat y",
    "√": r"\sqrt", "∇": r"\nabla", "ᵀ": r"\mathsf{T}",
}  # fmt: skip


def _latex_text(text: str, style: Style) -> str:
    if text in _LATEX:
        return _LATEX[text]
    spaced = (_LATEX.get(char, char) + " " * (_LATEX.get(char, "")[-1:].isalpha()) for char in text)
    plain = "".join(spaced).strip()
    if style in {"roman"} and plain.isalpha() and len(plain) > 1:
        return rf"\mathrm{{{plain}}}"
    return plain


def _latex_fence(sign: str) -> str:
    return {"{": r"\{", "}": r"\}", "": "."}.get(sign, sign)
