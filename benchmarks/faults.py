"""Trials through faults, by the thousand: push, pull and commit against a real Label Studio behind a faulty network.

    python -m benchmarks.faults --trials 1000

Each trial has a number, from which everything that happens in it is drawn. Results are kept, one line a trial, in
`.cache/faults.jsonl`: a run that was stopped goes on where it was, and `--seed N` repeats one trial and tells all.
`--aimed 150` runs as many trials whose faults fall on the imports, the pages, and the commit (numbers from a million
on). `--mutant NAME` runs 30 of them with the program broken on purpose, and keeps nothing: whether they find it out.
`--share 1/2` and `--share 2/2` are two runs beside each other, each with a server of its own.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil

from annotate.labelstudio import server
from annotate.labelstudio.connection import Connection
from tests.faults.mutants import MUTANTS
from tests.faults.proxy import REVOKED, SERVER
from tests.faults.trial import AIMED, FIRST_AIMED, LIMITS, Act, Bench, Stage, Trial, disturbed, set_up, undisturbed

OF_A_MUTANT = 30  # trials
RESULTS = Path(__file__).parent.parent / ".cache" / "faults.jsonl"
# The rows of the table, and the faults that each holds.
KINDS = {
    "5xx, nothing was done": ["500 before", "502 before", "503 before"],
    "5xx, all was done": ["500 after", "502 after", "504 after"],
    "429 with Retry-After, 408": ["429 before", "408 before"],
    "time-out: not done, done, done later": ["time-out before", "time-out after", "time-out late"],
    "connection cut: before, in the request, in the answer, after": [
        "cut before", "cut request", "cut answer", "cut after",
    ],
    "malformed, empty or foreign answer": ["malformed JSON after", "empty answer after", "other page after"],
    "token refused once": ["token revoked"],
    "token revoked until renewed": REVOKED,
    "server killed and restarted": SERVER,
    "SIGKILL": [LIMITS["kill_at"]],
    "disk full": [LIMITS["file_limit"]],
    "clock out by a minute, a day, a year": [LIMITS["clock"]],
}  # fmt: skip


def main() -> int:
    """Run what is missing and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--trials", type=int, default=1000, help="how many trials there are to be, earlier ones included"
    )
    parser.add_argument("--aimed", type=int, default=0, help="how many aimed trials there are to be besides")
    parser.add_argument("--mutant", choices=MUTANTS, help="run aimed trials with this broken, and keep nothing")
    parser.add_argument("--seed", type=int, help="run this trial only, and tell what happened in it")
    parser.add_argument("--share", default="1/1", help="of several runs at once, which one this is: 1/2, 2/2")
    parser.add_argument("--figures", action="store_true", help="run nothing, print the figures so far")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file of results")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a run that is ended ends its server
    results: Path = chosen.results
    results.parent.mkdir(parents=True, exist_ok=True)
    done = read_results(results)
    place, shares = map(int, chosen.share.split("/"))
    numbers = [*range(chosen.trials), *range(FIRST_AIMED, FIRST_AIMED + chosen.aimed)]
    wanted = [seed for seed in numbers[place - 1 :: shares] if seed not in done]
    if chosen.seed is not None:
        wanted = [chosen.seed]
    if chosen.mutant:
        return find_out(chosen.mutant)
    if wanted and not chosen.figures:
        run_trials(wanted, results, done, tell=chosen.seed is not None)
    trials = list(read_results(results).values())
    aimed = [trial for trial in trials if trial.act in AIMED]
    wrong = figures("trials", [trial for trial in trials if trial.act not in AIMED])
    return (figures("aimed trials", aimed) if aimed else 0) or wrong


def read_results(path: Path) -> dict[int, Trial]:
    """The trials of earlier runs, by number; a line that was cut off counts as not run."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            trial = Trial(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[trial.seed] = trial
    return found


def run_trials(seeds: list[int], results: Path, done: dict[int, Trial], *, tell: bool) -> None:
    """Run the trials on a server of our own."""
    with own_server() as (bench, stages):
        for seed in seeds:
            run_one(bench, seed, stages, results, done, tell=tell)


def find_out(mutant: str) -> int:
    """Run aimed trials of a mutant; 0 if one of them ended otherwise than an undisturbed run."""
    caught = 0
    with own_server() as (bench, stages):
        for seed in range(FIRST_AIMED, FIRST_AIMED + OF_A_MUTANT):
            trial = disturbed(bench, seed, stages, mutant=mutant)
            caught += bool(trial.wrong)
            print(f"trial {seed} ({trial.act}): {trial.wrong[0][:160] if trial.wrong else 'right'}", file=sys.stderr)
    print(f"the program that {mutant}: found out by {caught} of {OF_A_MUTANT} aimed trials")
    return 0 if caught else 1


@contextlib.contextmanager
def own_server() -> Iterator[tuple[Bench, dict[Act, Stage]]]:
    """A server of our own with the accounts, and what undisturbed runs end in; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="atribusi-faults-") as scratch:
        studio = Path(scratch) / "studio"
        running = server.start(studio)

        def kill_server() -> None:
            now = server.status(studio)
            if now:
                os.kill(now.pid, signal.SIGKILL)
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(now.pid).wait(30)
            again = server.start(studio)
            if again.port != running.port:
                sys.exit(f"port {running.port} was taken meanwhile; run the benchmark again")

        try:
            bench = set_up(Connection(running.url, running.token, "benchmark"), Path(scratch), kill_server)
            with undisturbed(bench) as stages:
                yield bench, stages
        finally:
            server.stop(studio)


def run_one(
    bench: Bench, seed: int, stages: dict[Act, Stage], results: Path, done: dict[int, Trial], *, tell: bool
) -> None:
    """Run a trial and keep its result."""
    trial = done[seed] = disturbed(bench, seed, stages)
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(trial)) + "\n")
    if tell:
        print(json.dumps(asdict(trial), indent=1))
    verdict = "WRONG" if trial.wrong else "right"
    print(f"trial {seed} ({trial.act}): {verdict}, {len(trial.faults)} faults, {trial.seconds:.1f} s", file=sys.stderr)


def kind_of(fault: str) -> str:
    """The row of the table in which a fault of a trial counts, such as `push: 500 after at POST /api/projects/`."""
    name = fault.split(": ", 1)[1].split(" at ")[0]
    return next(kind for kind, names in KINDS.items() if name in names)


def figures(name: str, trials: list[Trial]) -> int:
    """Print what came out; 1 if a trial ended otherwise than an undisturbed run."""
    wrong = [trial.seed for trial in trials if trial.wrong]
    unclear = [t.seed for t in trials if any(message.startswith("no clear error") for message in t.messages)]
    acts = Counter(trial.act for trial in trials)
    print(f"{name}: {len(trials)} ({', '.join(f'{count} {act}' for act, count in acts.most_common())})")
    print(f"ended as an undisturbed run: {len(trials) - len(wrong)}")
    print(f"ended otherwise: {len(wrong)} {wrong[:20]}")
    print(f"with an error that was not clear on the way: {len(unclear)} {unclear[:20]}")
    faults = [Counter(map(kind_of, trial.faults)) for trial in trials]
    print(f"faults: {sum(map(Counter.total, faults))}, none in {faults.count(Counter())} trials\n")
    print("| fault | times | trials | wrong |\n| --- | --- | --- | --- |")
    for kind in KINDS:
        hit = [(found[kind], bool(trial.wrong)) for trial, found in zip(trials, faults, strict=True) if found[kind]]
        if hit:
            print(f"| {kind} | {sum(times for times, _ in hit)} | {len(hit)} | {sum(bad for _, bad in hit)} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
