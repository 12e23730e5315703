"""The labelling page of Label Studio as a person sees and uses it, in offsets of code points.

Label Studio draws each line as an element of its own and each line end (also a lone carriage return) as a break; all
other characters stand in text nodes as they are. So the page itself tells where each of its characters is in the
text, independently of what Label Studio believes.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = ".lsf-htx-richtext"
HIGHLIGHT = ".htx-highlight"
TASK = ".lsf-current-task__task-id"

# Calls visit(position, character, text node, offset in the node) for every code point on the page.
_WALK = """
const root = document.querySelector('.lsf-htx-richtext');
function walk(visit) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let position = 0, node;
  while ((node = walker.nextNode())) {
    if (node.nodeName === 'BR') { visit(position++, '\\n', null, 0); continue; }
    if (node.nodeType !== Node.TEXT_NODE) continue;
    let offset = 0;
    for (const character of node.data) { visit(position++, character, node, offset); offset += character.length; }
  }
  return position;
}
"""
_REGIONS = (
    """() => {"""
    + _WALK
    + """
  const regions = {};
  walk((position, character, node) => {
    for (let e = node && node.parentElement; e && e !== root; e = e.parentElement)
      for (const name of e.classList) {
        const found = /^htx-highlight-(.+)-\\d+$/.exec(name);
        if (!found) continue;
        const region = regions[found[1]] ??= {start: position, end: position + 1, words: ''};
        region.end = position + 1;
        region.words += character;
      }
  });
  return regions;
}"""
)
_POINTS = (
    """([start, end]) => {"""
    + _WALK
    + """
  const box = (node, offset, character) => {
    const range = document.createRange();
    range.setStart(node, offset);
    range.setEnd(node, offset + character.length);
    const rectangles = [...range.getClientRects()].filter(r => r.width > 0);
    return rectangles[0] || range.getBoundingClientRect();
  };
  const found = {};
  const look = () => walk((position, character, node, offset) => {
    if (!node) return;
    if (position === start) {
      found.first = box(node, offset, character);
      found.rightToLeft = /[\\p{Script=Hebrew}\\p{Script=Arabic}]/u.test(character);
    }
    if (position === end - 1) found.last = box(node, offset, character);
  });
  walk((position, character, node) => {
    if (position === start && node) node.parentElement.scrollIntoView({block: 'center'});
  });
  look();
  // Reading order: in right-to-left writing a character begins at its right edge.
  const edges = r => found.rightToLeft ? [r.right - 0.5, r.left + 0.5] : [r.left + 0.5, r.right - 0.5];
  const middle = r => r.top + r.height / 2;
  return [edges(found.first)[0], middle(found.first), edges(found.last)[1], middle(found.last)];
}"""
)


_GUIDELINE = ".lsf-modal-ls_visible"


class LabellingPage:
    """One project's label stream, task after task."""

    def __init__(self, page: "Page", project: int) -> None:
        self.page = page
        self.project = project
        self.hosts: set[str] = set()
        page.add_locator_handler(page.locator(_GUIDELINE), self._close_guideline)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]) if "//" in request.url else None)

    def _close_guideline(self) -> None:
        """It lies over the page until it is closed, at an annotator's first visit.

        A key that comes while it still fades in leaves it half open for ever, and so does a busy machine now and then:
        only loading the page once more helps.
        """
        from playwright.sync_api import TimeoutError

        try:
            self.page.wait_for_selector(f"{_GUIDELINE}:not(.lsf-appear):not(.lsf-disappear)", timeout=5_000)
            self.page.keyboard.press("Escape")
            self.page.wait_for_selector(_GUIDELINE, state="hidden", timeout=5_000)
        except TimeoutError:
            self.page.reload()

    def open(self) -> None:
        """Open the address that annotators are given, where pre-marks never fail to load."""
        self.page.goto(f"/projects/{self.project}/data?labeling=1")
        self.ready()

    def ready(self, *, marked: bool = True) -> None:
        """Wait until the text, and the pre-marks if there are any, are drawn."""
        self.page.wait_for_selector(f"{TEXT} {HIGHLIGHT}" if marked else TEXT)
        self.page.wait_for_function("() => !document.querySelector('.lsf-spinner, .lsf-loading')")

    def task(self) -> int:
        """Id of the task that is shown."""
        return int(self.page.locator(TASK).inner_text().split()[0].lstrip("#"))

    def regions(self) -> dict[str, dict[str, Any]]:
        """What is highlighted: by region id its `start` and `end`, and its `words` without line breaks."""
        return dict(self.page.evaluate(_REGIONS))

    def submit(self) -> dict[str, Any]:
        """Click Submit; the annotation as the server stored it. Returns once the page has left the task."""
        task = self.page.locator(TASK).inner_text()
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
        ) as sent:
            self.page.click("button[aria-label='Submit current annotation']")
        answer = sent.value
        assert answer.ok, answer.text()
        stored = dict(answer.json())
        self.page.wait_for_function(
            "([at, before]) => document.querySelector(at)?.innerText !== before", arg=[TASK, task]
        )
        return stored

    def draw(self, hotkey: str, start: int, end: int) -> None:
        """Choose a label by its key and draw a span by dragging the mouse over `text[start:end]`."""
        self.page.keyboard.press("Escape")  # with a region selected, the key would change its label
        self.page.keyboard.press(hotkey)
        x1, y1, x2, y2 = self.page.evaluate(_POINTS, [start, end])
        mouse = self.page.mouse
        mouse.move(x1, y1)
        mouse.down()
        mouse.move((x1 + x2) / 2, (y1 + y2) / 2, steps=4)
        mouse.move(x2, y2, steps=4)
        mouse.up()
