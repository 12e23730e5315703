"""The desk as a person uses it, in a real browser: search, open, compare, decide, see it in the next version."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from annotate.dataset import Dataset
from tests.review.conftest import BRIDGE, make, marked, row_of, served

LONG = "Prof. Dr. Ir. Raden Mas Haryo " + "Wirasastradiningratkusumonegoro" * 6


def test_search_open_compare_decide_and_see_it_in_the_next_version(reviewer_page: Page, store: Dataset) -> None:
    page = reviewer_page
    page.goto("/")
    page.get_by_label("Search words").fill('"jembatan kali bening"')
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".total")).to_contain_text("3 attributions")
    page.get_by_role("link", name="Kabar Pagi").first.click()
    expect(page.locator(".total")).to_contain_text("1 attribution")
    page.get_by_role("link", name=BRIDGE).click()
    expect(page.locator(".context .m.source")).to_have_text("Bupati Dewi Lestari")
    expect(page.locator(".context .m.indirect")).to_have_text(BRIDGE)
    page.get_by_role("link", name="Compare 3 printings").click()
    expect(page.locator("ins")).to_contain_text("tidak")
    expect(page.locator(".origin")).to_have_count(2)
    page.go_back()
    page.get_by_label("Misquoted").check()
    page.get_by_text("Grounds and remarks").click()
    page.get_by_label("Note").fill("Ia berkata Selasa, bukan Senin")
    page.get_by_label("Earlier fact-check").fill("https://cekfakta.example/123")
    page.get_by_label("Your name").fill("Siti Rahma")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".flash")).to_have_text("Saved in version 2.")
    expect(page.locator("#history")).to_contain_text("Siti Rahma")
    expect(page.locator(".version")).to_have_text("version 2")
    page.goto("/attributions?verdict=misquoted")
    expect(page.locator(".total")).to_contain_text("1 attribution")
    row = row_of(store, "Dewi")
    assert (row.verdict, store.head().version) == ("misquoted", 2)  # type: ignore[union-attr]
    event = next(store.decisions())
    assert (event.decided_by, event.fact_check) == ("Siti Rahma", "https://cekfakta.example/123")


def test_by_keyboard_alone(reviewer_page: Page, store: Dataset) -> None:
    page = reviewer_page
    page.goto("/attributions?sort=oldest")
    page.keyboard.press("/")
    page.keyboard.type("bersabar")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bersabar**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attributions/at-**")
    page.keyboard.press("1")
    expect(page.get_by_label("Said so")).to_be_checked()
    page.get_by_label("Your name").fill("Rina")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash")).to_contain_text("version 2")
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("u")
    page.wait_for_url("**/attributions?**q=bersabar**")
    assert row_of(store, "Budi").verdict == "right"


def test_selected_words_become_the_corrected_content(reviewer_page: Page, store: Dataset) -> None:
    page = reviewer_page
    page.goto(f"/attributions/{row_of(store, 'Budi').attribution_id}")
    page.get_by_text("Corrections", exact=True).click()
    page.evaluate(
        """() => { const node = document.querySelector('.context .m.direct').firstChild;
        const range = document.createRange(); range.setStart(node, 6); range.setEnd(node, 25);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    expect(page.get_by_label("The right content")).to_have_value("minta warga bersaba")


def test_two_reviewers_at_once(browser: Browser, store: Dataset) -> None:
    row = row_of(store, "Budi")
    with served(store.root) as url:
        siti, rina = (browser.new_context(base_url=url, locale="en-GB").new_page() for _ in range(2))
        for page in (siti, rina):
            page.goto(f"/attributions/{row.attribution_id}")
        for page, name, verdict in ((siti, "Siti", "Said so"), (rina, "Rina", "Misquoted")):
            page.get_by_label(verdict).check()
            page.get_by_label("Your name").fill(name)
            page.get_by_role("button", name="Save", exact=True).click()
        expect(siti.locator(".flash")).to_contain_text("Saved")
        expect(rina.locator(".alert")).to_contain_text("Siti decided “Said so”")
        expect(rina.get_by_label("Misquoted")).to_be_checked()
        siti.context.close()
        rina.context.close()
    assert [one.decided_by for one in store.decisions()] == ["Siti"]


def test_all_of_it_works_without_javascript(browser: Browser, store: Dataset) -> None:
    with served(store.root) as url:
        context = browser.new_context(base_url=url, locale="id-ID", java_script_enabled=False)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("Cari kata").fill("bersabar")
        page.get_by_role("button", name="Cari", exact=True).click()
        page.locator(".hit .words").click()
        page.get_by_label("Salah pembicara").check()
        page.get_by_text("Perbaikan", exact=True).click()
        page.get_by_label("Pembicara yang benar").fill("Budi Hartono")
        page.get_by_label("Nama Anda").fill("Siti")
        page.get_by_role("button", name="Simpan", exact=True).click()
        expect(page.locator(".flash")).to_have_text("Tersimpan dalam versi 2.")
        page.get_by_role("button", name="Tarik kembali").click()
        expect(page.locator(".flash")).to_contain_text("Ditarik kembali")
        context.close()


HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 2'> {{ 7 * 7 }} "
    "kata \u202enabmul\u202c warga \u2066x"
)


@pytest.fixture
def hostile(tmp_path: Path) -> Dataset:
    one = marked(
        "<b>id</b>&\"'",
        f"Judul <svg onload=window.hacked=3>\n\nMenurut <i>Budi</i>, {HOSTILE} dan selesai.",
        [("indirect", HOSTILE, "<i>Budi</i>", "Menurut")],
        title='Judul "><script>window.hacked = 4</script>',
        outlet="'onmouseover='window.hacked=5",
        url="javascript:window.hacked=6",
        published_at="<u>kemarin</u>",
    )
    other = marked("dua", f"Menurut Budi, {HOSTILE}.", [("indirect", HOSTILE, "Budi", "Menurut")])
    return make(tmp_path / "hostile", [one, other])


def test_hostile_articles_are_shown_harmless(browser: Browser, hostile: Dataset) -> None:
    row = next(one for one in hostile.attributions() if one.doc_id != "dua")
    with served(hostile.root) as url:
        context = browser.new_context(base_url=url, locale="en-GB")
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append("dialog"))
        for path in (
            "/attributions",
            f"/attributions/{row.attribution_id}",
            "/article?id=%3Cb%3Eid%3C/b%3E%26%22%27",
            "/claims",
            f"/claims/{row.attribution_id}",
            "/speakers",
            "/speaker?name=%3Ci%3EBudi%3C/i%3E",
            "/attributions?q=%22%3E%3Cscript%3Ewindow.hacked=7%3C/script%3E&speaker=%E2%80%AE",
        ):
            assert page.goto(path).status == 200, path  # type: ignore[union-attr]
            assert page.evaluate("window.hacked") is None, path
            html = page.content()
            assert "\u202e" not in html
            assert not page.locator("main script, main svg, main img, main i:has-text('Budi')").count()
            assert page.locator("a[href^='javascript' i]").count() == 0
        page.goto(f"/attributions/{row.attribution_id}")
        expect(page.locator(".claim")).to_contain_text("<script>window.hacked = 1</script>")
        expect(page.locator(".claim")).to_contain_text("⟨U+202E⟩nabmul")
        expect(page.locator(".claim")).to_contain_text("{{ 7 * 7 }}")
        page.get_by_label("Misquoted").check()
        page.get_by_label("Your name").fill("<b>Siti</b>")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#history")).to_contain_text("<b>Siti</b>")
        assert not [one for one in complaints if "favicon" not in one]
        context.close()
    assert row_of(hostile, "Budi", row.doc_id).content.text == HOSTILE  # the words it was shown with are no correction


@pytest.fixture
def crowded(tmp_path: Path) -> Dataset:
    """Sixty attributions in one article, a very long name, a very long word."""
    lines = [f"Menurut Warga {n}, rumah nomor {n} di tepi kali sudah kosong sejak pekan lalu." for n in range(58)]
    lines.append(f"Menurut {LONG}, {'panjang' * 80} sekali.")
    lines.append("“Benar,” kata Rina.")
    said = [
        ("indirect", f"rumah nomor {n} di tepi kali sudah kosong sejak pekan lalu", f"Warga {n}", "Menurut")
        for n in range(58)
    ]
    said.append(("indirect", f"{'panjang' * 80} sekali", LONG, "Menurut"))
    said.append(("direct", "“Benar,”", "Rina", "kata"))
    return make(tmp_path / "crowded", [marked("ramai", "\n".join(lines), said, title="Ramai")])


@pytest.mark.parametrize("wide", [1440, 390])
def test_nothing_serious_for_axe_and_nothing_wider_than_the_screen(
    browser: Browser, store: Dataset, crowded: Dataset, tmp_path: Path, wide: int
) -> None:
    make(tmp_path / "empty", [])
    row = row_of(store, "Dewi")
    paths = {
        store.root: [
            "/attributions", f"/attributions/{row.attribution_id}?speaker=lestari", "/claims",
            f"/claims/{row.attribution_id}", "/article?id=desa-3", "/speakers", "/speaker?name=D.%20Lestari",
            "/decisions", "/paste", "/login",
        ],
        crowded.root: ["/attributions", "/article?id=ramai", f"/speaker?name={LONG}"],
        str(tmp_path / "empty"): ["/attributions", "/claims"],
    }  # fmt: skip
    for root, addresses in paths.items():
        with served(root) as url:
            context = browser.new_context(base_url=url, locale="id-ID", viewport={"width": wide, "height": 900})
            page = context.new_page()
            for path in addresses:
                page.goto(path)
                # One look of axe at each page; on the narrow screen at those whose layout differs most.
                looked = wide == 1440 or path.startswith(("/attributions", "/article"))
                found = Axe().run(page).response["violations"] if looked else []
                bad = [(v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in ("serious", "critical")]
                assert not bad, (path, bad)
                assert page.evaluate("document.documentElement.scrollWidth") <= wide, path
            context.close()


def test_the_desk_behind_a_token_is_entered_by_the_login(browser: Browser, store: Dataset) -> None:
    with served(store.root, token="rahasia") as url:
        context = browser.new_context(base_url=url, locale="en-GB")
        page = context.new_page()
        page.goto("/attributions?type=direct")
        expect(page.locator("body")).not_to_contain_text("Budi Santoso")
        page.get_by_label("Token").fill("rahasia")
        page.get_by_label("Your name").fill("Rina")
        page.get_by_role("button", name="Log in").click()
        expect(page.locator(".hit")).to_contain_text("Budi Santoso")
        context.close()
