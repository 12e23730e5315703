"""Who labels what: even, drawn by a seed, and stable whatever is added."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import PlanError
from annotate.workflow.plan import Terms, deal

ARTICLES = [f"koran/{n:03d}" for n in range(100)]
PEOPLE = ("sari", "budi", "citra", "dewi")
TERMS = Terms(PEOPLE, overlap=0.2, readers=2, blind=0.1, seed=7)


def readers(plan, *, blind=False):
    found = {}
    for one in plan:
        if one.blind == blind:
            found.setdefault(one.doc_id, []).append(one.annotator)
    return found


def load(plan):
    return Counter(one.annotator for one in plan)


def test_shares_are_exact_and_work_is_even():
    plan = deal(ARTICLES, TERMS)
    seen, blind = readers(plan), readers(plan, blind=True)
    assert set(seen) == set(ARTICLES)
    assert Counter(len(names) for names in seen.values()) == {1: 80, 2: 20}
    assert len(blind) == 10
    assert all(len(seen[article]) == 1 for article in blind), "the two shares fall on different articles"
    assert max(load(plan).values()) - min(load(plan).values()) <= 1
    assert {name for names in seen.values() if len(names) > 1 for name in names} == set(PEOPLE)


def test_the_seed_alone_decides():
    assert deal(reversed(ARTICLES), TERMS) == deal(ARTICLES, TERMS)
    assert deal(ARTICLES, Terms(PEOPLE, 0.2, 2, 0.1, seed=8)) != deal(ARTICLES, TERMS)


@settings(max_examples=30)
@given(st.sets(st.text(min_size=1, max_size=6), min_size=1, max_size=40), st.data())
def test_what_was_dealt_stays_and_nobody_reads_an_article_twice(articles, data):
    terms = Terms(PEOPLE, data.draw(st.floats(0, 1)), data.draw(st.integers(2, 3)), data.draw(st.floats(0, 1)), seed=1)
    some = data.draw(st.sets(st.sampled_from(sorted(articles))))
    first = deal(some, terms)
    more = Terms((*PEOPLE, "eka"), terms.overlap, terms.readers, terms.blind, terms.seed)
    whole = deal(articles, more, first)
    assert set(map(repr, first)) <= set(map(repr, whole))
    assert len({(one.doc_id, one.annotator) for one in whole}) == len(whole)
    assert set(readers(whole)) == articles
    assert deal(articles, more, whole) == whole


def test_added_articles_are_dealt_to_who_has_least():
    first = deal(ARTICLES[:50], Terms(PEOPLE[:3], seed=7))
    plan = deal(ARTICLES, Terms(PEOPLE, seed=7), first)
    assert set(map(repr, first)) <= set(map(repr, plan))
    assert max(load(plan).values()) - min(load(plan).values()) <= 1
    assert Counter(len(names) for names in readers(plan).values())[2] == 20


def test_a_new_annotator_takes_over_only_what_nobody_began():
    first = deal(ARTICLES, Terms(PEOPLE[:3], seed=7))
    begun = {(one.doc_id, one.annotator) for one in first if one.annotator == "sari"}
    same = deal(ARTICLES, Terms(PEOPLE, seed=7), first, begun)
    assert same == first
    plan = deal(ARTICLES, Terms(PEOPLE, seed=7), first, begun, rebalance=True)
    assert begun <= {(one.doc_id, one.annotator) for one in plan}
    assert len(plan) == len(first)
    moved = {repr(one) for one in plan} - {repr(one) for one in first}
    assert all("'dewi'" in one for one in moved)
    assert load(plan)["dewi"] >= load(plan)["budi"] - 1


def test_what_who_left_has_not_begun_goes_to_the_others():
    first = deal(ARTICLES, TERMS)
    kept = next(one for one in first if one.annotator == "dewi")
    plan = deal(ARTICLES, Terms(PEOPLE[:3], 0.2, 2, 0.1, 7), first, {(kept.doc_id, "dewi")})
    assert [one for one in plan if one.annotator == "dewi"] == [kept]
    assert len(plan) == len(first)
    assert {repr(one) for one in first if one.annotator != "dewi"} <= {repr(one) for one in plan}


def test_what_somebody_labelled_before_the_plan_is_his():
    plan = deal(ARTICLES, TERMS, begun={(article, "budi") for article in ARTICLES[:10]})
    seen = readers(plan)
    assert all("budi" in seen[article] for article in ARTICLES[:10])
    assert max(load(plan).values()) - min(load(plan).values()) <= 1


@pytest.mark.parametrize(("terms", "needed"), [(Terms(("a",)), 2), (Terms(("a", "b"), 0.5, 3, 0), 3)])
def test_too_few_people_are_refused(terms, needed):
    with pytest.raises(PlanError, match=f"ask for {needed}"):
        deal(ARTICLES, terms)
