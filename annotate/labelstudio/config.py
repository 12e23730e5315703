"""The labelling page: its configuration, the annotators' guideline, and whether a project's configuration fits ours.

Label Studio stores a label under its `alias`, and keeps no versions of a configuration: so the aliases are the scheme's
own labels, and a hash tells whether a project's page is the one that this program made.

Its words are English and cannot be exchanged; but the page's own style sheet can draw them with no size and ours after
them. `page-words.tsv` says which ours are.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from xml.etree import ElementTree as ET

from annotate.datamodel import LABELS
from annotate.labelstudio.tasks import SPAN_CONTROL, SPEAKER_CONTROL, TEXT_OBJECT

# Controls for the whole article, beside those of `tasks`.
ABSENCE_CONTROL: Final = "absence"
NO_ATTRIBUTION: Final = "no-attribution"
REMARK_CONTROL: Final = "remark"


@cache
def label_config() -> str:
    """The labelling configuration (XML) that a project gets; also what is pasted when tasks are imported by hand."""
    page = _read("label-config.xml")
    # Without `<`, `>` and `&`: the page takes what stands for them as it is.
    style = "\n".join([_read("label-config.css"), *_label_colours(page), *_translations()])
    return page.replace("<Style/>", f"<Style>{style}</Style>")


def _label_colours(page: str) -> Iterator[str]:
    """A rule for each label: its spans know its colour. They name their label after their number."""
    for label in ET.fromstring(page).iter("Label"):  # noqa: S314 - our own file
        yield f'.htx-highlight[data-label$=":{label.get("value")}"] {{ --label: {label.get("background")}; }}'


@dataclass(frozen=True, slots=True)
class PageWord:
    """Words of Label Studio's own on the labelling page, and ours for them: `where` they are met, at what size."""

    where: str
    selector: str
    english: str
    indonesian: str
    pixels: int


@cache
def page_words() -> tuple[PageWord, ...]:
    """The translations of `page-words.tsv`."""
    rows = csv.reader(_read("page-words.tsv").splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        PageWord(where, selector, english, ours, int(pixels)) for where, selector, english, ours, pixels in rows
    )


def _translations() -> Iterator[str]:
    for word in page_words():
        yield f"{word.selector} {{ font-size: 0 !important; letter-spacing: 0 !important; }}"
        yield f'{word.selector}::after {{ content: "{word.indonesian}"; font-size: {word.pixels}px; }}'


@cache
def guideline_html() -> str:
    """The annotators' guideline (HTML, Indonesian), for the project's instructions."""
    return _read("guideline.html")


def adjudication_html() -> str:
    """The same for adjudicators: what they see and how they decide comes first."""
    return _read("adjudication.html") + guideline_html()


def _read(name: str) -> str:
    return files("annotate.labelstudio").joinpath(name).read_text(encoding="utf-8")


def config_hash(xml: str) -> str:
    """Hexadecimal SHA-256 of the configuration, blind to indentation, to the order of attributes and to comments.

    Raises `ValueError` where it is not well-formed XML.
    """
    return hashlib.sha256(ET.canonicalize(_safe(xml), strip_text=True).encode()).hexdigest()


def config_problems(xml: str) -> list[str]:
    """What in a project's configuration keeps our labels from going there and coming back; empty if it fits."""
    try:
        root = ET.fromstring(_safe(xml))  # noqa: S314 - `_safe` refused entities
    except (ET.ParseError, ValueError) as error:
        return [f"it is not well-formed XML ({error})"]
    problems = _text_problems(root)
    problems += _span_problems(root)
    problems += _speaker_problems(root)
    return problems


def _safe(xml: str) -> str:
    """A configuration needs no document type; without one there are no entities that could grow."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise ValueError("it declares a document type")
    return xml


def _named(root: ET.Element, tag: str, name: str) -> ET.Element | None:
    return next((element for element in root.iter(tag) if element.get("name") == name), None)


def _text_problems(root: ET.Element) -> list[str]:
    text = _named(root, "Text", TEXT_OBJECT)
    if text is None:
        return [f'there is no <Text name="{TEXT_OBJECT}">: offsets are right in <Text> only']
    if text.get("value") != "$text":
        return [f'<Text name="{TEXT_OBJECT}"> shows {text.get("value")!r} and not "$text"']
    return []


def _span_problems(root: ET.Element) -> list[str]:
    labels = _named(root, "Labels", SPAN_CONTROL)
    if labels is None:
        return [f'there is no <Labels name="{SPAN_CONTROL}">']
    problems = _wrong_target(labels)
    aliases = [label.get("alias") or label.get("value") or "" for label in labels.iter("Label")]
    problems += [f'no label has the alias "{label}"' for label in LABELS if label not in aliases]
    problems += [f'the label "{alias}" is not in the annotation scheme' for alias in aliases if alias not in LABELS]
    return problems


def _speaker_problems(root: ET.Element) -> list[str]:
    speaker = _named(root, "TextArea", SPEAKER_CONTROL)
    if speaker is None:
        return [f'there is no <TextArea name="{SPEAKER_CONTROL}"> for the name of who speaks']
    problems = _wrong_target(speaker)
    if speaker.get("perRegion", "").lower() != "true":
        problems.append(f'<TextArea name="{SPEAKER_CONTROL}"> is not perRegion="true"')
    return problems


def _wrong_target(control: ET.Element) -> list[str]:
    target = control.get("toName")
    if target == TEXT_OBJECT:
        return []
    return [f'<{control.tag} name="{control.get("name")}"> labels {target!r} and not "{TEXT_OBJECT}"']
