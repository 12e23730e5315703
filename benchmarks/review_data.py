"""A made-up archive of any size for measuring the review desk: articles that share agencies' copies and quotations."""

import random
from collections.abc import Iterator

from annotate.datamodel import Document
from annotate.records import AttributionRecord, DocumentRecord, SpanRecord

SYLLABLES = ["ba", "ce", "da", "gu", "ha", "ja", "ki", "lo", "ma", "ni", "pa", "ri", "sa", "te", "wu", "ya"]
VOCABULARY = 30_000
FIRST = [
    "Dewi",
    "Budi",
    "Siti",
    "Agus",
    "Rina",
    "Joko",
    "Maria",
    "Yohanes",
    "Nur",
    "Hendra",
    "Wayan",
    "Fitri",
    "Anton",
    "Lestari",
    "Rudi",
    "Eka",
]
LAST = [
    "Santoso",
    "Wibowo",
    "Lestari",
    "Siregar",
    "Manurung",
    "Pratama",
    "Nasution",
    "Hidayat",
    "Tanjung",
    "Kusuma",
    "Saragih",
    "Putra",
]
OUTLETS = [
    "Kabar Pagi",
    "Harian Timur",
    "Suara Desa",
    "Warta Kota",
    "Berita Laut",
    "Pos Selatan",
    "Lintas Kini",
    "Koran Bukit",
]
TYPES = ("direct", "indirect", "indirect", "mixed")


def archive(
    attributions: int, *, each: int = 5, seed: int = 1
) -> Iterator[tuple[DocumentRecord, list[AttributionRecord]]]:
    """Articles with `each` attributions, until there are `attributions`; every tenth repeats an agency's article."""
    dice = random.Random(seed)
    recent: list[list[tuple[str, str]]] = []
    for number in range(-(-attributions // each)):
        if recent and number % 10 == 0:
            said = dice.choice(recent)
        else:
            said = [(_clause(dice), f"{dice.choice(FIRST)} {dice.choice(LAST)}") for _ in range(each)]
            recent = [*recent[-200:], said]
        yield _article(number, said, dice)


def _clause(dice: random.Random) -> str:
    """Some twenty words, as often as words of a language are: the n-th in 1/n of the cases."""
    words = [_word(int(VOCABULARY ** dice.random())) for _ in range(dice.randrange(12, 30))]
    return f"{' '.join(words)} dengan biaya {dice.randrange(2, 900)} miliar rupiah"


def _word(number: int) -> str:
    word = ""
    while number or not word:
        word += SYLLABLES[number % 16]
        number //= 16
    return word if len(word) > 2 else word + "kan"


def _article(
    number: int, said: list[tuple[str, str]], dice: random.Random
) -> tuple[DocumentRecord, list[AttributionRecord]]:
    text = f"Berita nomor {number}\n\n"
    spans = []
    for clause, who in said:
        kind = dice.choice(TYPES)
        words = f"“{clause.capitalize()},”" if kind == "direct" else clause
        cue = "kata" if kind == "direct" else "mengatakan"
        line = f"{words} {cue} {who}.\n" if kind == "direct" else f"{who} {cue} {words}.\n"
        at = len(text) + line.index(words)
        who_at, cue_at = len(text) + line.index(who), len(text) + line.index(f" {cue} ") + 1
        spans.append((kind, (at, at + len(words)), (who_at, who_at + len(who)), (cue_at, cue_at + len(cue)), who))
        text += line
    day = f"20{dice.randrange(20, 27)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
    name = f"art-{number:06d}"
    sha = Document(name, text).text_sha256
    document = DocumentRecord(
        doc_id=name,
        text_sha256=sha,
        text=text,
        title=f"Berita nomor {number}",
        outlet=dice.choice(OUTLETS),
        published_at=day,
        url=f"https://example.org/{number}",
        commit_id="c",
    )

    def span(bounds: tuple[int, int]) -> SpanRecord:
        return SpanRecord(start=bounds[0], end=bounds[1], text=text[slice(*bounds)])

    rows = [
        AttributionRecord(
            attribution_id=f"at-{number:07d}{place:02d}",
            doc_id=name,
            text_sha256=sha,
            commit_id="c",
            type=kind,
            content=span(content),
            sources=[span(source)],
            cues=[span(cue)],
            speaker=who,
            source_kind="person",
            cue_kind="statement",
            status=dice.choice(("unanimous", "majority", "single", "premark")),
            annotators=["siti@example.org"],
            readers=["siti@example.org", "budi@example.org"],
            premark_rule="verb-clause",
            premark_confidence=round(dice.random(), 3),
        )
        for place, (kind, content, source, cue, who) in enumerate(spans)
    ]
    return document, rows
