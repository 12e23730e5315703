"""spaCy: `DocBin` files with the span groups `content`, `source` and `cue`, and the links in `user_data`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from annotate.errors import MissingExtra
from annotate.export.documents import DocumentRows, tokenise

_DOCUMENTS: Final = 500  # of one file: a DocBin is held in memory


def write_spacy(documents: Iterable[DocumentRows], folder: Path) -> None:
    """Writes `part-00000.spacy` and further ones. `doc.text` is the document's text to the letter.

    `doc.user_data["attributions"]` lists the flat rows in the order of the span group `content`; their `source_spans`
    and `cue_spans` tell which sources and cues belong to which content.
    """
    try:
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab
    except ImportError as error:
        raise MissingExtra("writing spaCy documents", "spacy") from error
    vocab = Vocab()
    number, held = 0, 0
    box = DocBin(store_user_data=True)
    for found in documents:
        box.add(_doc(found, vocab))
        held += 1
        if held == _DOCUMENTS:
            box.to_disk(folder / f"part-{number:05}.spacy")
            box, number, held = DocBin(store_user_data=True), number + 1, 0
    if held or not number:
        box.to_disk(folder / f"part-{number:05}.spacy")


def _doc(found: DocumentRows, vocab: Any) -> Any:
    from spacy.tokens import Doc

    text = found.document.text
    tokens = tokenise(text, (record for record, _ in found.rows))
    doc: Any = Doc(vocab, words=[text[t.start : t.end] for t in tokens], spaces=[t.space for t in tokens])
    doc.user_data["doc_id"] = found.document.doc_id
    doc.user_data["attributions"] = [row for _, row in found.rows]
    doc.spans["content"] = [
        doc.char_span(record.content.start, record.content.end, label=record.type) for record, _ in found.rows
    ]
    for group in ("source", "cue"):
        bounds = {(s.start, s.end) for record, _ in found.rows for s in getattr(record, f"{group}s")}
        doc.spans[group] = [doc.char_span(start, end, label=group) for start, end in sorted(bounds)]
    return doc
