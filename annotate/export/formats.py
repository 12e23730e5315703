"""The formats that exports are written in, and what each cannot hold."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A format. `suffix` is empty where it is a folder; `extra` is the optional part of atribusi that it needs."""

    name: str
    suffix: str
    description: str
    extra: str = "dataset"
    lacks: str = ""


FORMATS: Final[dict[str, FormatInfo]] = {
    info.name: info
    for info in (
        FormatInfo("csv", ".csv", "one row for each attribution, UTF-8, for pandas, R and spreadsheets"),
        FormatInfo(
            "excel", ".csv", "CSV for a spreadsheet: byte order mark, semicolons, texts cut to 32,767 characters"
        ),
        FormatInfo("parquet", ".parquet", "one row for each attribution, typed and compressed"),
        FormatInfo("jsonl", ".jsonl", "one JSON object for each attribution"),
        FormatInfo("xlsx", ".xlsx", "a workbook: attributions, documents, data dictionary", extra="xlsx"),
        FormatInfo("huggingface", "", "a folder for Hugging Face `datasets`: Parquet files, whole texts, a card"),
        FormatInfo(
            "conll",
            ".conllup",
            "CoNLL-U Plus: a token a line, BIO tags for content, source and cue",
            lacks="which source and cue belong to which content, nor anything else that is known of an attribution",
        ),
        FormatInfo("spacy", "", "a folder of spaCy DocBin files with span groups; rows in `user_data`", extra="spacy"),
        FormatInfo("brat", "", "a folder of brat stand-off files; rows as notes"),
        FormatInfo("webannotation", ".jsonld", "W3C Web Annotation with text-quote selectors; rows as `atribusi:row`"),
        FormatInfo(
            "schemaorg",
            ".jsonld",
            "schema.org: Quotation, Claim, and ClaimReview of rated claims",
            lacks="more of an attribution than its id, its words, who said them, the article, and how the claim was"
            " rated",
        ),
        FormatInfo(
            "labelstudio",
            ".json",
            "Label Studio tasks with the attributions as predictions",
            lacks="ids of attributions, role, affiliation, register id, addressee, time, place, occasion, status,"
            " votes, agreement, annotators, decisions and ratings, nor what people changed of pre-marks",
        ),
    )
}
