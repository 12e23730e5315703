"""The dataset card: what the version holds, how it was made, under which terms."""

from annotate.dataset import Dataset, DocumentChange, Recipe, Terms
from tests.dataset.made import attribution, change, document


def test_the_card_of_a_tag(dataset: Dataset) -> None:
    dated = document(9).model_copy(update={"published_at": "2019-04-17", "outlet": "Warta"})
    recipe = Recipe("majority/1", '{"overlap": 0.4}', "3", ("rules-1",))
    dataset.commit([change(1), change(2, (1,)), DocumentChange(dated)], message="rilis", author="Sari", recipe=recipe)
    dataset.tag("rilis-1", author="Sari")
    card = dataset.card("rilis-1", title="Kutipan", terms=Terms("CC BY 4.0"), agreement="| alpha |\n| --- |\n| 0.8 |")
    for line in (
        "# Kutipan: version 1 (rilis-1)",
        "| documents | 3 |",
        "| documents without any attribution | 1 |",
        "| published | 2019-04-17 to 2019-04-17 |",
        "| attributions | 4 |",
        "| annotators | 2 |",
        "| labels set aside | 2 |",
        "| indirect | 3 |\n| direct | 1 |",
        "| Kabar | 2 |\n| Warta | 1 |",
        "| overlap = 0.4 |",
        "| licence of the annotations | CC BY 4.0 |",
        "| licence of the articles | not stated |",
        "| alpha |",
        dataset.version().content_sha256,
    ):
        assert line in card, card
    assert "Not measured" in dataset.card()


def test_no_text_of_strangers_is_markup(dataset: Dataset) -> None:
    of = document(1).model_copy(update={"outlet": "a | <b> \n## x [y](javascript:z) \x1b"})
    dataset.commit([DocumentChange(of, [attribution(of, 1)])], message="<i>", author="*", recipe=Recipe("m"))
    card = dataset.card()
    assert "a \\| &lt;b&gt; \\\\u000a## x \\[y](javascript:z) \\\\u001b" in card
    assert "<b>" not in card
    assert "<i>" not in card
