"""Runs of capitalised words: tokens only say where to look, and so what is found is the same without them."""

import json
from pathlib import Path

import pytest

from annotate.marking.name_forms import aliases
from annotate.marking.name_runs import NameRuns
from annotate.marking.tokens import tokenise

SEEDS = Path(__file__).parents[2] / "seeds/_gold/seeds.jsonl"
TEXTS = [
    "Kata Dr. Ratih Lestari M. Ag, dan Danu/Wira (BPBD) hadir.",
    "Ketua Tim Abdullah bin Umar al-Fatih dan  Siti Aminah datang di KPU. Danu pulang.",
    "Hari Jum‘at Agung, O’’Brien Danu menulis di detikFinance Jakarta.",
    "Danu Wirasena, yang akrab disapa Gus Danu, atau Danu Kecil hadir.",
    "Hendra Setiadi alias Joni, panggilan Bung Hendra Setiadi",
    "Ratih Lestari Minta Pasar Senen Dibuka",
    "Ratih Lestari Minta Pasar Dibuka\n\nPasar Senen ramai, kata Ratih Lestari.",
    "Kota\u00a0Solo\tRaya Ratih\nLestari RATIH Danu A. B. Cahya",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_change_nothing(text: str) -> None:
    _are_the_same(text)


def test_tokens_change_nothing_in_the_seeds() -> None:
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        _are_the_same(json.loads(line)["text"])


def _are_the_same(text: str) -> None:
    plain, told = NameRuns(text), NameRuns(text, tokenise(text))
    assert list(told.runs) == list(plain.runs)
    found = aliases(text, told.offers, told.calls)
    assert list(found.items()) == list(aliases(text, plain.offers, plain.calls).items())


def test_runs() -> None:
    text = "Sehingga Ratih  Lestari dan Danu pulang, kata Kepala Dinas Sosial."
    assert list(NameRuns(text, tokenise(text)).runs) == ["Ratih Lestari dan Danu", "Kepala Dinas Sosial"]
