"""Confidence is a probability, is less where a mark looks unusual, and its weights are what the benchmark fits."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.datamodel import Document
from annotate.gold import read_gold
from annotate.lexicon import load_table
from annotate.marking import Marker
from annotate.marking.confidence import BELOW, SAID, Model, Weights, confidence, models
from annotate.marking.confidence_features import features
from annotate.marking.pipeline import find_attributions
from annotate.marking.tokens import tokenise
from benchmarks.accuracy_confidence import Example, fit, judge, step
from tests.marking.test_floor import GOLD

MARKER = Marker()
NAMES = [row["feature"] for row in load_table("confidence") if row["feature"] not in (BELOW, SAID)]

# Two texts with one attribution each: the first is the surer one.
SURER = {
    "a closing mark is there": (
        '"Jalan desa rusak parah," kata Tarmuji di balai desa.',
        '"Jalan desa rusak parah, kata Tarmuji di balai desa.',
    ),
    "what was said is a clause": (
        "Bupati Lestari menyampaikan bahwa jembatan selesai bulan depan.",
        "Bupati Lestari menyampaikan rilis tertulis.",
    ),
    "the source is short and next to the cue": (
        "Ia mengatakan harga obat turun.",
        "Pemilik toko yang baru saja pindah dari pasar lama tiga hari lalu mengatakan harga obat turun.",
    ),
}


def only(text: str) -> float:
    (one,) = MARKER.mark(Document("a", text)).attributions
    assert one.content.confidence is not None
    return one.content.confidence


@pytest.mark.parametrize("pair", SURER.values(), ids=SURER.keys())
def test_what_looks_usual_is_surer(pair: tuple[str, str]) -> None:
    sure, unsure = map(only, pair)
    assert sure > unsure


@given(st.lists(st.sampled_from([*NAMES, "unknown"]), unique=True, max_size=30))
def test_it_is_a_probability(held: list[str]) -> None:
    assert all(0 <= one <= 1 for one in confidence(held))
    assert confidence(held) == confidence([*held, "another unknown feature"])


@given(st.floats(-8, 8), st.floats(-8, 8))
def test_the_step_keeps_the_order(a: float, b: float) -> None:
    low, high = sorted((a, b))
    model = Model(Weights({"low": low, "high": high}), 0.8, 0.5)
    assert model.probability(["low"]) <= model.probability(["high"])


def test_the_step_lies_below_what_the_weights_say() -> None:
    for model in models():
        assert 0 < model.said < model.below < 1
        assert BELOW not in model.weights


def test_features_of_running_text_are_known_and_unique() -> None:
    known, met = set(NAMES), set()
    for gold in read_gold(GOLD):
        tokens = tokenise(gold.document.text)
        for one in find_attributions(tokens):
            held = features(tokens, one, nested=False)
            assert len(held) == len(set(held))
            met.update(held)
    assert len(met & known) / len(met) > 0.8


def test_fitting_recovers_how_often_marks_are_right() -> None:
    chance = random.Random(3)
    rates = {"plain": 0.95, "odd": 0.4}
    rows = [
        Example(["bias", kind], (chance.random() < rate, True, True), 1.0)
        for kind, rate in rates.items()
        for _ in range(800)
    ]
    model = Model(Weights(fit(rows, 0)), 0.0, 0.0)
    assert model.weights["plain"] > 0 > model.weights["odd"]
    for kind, rate in rates.items():
        assert model.probability(["bias", kind]) == pytest.approx(rate, abs=0.05)
    below, said = step(judge(model, rows, 0))
    assert said == pytest.approx(rates["odd"], abs=0.07)
    assert below < 0.6
