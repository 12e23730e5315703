"""CoNLL-U Plus: one token a line, with BIO tags for content, source and cue.

The format: https://universaldependencies.org/ext-format.html. A line of the text is a sentence of the format.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from annotate.export.atomic import whole_file
from annotate.export.documents import DocumentRows, Token, encode_json, tokenise
from annotate.records import SpanRecord

_HEAD: Final = "# global.columns = ID FORM ATRIBUSI:START ATRIBUSI:END ATRIBUSI:CONTENT ATRIBUSI:SOURCE ATRIBUSI:CUE\n"


def write_conll(documents: Iterable[DocumentRows], path: Path) -> int:
    """Writes the file; gives the number of spans that are not in it, since they overlap another of their kind."""
    lost = 0
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        for found in documents:
            text = found.document.text
            tokens = [t for t in tokenise(text, (r for r, _ in found.rows)) if not text[t.start : t.end].isspace()]
            layers, dropped = _layers(found, tokens)
            lost += dropped
            file.write(f"# newdoc id = {_one_line(found.document.doc_id)}\n")
            number, line_end = 0, 0
            for at, token in enumerate(tokens):
                if number and "\n" in text[line_end : token.start]:
                    file.write("\n")
                    number = 0
                number, line_end = number + 1, token.end
                tags = "\t".join(layer[at] for layer in layers)
                file.write(f"{number}\t{text[token.start : token.end]}\t{token.start}\t{token.end}\t{tags}\n")
            file.write("\n")
    return lost


def _layers(found: DocumentRows, tokens: list[Token]) -> tuple[list[list[str]], int]:
    """A tag for each token in each of the three layers, and how many spans found no room."""
    spans: list[list[tuple[SpanRecord, str]]] = [[], [], []]
    for record, _ in found.rows:
        spans[0].append((record.content, record.type))
        spans[1].extend((span, "source") for span in record.sources)
        spans[2].extend((span, "cue") for span in record.cues)
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    layers, lost = [], 0
    for layer in spans:
        tags = ["O"] * len(tokens)
        taken = 0
        distinct = {(span.start, span.end, label) for span, label in layer}
        for start, end, label in sorted(distinct, key=lambda mark: (mark[0], -mark[1])):
            first, behind = bisect_left(starts, start), bisect_right(ends, end)
            if start < taken or first >= behind:
                lost += 1
                continue
            taken = end
            tags[first:behind] = [f"B-{label}"] + [f"I-{label}"] * (behind - first - 1)
        layers.append(tags)
    return layers, lost


def _one_line(doc_id: str) -> str:
    return doc_id if doc_id.isprintable() else encode_json(doc_id)
