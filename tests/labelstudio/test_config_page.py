"""The labelling page in a real browser: what an annotator types, ticks and sees."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from annotate.datamodel import Attribution, Document, MarkedDocument, Region
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import open_project
from annotate.labelstudio.config import guideline_html, label_config, page_words
from annotate.labelstudio.labels import read_result
from annotate.labelstudio.push import push
from tests.end_to_end.labelling_page import LabellingPage

TEXT = "“Air surut,” kata Sri Wahyuni. Ia menambahkan bahwa jalan dibuka besok."


def at(words):
    return TEXT.index(words), TEXT.index(words) + len(words)


DIRECT, SAID, SRI = at("“Air surut,”"), at("kata"), at("Sri Wahyuni")
INDIRECT, ADDED, SHE = at("jalan dibuka besok"), at("menambahkan"), at("Ia")
SPEAKER = ".atribusi-speaker input"
SPEAKER_EDIT = ".atribusi-speaker [data-testid='htx-textbox-input']"


def region(label, span, **facts):
    return Region(label, *span, **facts)


def article(speaker="Sri Wahyuni"):
    direct = region("direct", DIRECT, rule="kutip-pemarkah-sumber", confidence=0.93)
    return MarkedDocument(
        Document(str(uuid4()), TEXT, outlet="Koran Uji", published_at="2021-02-24", url="https://uji.example/a"),
        (
            Attribution(direct, (region("source", SRI),), (region("cue", SAID, kind="statement"),), speaker),
            Attribution(region("indirect", INDIRECT), (region("source", SHE),), (region("cue", ADDED),), ""),
        ),
        "m1",
    )


@pytest.fixture
def stream(page: Page, studio_connection):
    """The label stream of a project with two such articles."""
    with Studio.of(studio_connection) as studio:
        project = open_project(studio, f"Halaman {uuid4()}")
        push(studio, project, [article(), article()])
    stream = LabellingPage(page, project.id)
    stream.title = project.title
    stream.open()
    return stream


def click(stream, words):
    stream.page.get_by_text(words, exact=True).locator("visible=true").first.click()


def rename(stream, name):
    """Change the name that is there, and leave it unconfirmed."""
    stream.page.locator(".atribusi-speaker [data-testid='htx-textbox-edit-button']").click()
    stream.page.locator(SPEAKER_EDIT).fill(name)


def speakers(stored):
    read = read_result(stored["result"], TEXT)
    assert read.set_aside == ()
    return {one.content.words(TEXT): one.speaker for one in read.attributions}


def test_article_facts_guideline_and_the_pre_marks_rule_are_in_view(stream):
    page = stream.page
    expect(page.get_by_role("link", name="artikel asli")).to_have_attribute("href", "https://uji.example/a")
    expect(page.locator(".atribusi-info")).to_contain_text("Koran Uji · 24 Februari 2021")
    words = page.locator(".lsf-richtext__line").first  # relations pass behind them, and strike nothing through
    expect(words).to_have_css("display", "inline")
    expect(words).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.get_by_text("Panduan singkat").click()
    expect(page.get_by_text("Alt+R")).to_be_visible()
    click(stream, "“Air surut,”")
    expect(page.locator(".lsf-detailed-region")).to_contain_text("aturan: kutip-pemarkah-sumber · keyakinan: 93%")
    expect(page.get_by_role("button", name="Submit current annotation")).to_be_visible()


VISIBLE_WORDS = """() => {
  const seen = e => { const r = e.getBoundingClientRect(), c = getComputedStyle(e);
    if (e.closest('[class*=userpic], [class*=disappear], .sr-only')) return false;
    return r.width > 1 && r.height > 1 && c.visibility !== 'hidden' && c.fontSize !== '0px'; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode());)
    if (node.data.trim() && seen(node.parentElement)) found.push(node.data.trim());
  return found;
}"""
OURS = re.findall(r"\w+", re.sub("<Style>.*?</Style>", "", label_config(), flags=re.DOTALL) + guideline_html() + TEXT)


def in_place_of_theirs(stream, where):
    """Each word of Label Studio's that is met there is drawn with no size, and ours after it; and no other is seen."""
    page = stream.page
    words = [word for word in page_words() if word.where == where]
    assert words, where
    for word in words:
        theirs = page.locator(word.selector).locator("visible=true").first
        said = " ".join(theirs.evaluate("e => e.textContent").split())
        assert said.startswith(word.english), f"{word.selector}: Label Studio now says {said!r}"
        drawn = "e => [getComputedStyle(e).fontSize, getComputedStyle(e, '::after').content]"
        assert theirs.evaluate(drawn) == ["0px", f'"{word.indonesian}"'], word
    known = {*OURS, "Koran", "Uji", "Februari", "artikel", "asli", "aturan", "keyakinan"}
    seen = [text for text in page.evaluate(VISIBLE_WORDS) if text != stream.title]
    assert [text for text in seen if not known.issuperset(re.findall(r"[^\W\d_]{2,}", text))] == []


def test_what_annotators_read_beside_the_article_is_indonesian(stream):
    page = stream.page
    click(stream, "kata")  # closes the guideline
    page.keyboard.press("Escape")
    in_place_of_theirs(stream, "stream")
    click(stream, "“Air surut,”")
    in_place_of_theirs(stream, "selected")
    page.keyboard.press("Escape")
    for tab, where in (("History", "history"), ("Relations", "relations"), ("Regions", None)):
        page.locator(f"[id='{tab}-draggable']").first.click()
        if where:
            page.wait_for_timeout(300)
            in_place_of_theirs(stream, where)
    page.get_by_test_id("grouping-date").click()
    in_place_of_theirs(stream, "orders")
    page.get_by_role("menuitem").locator("visible=true").first.click()
    in_place_of_theirs(stream, "by-score")
    page.get_by_test_id("grouping-manual").click()
    in_place_of_theirs(stream, "groups")
    page.get_by_role("menuitem").locator("visible=true").nth(2).click()
    in_place_of_theirs(stream, "by-label")
    page.get_by_role("button", name="Submit annotation").click()
    in_place_of_theirs(stream, "menu")
    page.keyboard.press("Escape")


def test_tooltips_settings_and_the_dark_theme_are_indonesian(stream):
    page = stream.page
    click(stream, "“Air surut,”")  # closes the guideline
    for tip in (word for word in page_words() if word.where.startswith("hover ")):
        button = page.get_by_label(tip.where.removeprefix("hover "), exact=True).locator("visible=true").last
        if button.count() and button.is_enabled():
            button.hover()
            page.wait_for_selector("[data-testid='tooltip-body']")
            page.wait_for_timeout(300)
            in_place_of_theirs(stream, tip.where)
            page.mouse.move(700, 500)
    page.get_by_test_id("bottombar-settings-button").click()
    page.mouse.move(700, 700)
    page.wait_for_timeout(300)
    in_place_of_theirs(stream, "settings")
    page.keyboard.press("Escape")
    page.locator("[class*=themeToggle--]").click()
    in_place_of_theirs(stream, "dark")
    page.locator("[class*=themeToggle--]").click()


def colour(locator):
    return locator.first.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")


def test_a_span_within_a_span_has_its_own_colour_and_a_frame(stream):
    """Colours of nested spans do not mix: a source looks the same within a quotation as beside it."""
    page = stream.page
    click(stream, "jalan dibuka besok")  # closes the guideline
    stream.draw("4", *at("surut"))
    page.keyboard.press("Escape")
    inner = page.locator(".htx-highlight .htx-highlight").first
    expect(inner).to_have_text("surut")
    expect(inner).to_have_css("border-top-style", "solid")
    beside = page.locator(".htx-highlight", has_text="Sri Wahyuni")
    assert colour(inner) == colour(beside)
    assert " / " not in colour(inner)[0], "it lets nothing through"
    click(stream, "kata")
    page.keyboard.press("Escape")
    page.locator(".htx-highlight", has_text="Air").first.click(position={"x": 5, "y": 5})
    assert colour(page.locator(".htx-highlight .htx-highlight")) == colour(beside), "it stays legible in a selected one"
    page.keyboard.press("Escape")
    before = colour(inner)
    inner.click()
    page.keyboard.press("5")
    page.keyboard.press("Escape")
    assert colour(inner) != before, "with another label it has another colour"


def test_a_telephone_shows_the_article_and_the_buttons(stream):
    page = stream.page
    page.set_viewport_size({"width": 390, "height": 844})
    for thing in (page.locator(".lsf-richtext__line").first, page.locator("[data-testid='bottombar-submit-button']")):
        box = thing.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_speaker_is_asked_for_at_contents_only_and_the_text_does_not_move(stream):
    page = stream.page
    field = page.locator(SPEAKER)
    place = page.locator(".lsf-htx-richtext").bounding_box()
    expect(field).to_be_hidden()
    click(stream, "kata")
    expect(field).to_be_hidden()
    click(stream, "“Air surut,”")
    expect(page.locator(".atribusi-speaker")).to_contain_text("Sri Wahyuni")
    assert page.locator(".lsf-htx-richtext").bounding_box() == place


def test_a_name_that_was_typed_and_not_confirmed_is_submitted(stream):
    click(stream, "jalan dibuka besok")
    stream.page.locator(SPEAKER).fill("Sri W.")
    assert speakers(stream.submit()) == {"“Air surut,”": "Sri Wahyuni", "jalan dibuka besok": "Sri W."}


def test_a_name_that_was_changed_and_not_confirmed_is_submitted(stream):
    click(stream, "“Air surut,”")
    rename(stream, "Sri Wahyuni Utami")
    assert speakers(stream.submit())["“Air surut,”"] == "Sri Wahyuni Utami"


def test_a_name_is_not_lost_when_another_region_is_selected_or_keys_submit(stream):
    page = stream.page
    click(stream, "jalan dibuka besok")
    page.locator(SPEAKER).fill("Sri W.")
    click(stream, "“Air surut,”")
    rename(stream, "Sri Wahyuni Utami")
    click(stream, "jalan dibuka besok")
    with page.expect_response(lambda it: "/annotations" in it.url and it.request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert speakers(sent.value.json()) == {"“Air surut,”": "Sri Wahyuni Utami", "jalan dibuka besok": "Sri W."}


def test_no_attribution_and_a_remark_come_back(stream):
    page = stream.page
    page.keyboard.press("0")
    page.get_by_placeholder("Catatan untuk adjudikator").fill("Ragu soal judul.")
    for words in ("jalan dibuka besok", "“Air surut,”"):
        click(stream, words)
        page.keyboard.press("Backspace")
    read = read_result(stream.submit()["result"], TEXT)
    assert read.no_attribution
    assert read.remark == "Ragu soal judul."
    assert len(read.unlinked) == 4


def test_dragging_over_a_quotation_takes_its_marks_along(stream):
    click(stream, "“Air surut,”")
    stream.page.keyboard.press("Backspace")
    stream.draw("1", *DIRECT)
    drawn = [one.content for one in read_result(stream.submit()["result"], TEXT).attributions]
    assert (drawn[0].words(TEXT), drawn[0].origin) == ("“Air surut,”", "manual")
