"""Judges documents in the order of the archive: which were read before."""

from annotate.articles.identity import SAME, Seen
from annotate.workflow.archive.scans import Scan
from annotate.workflow.archive.work import Verdict


class Judge:
    """Goes through scans in order; the same scans, the same verdicts, whoever made them and when.

    What it must remember of each document is 32 bytes and a place, in a temporary database that spills to disk.
    """

    def __init__(self) -> None:
        self._seen = Seen()

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
        return verdicts

    def close(self) -> None:
        """Gives back the temporary database."""
        self._seen.close()
