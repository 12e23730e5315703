"""Reads articles: text, HTML, JSON lines, JSON, CSV and Parquet, compressed or not, folders, patterns, standard input.

A document's `text` is what was read and is never altered afterwards: no line end is translated, no quotation mark
straightened, nothing trimmed. Its id is the field `doc_id` or `id`; else, for a file in a folder that was given, the
path relative to that folder; else it is made from the text. The headline is part of the text: where title and body
come apart, `text = title + "\\n\\n" + body`, unless the body begins with the title already. The names of fields that
are understood stand in `annotate.articles.fields`.
"""

from annotate.articles.model import FORMATS, MAX_ARTICLE, Format, Reject, Tally
from annotate.articles.reading import read_documents

__all__ = ["FORMATS", "MAX_ARTICLE", "Format", "Reject", "Tally", "read_documents"]
