"""Documents with their pre-marks as Label Studio tasks: pure functions, and fast, since every article passes here.

A task is what Label Studio's import takes, and it is useful without a server too: `data` for the page, `meta` for the
file's history, and one prediction whose `result` holds

- a `labels` row for each region, with offsets in code points (as `<Text>` counts them), the mark's confidence as
  `score`, and its rule in words that the page shows;
- a `textarea` row with the speaker for each content that has one, under the content's region id;
- a `relation` row from each content to each of its sources and cues. Relations carry no label: what one means follows
  from the label of its target.

A source or a cue that several contents share is one region. Region ids follow from the document's id, the label and
the offsets, so that the same marks have the same ids in every run; where two contents have one span, their sources and
cues tell them apart.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from json.encoder import encode_basestring as quoted
from json.encoder import encode_basestring_ascii
from typing import Any, Final
from urllib.parse import quote as percent_encoded

from annotate.datamodel import Attribution, Document, MarkedDocument, Region

Quote = Callable[[str], str]
quoted_in_ascii: Final[Quote] = encode_basestring_ascii

# Names in the label configuration (`label-config.xml`); they are in every stored label and never change.
SPAN_CONTROL: Final = "span"
TEXT_OBJECT: Final = "text"
SPEAKER_CONTROL: Final = "speaker"

_KIND_NAMES: Final = {
    "statement": "pernyataan",
    "opinion": "pendapat",
    "claim": "klaim",
    "denial": "bantahan",
    "accusation": "tuduhan",
    "directive": "permintaan atau perintah",
    "promise": "janji atau ancaman",
    "hearsay": "kabar",
    "question": "pertanyaan",
    "person": "orang",
    "organisation": "lembaga",
    "document": "dokumen",
    "media": "media",
    "collective": "kelompok",
    "unnamed": "tanpa nama",
    "pronoun": "kata ganti",
}

_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]")
_URL_CHARACTERS: Final = "%/:=&?~#+!$,;@"
_SPAN: Final = f'"from_name":"{SPAN_CONTROL}","to_name":"{TEXT_OBJECT}","type":"labels",'
_SPEAKER: Final = f'"from_name":"{SPEAKER_CONTROL}","to_name":"{TEXT_OBJECT}","type":"textarea",'


def to_task(marked: MarkedDocument) -> dict[str, Any]:
    """One task with one prediction. Missing facts of the article are empty strings, since the page shows them."""
    task: dict[str, Any] = json.loads(task_json(marked))
    return task


def task_json(marked: MarkedDocument) -> str:
    """The same task as one line of JSON, without a line end.

    Written directly: the rows are many and alike, and `json.dumps` of the nested dictionaries takes twice as long.
    """
    return (
        f'{{"data":{_data_json(marked.document)},"meta":{{"marker":{quoted(marked.marker)}}},'
        f'"predictions":[{prediction_json(marked)}]}}'
    )


def prediction_json(marked: MarkedDocument, quote: Quote = quoted) -> str:
    """The pre-marks alone, as the prediction that the task would hold: one line of JSON.

    `quote` makes JSON of its strings; by `quoted_in_ascii` it and its bytes are a quarter cheaper, and harder to read.
    """
    confidences = [sure for a in marked.attributions if (sure := a.content.confidence) is not None]
    score = f'"score":{round(sum(confidences) / len(confidences), 4)},' if confidences else ""
    return f'{{"model_version":{quoted(marked.marker)},{score}"result":[{",".join(_rows(marked, quote))}]}}'


def document_id(data: Mapping[str, Any], project_id: int, task_id: int) -> str:
    """The id of a task's document: its own, or one made up for a task that others imported without any."""
    return str(data.get("doc_id") or f"studio-{project_id}-{task_id}")


def task_document(data: Mapping[str, Any], project_id: int, task_id: int) -> Document | None:
    """The article of a task, with what its data tell of it; None where it holds no text."""
    text = data.get("text")
    if not isinstance(text, str) or not text:
        return None
    known = {name: data.get(name) or None for name in ("title", "url", "outlet", "published_at")}
    return Document(document_id(data, project_id, task_id), text, **known)


def note(rule: str | None, kind: str | None, confidence: float | None) -> str:
    """What the page says about a pre-mark, in Indonesian: its rule, its kind, how sure the marker is."""
    parts = []
    if rule:
        parts.append(f"aturan: {rule}")
    if kind:
        parts.append(f"jenis: {_KIND_NAMES[kind]}")
    if confidence is not None:
        parts.append(f"keyakinan: {confidence:.0%}")
    return " · ".join(parts)


def _data_json(document: Document) -> str:
    """What the page and the Data Manager show, and by what a task is found again and its text is checked."""
    return (
        f'{{"text":{quoted(document.text)},"doc_id":{quoted(document.doc_id)},'
        f'"text_sha256":"{document.text_sha256}","title":{quoted(document.title or "")},'
        f'"outlet":{quoted(document.outlet or "")},"published_at":{quoted(document.published_at or "")},'
        f'"url":{quoted(document.url or "")},"info":{quoted(article_info(document))}}}'
    )


def article_info(document: Document) -> str:
    """The line above the article, in Markdown: outlet, date and a link. What the article's page said is escaped."""
    parts = [_literal(document.outlet)] if document.outlet else []
    if document.published_at:
        parts.append(_literal(_long_date(document.published_at)))
    if document.url and document.url.startswith(("https://", "http://")):
        parts.append(f"[artikel asli]({percent_encoded(document.url, safe=_URL_CHARACTERS).replace('&', '&amp;')})")
    return " · ".join(parts)


def _literal(words: str) -> str:
    """The page's Markdown also takes HTML: every punctuation mark is escaped, so that words stay words."""
    return _PUNCTUATION.sub(r"\\\g<0>", " ".join(words.split()))


def _long_date(published_at: str) -> str:
    """`2021-02-03T04:05:06Z` as `3 Februari 2021`; anything else as it is."""
    try:
        day = date.fromisoformat(published_at[:10])
    except ValueError:
        return published_at
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _rows(marked: MarkedDocument, quote: Quote) -> list[str]:
    text = marked.document.text
    prefix = blake2b(marked.document.doc_id.encode(), digest_size=4).hexdigest()
    rows: list[str] = []
    relations: list[str] = []
    shared: set[str] = set()
    for attribution, content_id in zip(marked.attributions, _content_ids(prefix, marked.attributions), strict=True):
        content = attribution.content
        rows.append(_region_row(content, content_id, text, quote))
        if attribution.speaker:
            rows.append(
                f'{{"id":"{content_id}",{_SPEAKER}"value":{{"start":{content.start},"end":{content.end},"text":[{quote(attribution.speaker)}]}}}}'
            )
        for end in attribution.sources + attribution.cues:
            end_id = f"{prefix}-{end.label}-{end.start}-{end.end}"
            if end_id not in shared:
                shared.add(end_id)
                rows.append(_region_row(end, end_id, text, quote))
            relations.append(f'{{"type":"relation","from_id":"{content_id}","to_id":"{end_id}","direction":"right"}}')
    return rows + relations


def _region_row(region: Region, region_id: str, text: str, quote: Quote) -> str:
    start, end = region.start, region.end
    return (
        f'{{"id":"{region_id}",{_SPAN}{_explained(region.rule, region.kind, region.confidence, quote)}'
        f'"value":{{"start":{start},"end":{end},"text":{quote(text[start:end])},"labels":["{region.label}"]}}}}'
    )


@lru_cache(maxsize=4096)
def _explained(rule: str | None, kind: str | None, confidence: float | None, quote: Quote) -> str:
    """Score and note of a row. Cached: a marker has few rules, kinds and degrees of confidence."""
    words = note(rule, kind, confidence)
    if not words:
        return ""
    named = f', "rule": {quote(rule)}' if rule else ""
    kept = f', "kind": {quote(kind)}' if kind else ""
    score = "" if confidence is None else f'"score":{round(confidence, 4)},'
    return f'{score}"meta":{{"text": [{quote(words)}]{named}{kept}}},'


def _content_ids(prefix: str, attributions: Sequence[Attribution]) -> list[str]:
    """An id for each content; contents of one label and span differ by their sources and cues, else by their order."""
    ids = [f"{prefix}-{a.content.label}-{a.content.start}-{a.content.end}" for a in attributions]
    if len(set(ids)) == len(ids):
        return ids
    shared = {i for i, times in Counter(ids).items() if times > 1}
    linked = [f"{i}-{_links_hash(a)}" if i in shared else i for i, a in zip(ids, attributions, strict=True)]
    seen: Counter[str] = Counter()
    for place, i in enumerate(linked):
        seen[i] += 1
        if seen[i] > 1:
            linked[place] = f"{i}-{seen[i]}"
    return linked


def _links_hash(attribution: Attribution) -> str:
    ends = sorted((end.label, end.start, end.end) for end in chain(attribution.sources, attribution.cues))
    return blake2b(repr(ends).encode(), digest_size=3).hexdigest()
