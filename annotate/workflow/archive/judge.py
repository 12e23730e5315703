"""Judges documents in the order of the archive: which were read before, and which are near-copies of others."""

from typing import TYPE_CHECKING

from annotate.articles.identity import SAME, Seen
from annotate.workflow.archive.scans import Scan
from annotate.workflow.archive.work import Verdict

if TYPE_CHECKING:
    from annotate.workflow.archive.copies import CopyIndex


class Judge:
    """Goes through scans in order; the same scans, the same verdicts, whoever made them and when.

    What it must remember of each document is 32 bytes and a place, in a temporary database that spills to disk; and
    with `dedupe`, what `CopyIndex` says.
    """

    def __init__(self, *, dedupe: bool = False) -> None:
        self._seen = Seen()
        self._copies: CopyIndex | None = None
        if dedupe:
            from annotate.workflow.archive import copies

            self._copies = copies.CopyIndex()

    def judge(self, scan: Scan) -> list[Verdict | None]:
        """A verdict for each document of the shard that comes next; None: it is to be marked."""
        verdicts: list[Verdict | None] = []
        for id_, text, file, line in scan:
            self._seen.file(file)
            before = self._seen.before(id_, text, line)
            if before is None:
                verdicts.append(None)
            else:
                verdicts.append(Verdict("repeated") if before == SAME else Verdict("conflict", before))
        if self._copies:
            new = [n for n, verdict in enumerate(verdicts) if verdict is None]
            found = self._copies.find(new, scan.ids, scan.sizes, scan.signatures)
            for n, of in found.items():
                verdicts[n] = Verdict("copy", of)
        return verdicts

    def close(self) -> None:
        """Gives back the temporary database."""
        self._seen.close()
        if self._copies:
            self._copies.close()
