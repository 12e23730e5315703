"""Errors name place and remedy, and the tree in the docstring is the tree in the code."""

import pickle
import re

from annotate import errors


def test_message_holds_place_what_and_remedy() -> None:
    error = errors.InputError("the text is empty", place='berita.csv, line 7, field "text"', remedy="fill it in")
    assert str(error) == 'berita.csv, line 7, field "text": the text is empty — fill it in'
    assert str(errors.InputError("plain")) == "plain"


def test_missing_extra_tells_what_to_install() -> None:
    assert "pip install 'atribusi[parquet]'" in str(errors.MissingExtra("Reading Parquet", "parquet"))


def test_an_error_comes_whole_from_another_process() -> None:
    for error in (
        errors.DatasetError("the document comes twice", place="arsip/7", remedy="remove one"),
        errors.MissingExtra("Reading Parquet", "parquet"),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.args) == (type(error), str(error), error.args)


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    drawn = re.findall(r"^ {4}([│ ├└─]*)(\w+) ", errors.__doc__ or "", re.M)
    path: list[str] = []
    seen = set()
    for indent, name in drawn:
        depth = len(indent) // 4
        path = [*path[:depth], name]
        cls = getattr(errors, name)
        seen.add(name)
        if depth:
            assert cls.__bases__ == (getattr(errors, path[depth - 1]),), name
    classes = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, Exception)}
    assert seen == classes
