"""The coefficients, against published examples, their definitions, and another implementation."""

import json
import math
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from annotate.reconcile.bootstrap import BLOCKS, Bootstrap, Tally
from annotate.reconcile.coefficients import (
    alpha,
    alpha_sums,
    f1,
    f1_sums,
    pairs_that_overlap,
    unit_alpha,
    unit_sums,
)

PUBLISHED = json.loads((Path(__file__).parent / "published.json").read_text(encoding="utf-8"))


def by_unit(observers: list[str]) -> list[list[str]]:
    assert len({len(row) for row in observers}) == 1
    return [[value for value in unit if value != "."] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize("example", PUBLISHED, ids=[example["source"] for example in PUBLISHED])
def test_published_examples(example: dict) -> None:
    assert round(alpha(alpha_sums(by_unit(example["observers"]))), 3) == example["alpha"]


def test_units_of_one_code_point_give_the_published_alpha_of_the_digitised_continuum() -> None:
    example = PUBLISHED[-1]
    units = [[(i, i + 1) for i, value in enumerate(row) if value == "1"] for row in example["observers"]]
    assert round(unit_alpha(unit_sums(units, 24)), 3) == example["alpha"]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=3, max_size=3), min_size=2, max_size=12))
@settings(max_examples=60)
def test_nltk_finds_the_same(units: list[list[str]]) -> None:
    mine = alpha(alpha_sums(units))
    if mine is None:  # one value only: nothing to agree on
        assert len({value for unit in units for value in unit}) == 1
        return
    task = AnnotationTask([(coder, str(i), value) for i, unit in enumerate(units) for coder, value in enumerate(unit)])
    assert math.isclose(mine, task.alpha(), abs_tol=1e-9)


def brute(readers: list[list[tuple[int, int]]], length: int) -> float | None:
    """|uα by its definition, point by point: observed pairs of readers at one point; expected, all pairs of points of
    all readers but those that lie in one and the same unit (of a gap: the point with itself)."""
    unit_at = [
        [next((u for u, (s, e) in enumerate(units) if s <= p < e), None) for p in range(length)] for units in readers
    ]
    m = len(readers)
    apart = sum(
        (unit_at[i][p] is None) != (unit_at[j][p] is None)
        for p in range(length)
        for i, j in product(range(m), repeat=2)
        if i != j
    ) / (m - 1)
    points = [(i, p) for i in range(m) for p in range(length)]
    pairs = mixed = 0
    for (i, p), (j, q) in product(points, repeat=2):
        one, other = unit_at[i][p], unit_at[j][q]
        same_thing = i == j and (p == q if one is None else one == other)
        pairs += not same_thing
        mixed += not same_thing and (one is None) != (other is None)
    return 1 - (apart / (m * length)) / (mixed / pairs) if mixed else None


@st.composite
def continua(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    readers = []
    for _ in range(draw(st.integers(2, 3))):
        cuts = sorted(draw(st.sets(st.integers(0, 12), max_size=6)))
        readers.append([(cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)])
    return readers


@given(continua())
@settings(max_examples=60)
def test_alpha_for_unitising_is_its_definition(readers: list[list[tuple[int, int]]]) -> None:
    mine, wanted = unit_alpha(unit_sums(readers, 12)), brute(readers, 12)
    assert (mine is None) == (wanted is None)
    if mine is not None:
        assert math.isclose(mine, wanted, abs_tol=1e-9)


def test_unitising_takes_partial_overlap() -> None:
    def of(*readers: list[tuple[int, int]]) -> float:
        return unit_alpha(unit_sums(readers, 300))

    same, near, far = of([(50, 120)], [(50, 120)]), of([(50, 120)], [(55, 120)]), of([(50, 120)], [(100, 170)])
    assert same == 1.0
    assert same > near > far
    assert of([(50, 120)], [(200, 270)]) < 0 < near


def test_nested_units_do_not_melt_into_one() -> None:
    both = [(0, 100), (20, 60)]
    assert unit_alpha(unit_sums([both, both], 300)) == 1.0
    assert unit_alpha(unit_sums([both, [(0, 100)]], 300)) < 1.0


def test_nothing_to_compare_is_none_and_not_a_number() -> None:
    assert f1(f1_sums(0, 0)) is None
    assert alpha(alpha_sums([])) is None
    assert alpha(alpha_sums([["a"], ["b"]])) is None
    assert unit_alpha(unit_sums([[], []], 100)) is None
    assert unit_alpha(unit_sums([[(0, 5)]], 100)) is None


def test_pairs_are_one_to_one_and_as_many_as_there_are() -> None:
    assert pairs_that_overlap([(0, 10), (2, 12)], [(0, 10)]) == 1
    assert pairs_that_overlap([(0, 10), (3, 12)], [(1, 10), (0, 9)]) == 2
    assert pairs_that_overlap([(0, 10)], [(6, 10)]) == 0


def tally(parts: list[dict]) -> Tally:
    made = Tally()
    for number, sums in enumerate(parts):
        made.add(number, sums)
    return made


def test_the_interval_holds_the_figure_and_narrows_with_more_documents() -> None:
    def interval(documents: int) -> tuple[float, float]:
        sums = tally([f1_sums(4 + i % 3, 12) for i in range(documents)])
        found = Bootstrap(documents, 300, seed=1).estimate(sums, f1, 6 * documents)
        assert found.low < found.value < found.high
        return found.low, found.high

    few, many = interval(10), interval(400)
    assert many[1] - many[0] < few[1] - few[0]


def test_too_few_is_said() -> None:
    few = Bootstrap(3).estimate(tally([f1_sums(9, 20)] * 3), f1, 30)
    assert (few.value, few.low, few.high, few.too_few, few.documents) == (0.9, None, None, True, 3)
    small = Bootstrap(10).estimate(tally([f1_sums(1, 2)] * 10), f1, 10)
    assert small.too_few
    enough = Bootstrap(10, 200).estimate(tally([f1_sums(9, 20)] * 10), f1, 100)
    assert (enough.low, enough.high, enough.too_few) == (0.9, 0.9, False)


def test_what_is_kept_does_not_grow_with_the_documents() -> None:
    made = tally([f1_sums(9, 20)] * 1000)
    assert (len(made.blocks), made.documents) == (BLOCKS, 1000)
    assert made.total() == f1_sums(9000, 20000)
