"""Any history of commits and restores, against a plain dictionary for each version."""

import tempfile

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from annotate.dataset import Dataset
from tests.dataset.made import RECIPE, attribution, change, document

# A commit: for some documents, which attributions they have and how far a content reaches. An integer: restore.
shape = st.tuples(st.sets(st.integers(0, 2)), st.integers(0, 1))
steps = st.one_of(st.dictionaries(st.integers(0, 4), shape, min_size=1), st.integers(1, 4))

Model = dict[int, tuple[frozenset[int], int]]


def rows(model: Model) -> list[str]:
    return [
        attribution(document(number), part, longer=longer).model_dump_json()
        for number, (parts, longer) in sorted(model.items())
        for part in sorted(parts)
    ]


def differ(a: Model, b: Model) -> bool:
    """Whether the rows differ: how far a content reaches matters only where there is one."""
    return {n: (p, x if p else 0) for n, (p, x) in a.items()} != {n: (p, x if p else 0) for n, (p, x) in b.items()}


# A failing history is short as it is; each step is slow on the disk, so shrinking would take minutes.
@settings(max_examples=4, phases=(Phase.reuse, Phase.generate))
@given(st.lists(steps, min_size=2, max_size=4))
def test_every_version_of_any_history_is_what_it_was(history: list) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dataset = Dataset.create(folder)
        versions: list[Model] = []
        for step in history:
            head = versions[-1] if versions else {}
            if isinstance(step, int):
                if step > len(versions):
                    continue
                wanted = versions[step - 1]
                made = dataset.restore(step, message="kembali", author="uji")
            else:
                wanted = head | {number: (frozenset(parts), longer) for number, (parts, longer) in step.items()}
                changes = [change(number, sorted(parts), longer=longer) for number, (parts, longer) in step.items()]
                made = dataset.commit(changes, message="m", author="uji", recipe=RECIPE)
            assert (made is not None) == (not versions or differ(head, wanted))
            if made is not None:
                versions.append(wanted)
        again = Dataset.open(folder)
        assert [version.version for version in again.log()] == list(range(1, len(versions) + 1))
        for number, model in enumerate(versions, 1):
            found = [r.model_copy(update={"commit_id": "-"}).model_dump_json() for r in again.attributions(number)]
            assert found == rows(model)
            assert [d.doc_id for d in again.documents(number)] == [document(n).doc_id for n in sorted(model)]
            assert not [p for p in again.verify(number) if "never pulled" not in p.message]
            assert bool(list(again.diff(number))) == differ(model, versions[-1])
