import re
from xml.etree import ElementTree as ET

import pytest

from annotate.datamodel import CONTENT_LABELS, LABELS
from annotate.labelstudio.config import config_hash, config_problems, guideline_html, label_config, page_words


def test_our_configuration_fits_and_names_every_label_of_the_scheme():
    assert config_problems(label_config()) == []
    labels = list(ET.fromstring(label_config()).iter("Label"))
    assert {label.get("alias") for label in labels} == set(LABELS)
    assert sorted(label.get("hotkey") for label in labels) == ["1", "2", "3", "4", "5"]
    assert len({label.get("background") for label in labels}) == 5


def test_the_speaker_is_asked_for_at_contents_only():
    root = ET.fromstring(label_config())
    (asked,) = [view for view in root.iter("View") if view.find("TextArea[@name='speaker']") is not None]
    assert asked.get("visibleWhen") == "region-selected"
    assert asked.get("whenLabelValue").split(",") == list(CONTENT_LABELS)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('alias="cue"', 'alias="pemarkah"', 'no label has the alias "cue"'),
        ('alias="cue"', 'alias="pemarkah"', '"pemarkah" is not in the annotation scheme'),
        ('name="span"', 'name="label"', '<Labels name="span">'),
        ("<Text name", "<HyperText name", '<Text name="text">'),
        ('value="$text"', 'value="$isi"', "$isi"),
        ('name="speaker"', 'name="who"', 'TextArea name="speaker"'),
        ('perRegion="true"', "", "perRegion"),
        ("</View>", "", "not well-formed"),
        ("<View className", '<!DOCTYPE x [<!ENTITY a "b">]><View className', "document type"),
    ],
)
def test_what_does_not_fit_is_named(old, new, problem):
    changed = label_config().replace(old, new)
    assert problem in " ".join(config_problems(changed))


def test_the_hash_sees_labels_and_not_layout():
    xml = label_config()
    assert config_hash(xml) == config_hash(re.sub(r"\n\s+<", "\n<", xml))
    assert config_hash(xml) != config_hash(xml.replace('alias="cue"', 'alias="cues"'))


def test_the_guideline_is_one_well_formed_page_that_names_all_labels_and_keys():
    words = "".join(ET.fromstring(f"<div>{guideline_html()}</div>").itertext())
    for name in (
        "Kutipan langsung",
        "Kutipan campuran",
        "Kutipan tak langsung",
        "Sumber",
        "Pemarkah",
        "Pembicara",
        "Alt+R",
    ):
        assert name in words


def test_the_style_sheet_holds_no_character_that_stands_otherwise_in_xml():
    """Label Studio takes `&gt;` in a style as these four characters, so a child combinator would do nothing."""
    style = ET.fromstring(label_config()).find("Style")
    assert style is not None
    assert style.text is not None
    assert set("<>&").isdisjoint(style.text)


def test_the_pages_words_are_each_said_once_and_fit_into_a_style():
    words = page_words()
    assert len({word.selector for word in words}) == len(words) > 50
    for word in words:
        assert word.indonesian != word.english
        assert set('"\\').isdisjoint(word.indonesian)
        assert 12 <= word.pixels <= 26
