"""Lines of bounded length."""

import io
from collections.abc import Iterator

from annotate.articles.model import MAX_ARTICLE, Problem

TOO_LONG = Problem(
    f"longer than {MAX_ARTICLE // 2**20} Mi characters, which is no article", remedy="split the file into articles"
)


def bounded_lines(stream: io.TextIOBase, limit: int = MAX_ARTICLE) -> Iterator[str | None]:
    """The stream's lines with their ends; None in place of a line longer than `limit` characters."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit or line.endswith(("\n", "\r")):
            yield line
            continue
        while (rest := stream.readline(limit)) and not rest.endswith(("\n", "\r")):
            pass
        yield None
