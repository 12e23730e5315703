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
    )
}
