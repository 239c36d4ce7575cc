"""The texts: a text of one's own, grammar, names, reverse, sort, addition, reviews."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.datasets.grammar import RULES, entropy_bits, is_valid
from engine.datasets.tokens import alphabet_of, numbers_of, text_of, windows


def load(kind: str, seed: int = 1, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of(kind, **settings)).load(seed)


def read(data: Data) -> list[str]:
    """What stands in X, example by example."""
    return ["".join(data.symbols[int(number)] for number in column) for column in data.X.T]


def asked(data: Data) -> list[str]:
    """What the targets are, example by example; _ where nothing is asked."""
    return ["".join("_" if n < 0 else data.classes[int(n)] for n in column) for column in data.Y.T]


def counted_bits(train: list[str], test: list[str], vocabulary: int) -> tuple[float, float]:
    """What a symbol of the test texts costs without and with one symbol of context.

    Counted in the training texts with one added to each count (Laplace); a first symbol is free.
    """
    singles, pairs, firsts = Counter[str](), Counter[str](), Counter[str]()
    for text in train:
        singles.update(text[1:])
        pairs.update(text[i : i + 2] for i in range(len(text) - 1))
        firsts.update(text[:-1])
    total, alone, paired, places = singles.total() + vocabulary, 0.0, 0.0, 0
    for text in test:
        for one, two in pairwise(text):
            alone -= math.log2((singles[two] + 1) / total)
            paired -= math.log2((pairs[one + two] + 1) / (firsts[one] + vocabulary))
            places += 1
    return alone / places, paired / places


def test_symbols_and_numbers() -> None:
    assert alphabet_of("hello") == ("h", "e", "l", "o")
    assert numbers_of("hello", ("h", "e", "l", "o")).tolist() == [0, 1, 2, 2, 3]
    assert numbers_of(["not", "good"], ("good", "not")).tolist() == [1, 0]
    assert text_of(np.array([0.0, 1.0, -1.0, 2.0]), ("h", "e", "l")) == "hel"
    with pytest.raises(DataError, match=r"^The text has the symbol 'x', which the alphabet lacks\.$"):
        numbers_of("hex", ("h", "e"))


def test_windows() -> None:
    assert windows(np.arange(5), 3).T.tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    assert windows(np.arange(6), 3, 2).T.tolist() == [[0, 1, 2], [2, 3, 4]]
    assert windows(np.arange(3), 3, 7).T.tolist() == [[0, 1, 2]]


def test_hello() -> None:
    data = load("text")
    assert data.symbols == data.classes == ("h", "e", "l", "o")
    assert data.X.tolist() == [[0.0], [1.0], [2.0], [2.0]] and data.Y.tolist() == [[1.0], [2.0], [2.0], [3.0]]
    assert data.shape == () and data.target_shape == data.output_shape == (4, 4)
    assert data.coded and data.task is Task.CLASSES
    assert data.features == ("symbol 1", "symbol 2", "symbol 3", "symbol 4")
    assert data.targets == ("y(t=1)", "y(t=2)", "y(t=3)", "y(t=4)")


def test_a_text_of_ones_own_is_cut_into_windows() -> None:
    text = "to be, or not to be"
    data = load("text", text=text, time=6)
    assert read(data) == [text[i : i + 6] for i in range(len(text) - 6)]
    assert asked(data) == [text[i + 1 : i + 7] for i in range(len(text) - 6)]
    assert read(load("text", text=text, time=6, step=5)) == ["to be,", ", or n", "not to"]


@pytest.mark.parametrize("text", ["", "a", "aaaa"])
def test_a_text_without_two_symbols_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"^Type a text with at least two different symbols\.$"):
        load("text", text=text)


def test_too_many_windows_are_refused() -> None:
    long = "ab" * 20_000
    with pytest.raises(DataError, match=r"choose a larger step\.$"):
        load("text", text=long, time=200)
    assert load("text", text=long, time=200, step=200).X.shape == (200, 199)


@pytest.fixture(scope="module")
def sentences() -> dict[str, float]:
    """Every sentence of the grammar and its probability, by writing all of them down."""

    @cache
    def every(name: str) -> list[tuple[str, float]]:
        if name not in RULES:
            return [(name, 1.0)]
        found = []
        for chance, parts in RULES[name]:
            texts = [("", chance)]
            for part in parts:
                texts = [(one + two, p * q) for one, p in texts for two, q in every(part)]
            found += texts
        return found

    listed = every("SENTENCE")
    assert len(dict(listed)) == len(listed) == 240 * (4 + 8 * 240), "no sentence can be made in two ways"
    return dict(listed)


def test_entropy_of_the_grammar(sentences: dict[str, float]) -> None:
    chances = np.array(list(sentences.values()))
    assert chances.sum() == pytest.approx(1.0, abs=1e-12)
    bits = -(chances * np.log2(chances)).sum()
    length = (chances * np.array([len(text) for text in sentences])).sum()
    assert entropy_bits() == pytest.approx(bits / length, abs=1e-9)
    group = 1.5 + (1.0 + 0.5 * 2.0) + 3.0  # the, every, a; with or without one of 4 adjectives; 8 nouns
    verb = -0.25 * math.log2(0.25) - 0.75 * math.log2(0.75) + 0.25 * 2.0 + 0.75 * (3.0 + 1.0 + group)
    assert bits == pytest.approx(1.0 + group + verb, abs=1e-9)
    assert length == pytest.approx(34.875) and entropy_bits() == pytest.approx(0.478, abs=0.0005)


def test_sentences_are_drawn_with_their_probabilities(sentences: dict[str, float]) -> None:
    texts = read(load("grammar", examples=5000, time=100))
    first = [text[1:].partition(".")[0] + "." for text in texts]
    bits = np.array([-math.log2(sentences[sentence]) for sentence in first])
    assert bits.mean() == pytest.approx(16.686, abs=4.0 * bits.std() / math.sqrt(5000))
    assert np.mean([len(sentence) for sentence in first]) == pytest.approx(34.875, abs=0.5)


def test_grammar_texts() -> None:
    data = load("grammar", examples=200)
    assert len(data.symbols) == 26 and data.classes == data.symbols and data.target_shape == (26, 60)
    for text, targets in zip(read(data), asked(data), strict=True):
        assert text.startswith(". ") and targets[:-1] == text[1:] and "_" not in targets
        whole = text[1:].split(".")[:-1]
        assert all(is_valid(f"{sentence}.") for sentence in whole)
    assert set("".join(read(data))) == set(data.symbols)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("the kittens sleep.", True),
        (" the kitten sleeps. ", True),
        ("several little teachers greet a grumpy queen.", True),
        ("every queen thanks two rabbits.", True),
        ("the kittens sleeps.", False),
        ("the kitten sleep.", False),
        ("every queens sing.", False),
        ("a kitten sleeps", False),
        ("the kitten sleeps. a queen sings.", False),
        ("the kitten greets.", False),
        ("the kitten sleeps the queen.", False),
        ("the little clever kitten sleeps.", False),
        ("thekitten sleeps.", False),
        ("the  kitten sleeps.", False),
        ("", False),
    ],
)
def test_is_valid(text: str, valid: bool) -> None:
    assert is_valid(text) is valid


def test_counted_pairs_of_letters_are_far_from_the_grammars_entropy() -> None:
    train = read(load("grammar", examples=500, time=200))
    test = read(load("grammar", seed=2, examples=100, time=200))
    alone, paired = counted_bits(train, test, 26)
    assert alone == pytest.approx(4.01, abs=0.02) and paired == pytest.approx(2.37, abs=0.02)


def test_names() -> None:
    listed = (files("resources") / "data" / "names.txt").read_text(encoding="utf-8").split()
    assert len(listed) == len(set(listed)) == 5163 and listed == sorted(listed)
    data = load("names", part="all")
    spelled = [text.strip(".") for text in read(data)]
    assert sorted(spelled) == listed != spelled
    assert data.classes == data.symbols == tuple(".abcdefghijklmnopqrstuvwxyz")
    assert data.X.shape == (12, 5163) and data.target_shape == (27, 12)
    for name, text, targets in zip(spelled, read(data), asked(data), strict=True):
        assert text == ("." + name).ljust(12, ".") and targets == (name + ".").ljust(12, "_")
    assert "public domain" in (files("resources") / "data" / "LICENSES-names.txt").read_text(encoding="utf-8")


def test_names_for_training_and_for_the_test() -> None:
    train, test = (set(read(load("names", part=part))) for part in ("train", "test"))
    assert len(test) == 516 and len(train) == 5163 - 516 and not train & test
    assert load("names", seed=1).X.tobytes() == load("names", seed=2).X.tobytes()
    assert read(load("names")) == read(load("names", part="train"))


def test_short_names_only() -> None:
    data = load("names", part="all", longest=3)
    assert data.X.shape == (4, 33 + 193) and max(len(text.strip(".")) for text in read(data)) == 3
    assert (data.Y[3] == [0 if len(text.strip(".")) == 3 else -1 for text in read(data)]).all()


def test_counted_pairs_of_letters_spell_names_at_3_39_bits() -> None:
    train, test = (
        [f".{text.strip('.')}." for text in read(load("names", part=part))] for part in ("train", "test")
    )
    alone, paired = counted_bits(train, test, 27)
    assert alone == pytest.approx(4.05, abs=0.005) and paired == pytest.approx(3.39, abs=0.005)


def question_and_answer(data: Data) -> list[tuple[str, str]]:
    """The two sides of the =, after a look at what is asked where."""
    found = []
    for text, targets in zip(read(data), asked(data), strict=True):
        question, equals, given = text.partition("=")
        answer = targets[len(question) :]
        assert equals and targets[: len(question)] == "_" * len(question)
        assert "_" not in answer and answer[:-1] == given
        found.append((question, answer))
    return found


@pytest.mark.parametrize("length", [2, 6, 12])
@pytest.mark.parametrize("part", ["train", "test", "all"])
def test_reverse_and_sort(length: int, part: str) -> None:
    for kind, expected in (
        ("reverse", lambda text: text[::-1]),
        ("sort", lambda text: "".join(sorted(text))),
    ):
        data = load(kind, length=length, part=part, examples=300)
        assert data.X.shape == (2 * length, 300) and data.target_shape == (11, 2 * length)
        pairs = question_and_answer(data)
        for question, answer in pairs:
            assert len(question) == length and answer == expected(question)
            if part != "all":
                assert belongs_to_test(question) == (part == "test")


def belongs_to_test(digits: str) -> bool:
    return (2654435761 * int(digits) % 2**32 // 2**16) % 5 == 0


@pytest.mark.parametrize("length", [1, 2, 6])
@pytest.mark.parametrize("backwards", [False, True])
def test_addition(length: int, backwards: bool) -> None:
    data = load("addition", length=length, backwards=backwards, examples=500)
    assert data.symbols == tuple("0123456789=+") and len(data.X) == 3 * length + 2
    for question, answer in question_and_answer(data):
        first, second = question.split("+")
        assert len(first) == len(second) == length and len(answer) == length + 1
        assert int(first) + int(second) == int(answer[::-1] if backwards else answer)
        assert not belongs_to_test(first + second)


def test_no_question_of_the_test_is_trained() -> None:
    for kind in ("addition", "reverse", "sort"):
        train = {text.partition("=")[0] for text in read(load(kind, examples=10_000, length=2))}
        test = {text.partition("=")[0] for text in read(load(kind, examples=10_000, length=2, part="test"))}
        assert not train & test and len(test) == pytest.approx(0.2 * (len(train) + len(test)), rel=0.35)
    drawn = [text.partition("=")[0] for text in read(load("reverse", part="all", examples=10_000))]
    assert np.mean([belongs_to_test(text) for text in drawn]) == pytest.approx(0.2, abs=0.015)
    digits = Counter("".join(drawn))
    assert all(count == pytest.approx(6000, rel=0.05) for count in digits.values()) and len(digits) == 10


GOOD = {
    "good", "great", "funny", "lovely", "brilliant", "exciting", "clever", "superb", "wonderful", "charming",
}  # fmt: skip
BAD = {"bad", "awful", "boring", "dull", "terrible", "weak", "silly", "poor", "ugly", "tiresome"}


def reviews(data: Data) -> list[list[str]]:
    return [[data.symbols[int(n)] for n in column if n > 0] for column in data.X.T]


def counts(data: Data) -> list[tuple[int, int, int]]:
    """Good words, bad words and "not" in each review."""
    return [
        (sum(w in GOOD for w in words), sum(w in BAD for w in words), words.count("not"))
        for words in reviews(data)
    ]


@pytest.mark.parametrize(("negation", "second"), [(0.4, 0.65), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
def test_reviews_mean_what_their_clauses_say(negation: float, second: float) -> None:
    data = load("sentiment", examples=600, negation=negation, second=second)
    assert data.X.shape == (13, 600) and data.task is Task.BINARY and data.classes == ("bad", "good")
    assert data.Y[0].tolist() == [i % 2 for i in range(600)]
    for column, words, y in zip(data.X.T, reviews(data), data.Y[0], strict=True):
        assert (column[: 13 - len(words)] == 0).all() and (column[13 - len(words) :] > 0).all()
        clauses = " ".join(words).split(" and ")
        assert len(clauses) == 2 or second < 1.0
        for clause in clauses:
            opinion = clause.split()[-1]
            assert clause.startswith("the ") and opinion in GOOD | BAD
            assert ((opinion in GOOD) != (" not " in clause)) == (y == 1.0)


def test_reviews_have_35_words_and_a_padding() -> None:
    data = load("sentiment")
    assert len(data.symbols) == 36 and data.symbols[0] == "·"
    assert set(np.unique(data.X)) == set(range(36)), "every word occurs"
    lengths = [len(words) for words in reviews(data)]
    assert min(lengths) == 4 and max(lengths) == 13


def test_no_count_of_words_is_right_more_often_than_the_formula_says() -> None:
    train, test = load("sentiment", examples=10_000), load("sentiment", seed=2, examples=10_000)
    votes = Counter[tuple[int, int, int]]()
    for which, y in zip(counts(train), train.Y[0], strict=True):
        votes[which] += 1 if y == 1.0 else -1
    right = [(votes[which] > 0) == (y == 1.0) for which, y in zip(counts(test), test.Y[0], strict=True)]
    assert np.mean(right) == pytest.approx(1.0 - 0.65 * 0.4 * 0.6, abs=0.015)


def test_logistic_regression_on_counts_is_right_in_60_percent() -> None:
    train, test = (load("sentiment", seed=seed, examples=4000) for seed in (1, 2))
    bags = [
        np.array([(data.X == word).sum(axis=0) for word in range(1, 36)] + [np.ones(data.m)])
        for data in (train, test)
    ]
    theta, y = np.zeros(36), train.Y[0]
    for _ in range(6):  # Newton's method, a little ridge because "the" and "was" always go together
        a = 1.0 / (1.0 + np.exp(-theta @ bags[0]))
        slope = bags[0] @ (a - y) + 1e-3 * theta
        curve = (bags[0] * (a * (1.0 - a))) @ bags[0].T + 1e-3 * np.eye(36)
        theta -= np.linalg.solve(curve, slope)
    right = ((theta @ bags[1] > 0.0) == (test.Y[0] == 1.0)).mean()
    assert right == pytest.approx(0.60, abs=0.03)


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("text", "e11a12c1d8613da8"),
        ("grammar", "e6d7c69d55d10360"),
        ("names", "7f06a5678a3b5bc7"),
        ("reverse", "cb259e0e63f29533"),
        ("sort", "09c30c69c2fe14ab"),
        ("addition", "a6c4bd94a5fae35f"),
        ("sentiment", "75f00af3662bcd77"),
    ],
)
def test_bits_of_seed_one(kind: str, digest: str) -> None:
    """The same on every machine and with every version; a change breaks old projects."""
    data = load(kind)
    values = data.X.astype("<f8").tobytes() + data.Y.astype("<f8").tobytes()
    assert hashlib.sha256(values).hexdigest()[:16] == digest
