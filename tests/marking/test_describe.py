"""Details for attributions, whoever drew them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.datamodel import Attribution, Region
from annotate.gold import read_gold
from annotate.lexicon import cue_kind
from annotate.marking.describe import describe
from annotate.marking.register import Register
from annotate.marking.speakers import resolve_speakers
from tests.marking.fields import attributions_of, cases

GOLD = Path(__file__).parents[2] / "seeds" / "_gold" / "seeds.jsonl"


def described(marked: str) -> tuple[Attribution, ...]:
    """The attributions of a marked text, with speakers and details."""
    text, plain = attributions_of(marked)
    speakers = resolve_speakers(text, plain)
    named = [
        Attribution(one.content, one.sources, one.cues, speaker) for one, speaker in zip(plain, speakers, strict=True)
    ]
    return describe(text, named)


@pytest.mark.parametrize(("word", "expected"), cases("cue_kind"))
def test_cue_kind(word: str, expected: str) -> None:
    assert cue_kind(word) == expected
    assert described(f"{{c {word}}} {{i panen mundur sebulan}}")[0].details.cue_kind == expected


def test_kinds_are_set_on_the_regions_that_have_none() -> None:
    (one,) = described("{s Bu Wati} {c menilai} {i panen mundur}.")
    assert (one.sources[0].kind, one.cues[0].kind) == ("person", "opinion")
    assert (one.details.source_kind, one.details.cue_kind) == ("person", "opinion")


def test_kinds_that_the_marker_set_stay() -> None:
    text, (plain,) = attributions_of("{s Bu Wati} {c menilai} {i panen mundur}.")
    cue = Region("cue", plain.cues[0].start, plain.cues[0].end, kind="claim")
    (one,) = describe(text, [Attribution(plain.content, plain.sources, (cue,), "Wati")])
    assert one.details.cue_kind == "claim"


def test_a_clitic_is_a_pronoun() -> None:
    (one,) = described('{d "Panen mundur,"} {c katanya}.')
    assert one.details.source_kind == "pronoun"


def test_hearsay_has_no_source_kind() -> None:
    (one,) = described("{i Panen {c dikabarkan} mundur}.")
    assert (one.details.source_kind, one.details.cue_kind) == (None, "hearsay")


def test_register_id() -> None:
    text, (plain,) = attributions_of("{s Wati} {c menilai} {i panen mundur}.")
    named = Attribution(plain.content, plain.sources, plain.cues, "Wati Kurniasih")
    (one,) = describe(text, [named], Register([{"name": "Wati Kurniasih", "aliases": "", "id": "Q7"}]))
    assert one.details.register_id == "Q7"


def test_everything_but_details_and_kinds_stays() -> None:
    for marked in read_gold(GOLD):
        after = describe(marked.document.text, marked.attributions)
        for old, new in zip(marked.attributions, after, strict=True):
            assert (old.content, old.speaker) == (new.content, new.speaker)
            assert [(s.start, s.end) for s in old.sources] == [(s.start, s.end) for s in new.sources]


def test_details_are_words_of_the_text() -> None:
    for marked in read_gold(GOLD):
        for one in describe(marked.document.text, marked.attributions):
            told = one.details
            for value in (told.addressee, told.time, told.place, told.occasion):
                assert value is None or value in marked.document.text


@settings(max_examples=150)
@given(st.text(alphabet='abc ,.()"”\n', min_size=1, max_size=60), st.data())
def test_any_spans_are_described(noise: str, data: st.DataObject) -> None:
    text = f"Senin di {noise} kepada Danu dalam rapat {noise}"

    def region(label: str) -> Region:
        start = data.draw(st.integers(0, len(text) - 1))
        return Region(label, start, data.draw(st.integers(start + 1, len(text))))  # type: ignore[arg-type]

    made = [
        Attribution(region("direct"), (region("source"),), (region("cue"),), "Danu"),
        Attribution(region("indirect"), (), (region("cue"),)),
        Attribution(region("mixed"), (region("source"), region("source"))),
    ]
    assert [one.content for one in describe(text, made)] == [one.content for one in made]
