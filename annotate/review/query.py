"""What a reviewer looks for, as an address that can be mailed says it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

from annotate.review.words import fold

Sort = Literal["newest", "oldest", "least_sure"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
PER_PAGE: Final = (25, 50, 100)
# Filters that hold one or several values and show counts, in the order in which the page has them.
FACETS: Final = ("status", "verdict", "type", "source_kind", "outlet", "speaker", "month")
NONE: Final = "-"  # the value of a facet that a row lacks: no outlet, nobody named, not reviewed
_TERM: Final = re.compile(r'(-?)(?:"([^"]*)"|“([^”]*)”|(\S+))')
_DAY: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Query:
    """One view of the attributions. Empty fields do not narrow it; several values of one facet widen it."""

    q: str = ""
    status: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    source_kind: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    article: str = ""
    sort: Sort = "newest"
    per: int = PER_PAGE[0]
    page: int = 1

    @classmethod
    def read(cls, parameters: Mapping[str, list[str]]) -> "Query":
        """The view that an address asks for. What it holds that means nothing is left out, never an error."""

        def one(name: str) -> str:
            return next((v.strip() for v in parameters.get(name, []) if v.strip()), "")[:300]

        def day(name: str) -> str:
            return one(name) if _DAY.fullmatch(one(name)) else ""

        def number(name: str, default: int) -> int:
            return int(one(name)) if one(name).isascii() and one(name).isdigit() and len(one(name)) < 7 else default

        facets = {f: tuple(dict.fromkeys(v.strip() for v in parameters.get(f, []) if v.strip())) for f in FACETS}
        per = number("per", PER_PAGE[0])
        sort = one("sort")
        return cls(
            q=one("q"),
            **facets,
            since=day("since"),
            until=day("until"),
            article=one("article"),
            sort=sort if sort in SORTS else "newest",
            per=per if per in PER_PAGE else PER_PAGE[0],
            page=max(1, number("page", 1)),
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything that is not the default."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            for one in value if isinstance(value, tuple) else (value,):
                yield field.name, str(one)

    def address(self, path: str = "/attributions", **changes: object) -> str:
        """Address of this view, or of one like it; any change but that of the page goes back to page 1."""
        other = replace(self, **({"page": 1, **changes} if changes else {}))  # type: ignore[arg-type]
        written = urlencode(list(other.pairs()))
        return f"{path}?{written}" if written else path

    def toggled(self, facet: str, value: str) -> str:
        """Address of the view with one value of a facet taken in, or out where it is in."""
        chosen: tuple[str, ...] = getattr(self, facet)
        changes: dict[str, Any] = {
            facet: tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        }
        return self.address(**changes)

    def without_paging(self) -> "Query":
        """The same view, whatever page of it is looked at: what goes along from list to attribution."""
        return replace(self, page=1, per=PER_PAGE[0])

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for at all."""
        return replace(self, sort="newest", page=1, per=PER_PAGE[0]) != Query()

    def terms(self) -> list[tuple[str, bool]]:
        """Folded search terms, and whether each must occur: words by their beginning, phrases in quotation marks."""
        found = []
        for minus, straight, curly, word in _TERM.findall(self.q):
            folded = fold(straight or curly or word)
            if folded.strip():
                found.append((folded if straight or curly else folded.rstrip(), not minus))
        return found
