"""Progress: who labelled how much on which day, and how far that is from the plan. Of what was pulled so far."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from annotate.errors import PlanError
from annotate.records import PlanRecord

if TYPE_CHECKING:
    from annotate.dataset import Doing

NOBODY: Final = "unknown"
KINDS: Final = ("labelled", "empty", "skipped", "drafts", "deleted")
_KIND_OF: Final = dict(
    zip(("submitted", "empty", "skipped", "draft", "deleted"), KINDS, strict=True)
)  # the state of an annotation -> what it counts as


@dataclass
class Tally:
    """What somebody did: numbers of annotations by kind, of those without sight of pre-marks, and seconds for each.

    `labelled` hold attributions, `empty` say that there is none; both are done.
    """

    labelled: int = 0
    empty: int = 0
    skipped: int = 0
    drafts: int = 0
    deleted: int = 0
    blind: int = 0
    lead_times: list[float] = field(default_factory=list, repr=False)

    @property
    def done(self) -> int:
        return self.labelled + self.empty

    def add(self, doing: "Doing") -> None:
        kind = _KIND_OF[doing.state]
        setattr(self, kind, getattr(self, kind) + 1)
        if kind in ("labelled", "empty"):
            self.blind += doing.parent_prediction is None
            if doing.lead_time is not None:
                self.lead_times.append(doing.lead_time)

    def as_dict(self) -> dict[str, Any]:
        """Counts, and the median and the sum of the seconds spent on what is done."""
        numbers = {name: getattr(self, name) for name in ("done", *KINDS, "blind")}
        middle = round(median(self.lead_times), 1) if self.lead_times else None
        return {**numbers, "median_seconds": middle, "total_seconds": round(sum(self.lead_times), 1)}


@dataclass
class Standing:
    """One annotator: all that he or she did, and how much of the plan is done, skipped and left."""

    annotator: str
    tally: Tally = field(default_factory=Tally)
    planned: int = 0
    plan_done: int = 0
    plan_skipped: int = 0
    last_day: str | None = None

    @property
    def left(self) -> int:
        return self.planned - self.plan_done - self.plan_skipped

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        own = ("annotator", "planned", "plan_done", "plan_skipped", "left", "last_day")
        return {**{name: getattr(self, name) for name in own}, **self.tally.as_dict()}


@dataclass
class ProgressReport:
    """By annotator, in the order of their names; and by day (ISO 8601, in the asked time zone) and annotator."""

    standings: list[Standing]
    days: dict[str, dict[str, Tally]]
    planned: bool

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        days = [
            {"day": day, "annotator": name, **tally.as_dict()}
            for day, tallies in self.days.items()
            for name, tally in tallies.items()
        ]
        return {"planned": self.planned, "annotators": [one.as_dict() for one in self.standings], "days": days}


def progress(dataset: str | Path, *, timezone: tzinfo | None = None) -> ProgressReport:
    """How far everybody is; days are those of `timezone`, default this machine's. Raises `DatasetError`s."""
    from annotate.dataset import Dataset

    store = Dataset.open(dataset)
    return progress_of(store.doings(), store.newest_plans(), timezone)


def zone_of(name: str | None) -> tzinfo | None:
    """The time zone of that name. Raises `PlanError` where there is none."""
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise PlanError(f"no time zone {name!r}", remedy="name it as Asia/Jakarta") from None


def progress_of(
    doings: "Iterable[Doing]", plans: Iterable[PlanRecord], timezone: tzinfo | None = None
) -> ProgressReport:
    """The same, of records."""
    standings: dict[str, Standing] = {}
    days: dict[str, dict[str, Tally]] = defaultdict(dict)
    said: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in doings:
        if one.purpose == "adjudication" or (one.state == "deleted" and one.annotation_id < 0):
            continue  # a draft that is gone became an annotation
        name = one.annotator or NOBODY
        standing = standings.setdefault(name, Standing(name))
        standing.tally.add(one)
        said[one.server, one.doc_id, name].add(one.state)
        day = _day(one.created_at or one.updated_at, timezone)
        if day:
            days[day].setdefault(name, Tally()).add(one)
            standing.last_day = max(day, standing.last_day or "")
    plans = list(plans)
    for plan in plans:
        for name in plan.annotators:
            standings.setdefault(name, Standing(name))
        for given in plan.assignments:
            standing = standings.setdefault(given.annotator, Standing(given.annotator))
            states = said.get((plan.server, given.doc_id, given.annotator), set())
            done = bool(states & {"submitted", "empty"})
            standing.planned += 1
            standing.plan_done += done
            standing.plan_skipped += not done and "skipped" in states
    in_order = {day: dict(sorted(days[day].items())) for day in sorted(days)}
    return ProgressReport([standings[name] for name in sorted(standings)], in_order, bool(plans))


def _day(instant: str | None, timezone: tzinfo | None) -> str | None:
    return datetime.fromisoformat(instant).astimezone(timezone).date().isoformat() if instant else None


ANNOTATOR_HEADERS: Final = (
    *("annotator", "planned", "done", "left", "labelled", "empty", "skipped", "drafts", "deleted", "blind"),
    *("min. each", "hours", "last day"),
)
DAY_HEADERS: Final = ("day", "annotator", "done", "empty", "skipped", "drafts", "min. each")


def annotator_rows(report: ProgressReport) -> list[list[str]]:
    """By annotator, as rows of a table."""
    rows = []
    for one in report.standings:
        tally = one.tally
        planned, left = (str(one.planned), str(one.left)) if report.planned else ("", "")
        done = f"{tally.done}" + (f" ({one.plan_done / one.planned:.0%} of plan)" if one.planned else "")
        counts = [str(getattr(tally, name)) for name in (*KINDS, "blind")]
        spent = [_minutes(tally), f"{sum(tally.lead_times) / 3600:.1f}", one.last_day or ""]
        rows.append([one.annotator, planned, done, left, *counts, *spent])
    return rows


def day_rows(report: ProgressReport) -> Iterator[list[str]]:
    """By day and annotator, as rows of a table."""
    for day, tallies in report.days.items():
        for name, tally in tallies.items():
            counts = [str(n) for n in (tally.done, tally.empty, tally.skipped, tally.drafts)]
            yield [day, name, *counts, _minutes(tally)]


def _minutes(tally: Tally) -> str:
    return f"{median(tally.lead_times) / 60:.1f}" if tally.lead_times else ""
