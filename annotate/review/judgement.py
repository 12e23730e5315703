"""What a reviewer sends, as a decision: verdict, corrections in words of the article, grounds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from annotate.datamodel import CONTENT_LABELS
from annotate.reconcile import basis_of
from annotate.reconcile.decisions import decision_id
from annotate.records import AttributionRecord, DecisionRecord, SpanRecord, Verdict
from annotate.review.pages import RATINGS
from annotate.review.safe import web_link, written_back

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
_NUMBER: Final = re.compile(r"(?:(?:GFD|CekFakta)[ -]?)?#?\d{1,12}", re.IGNORECASE)
_LONGEST: Final = 4000


class Refused(Exception):
    """The form cannot be taken; `key` names the message, `field` the field that is to be mended."""

    def __init__(self, key: str, field: str) -> None:
        super().__init__(key)
        self.key = key
        self.field = field


@dataclass(frozen=True)
class Sent:
    """The fields of the form, as sent."""

    verdict: str = ""
    speaker: str | None = None
    type: str = ""
    content: str = ""
    source: str = ""
    cue: str = ""
    claim_rating: str = ""
    reason: str = ""
    note: str = ""
    fact_check: str = ""


def judge(sent: Sent, row: AttributionRecord, text: str, *, who: str, when: str, version: int | None) -> DecisionRecord:
    """The decision that a form means. Raises `Refused` for what cannot be taken.

    Words that are as the row has them are no correction. Corrected words must stand in the article: where they stand
    several times, those nearest to the old ones are meant.
    """
    verdict = next((one for one in VERDICTS if one == sent.verdict), None)
    if verdict is None:
        raise Refused("no_verdict", "verdict")
    if sent.claim_rating and sent.claim_rating not in RATINGS:
        raise Refused("no_rating", "claim_rating")
    kind = next((one for one in CONTENT_LABELS if one == sent.type), None)
    if sent.type and kind is None:
        raise Refused("no_type", "type")
    speaker = None if sent.speaker is None else _changed(sent.speaker, row.speaker or "")
    content = _corrected(sent.content, row.content, text, "content")
    confirmed = verdict == "right"
    span = content or (row.content if confirmed else None)
    sources = _link(sent.source, row.sources, row, text, "source") or (list(row.sources) if confirmed else None)
    cues = _link(sent.cue, row.cues, row, text, "cue") or (list(row.cues) if confirmed else None)
    changed_type = kind if kind != row.type else None
    return DecisionRecord(
        decision_id=decision_id("review", row.attribution_id, who, when, *vars(sent).values()),
        kind="review",
        doc_id=row.doc_id,
        attribution_id=row.attribution_id,
        undoes=None,
        decided_by=who,
        decided_at=when,
        on_version=version,
        verdict=verdict,
        claim_rating=sent.claim_rating or None,
        exists=None if verdict == "cannot_tell" else True,
        basis=basis_of(row),
        type=changed_type or (row.type if confirmed else None),
        content=span,
        sources=sources,
        cues=cues,
        speaker=speaker if speaker is not None else (row.speaker or "") if confirmed else None,
        register_id=None,
        merged_names=None,
        reason=_words(sent.reason),
        note=_words(sent.note),
        fact_check=fact_check(sent.fact_check),
        annotation_id=None,
    )


def fact_check(sent: str) -> str | None:
    """A GFD or CekFakta number, or a web address. Raises `Refused` for anything else."""
    sent = sent.strip()
    if not sent:
        return None
    if web_link(sent) or _NUMBER.fullmatch(sent):
        return sent[:_LONGEST]
    raise Refused("bad_fact_check", "fact_check")


def _words(sent: str) -> str | None:
    return written_back(sent).replace("\r\n", "\n").strip()[:_LONGEST] or None


def _changed(sent: str, old: str) -> str | None:
    """The corrected words, None where they are the old ones; line breaks are no part of a name."""
    words = " ".join(written_back(sent).split())
    return None if words == " ".join(old.split()) else words[:_LONGEST]


def _link(
    sent: str, old: Sequence[SpanRecord], row: AttributionRecord, text: str, field: str
) -> list[SpanRecord] | None:
    """The corrected source, or cue: the field shows the first one, and one alone stands in its place."""
    found = _corrected(sent, old[0] if old else row.content, text, field, known=bool(old))
    return [found] if found else None


def _corrected(sent: str, old: SpanRecord, text: str, field: str, *, known: bool = True) -> SpanRecord | None:
    words = written_back(sent).replace("\r\n", "\n").strip()
    if not words or (known and words.split() == old.text.split()):
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    places = [(abs(m.start() - old.start) + abs(m.end() - old.end), m.start(), m.end()) for m in pattern.finditer(text)]
    if not places:
        raise Refused("not_in_article", field)
    _, start, end = min(places)
    return SpanRecord(start=start, end=end, text=text[start:end])
