// What makes the desk quicker: keys, filters without a click, words of the article into the form. Nothing needs it.
"use strict";

const typing = (element) => element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const hits = [...document.querySelectorAll(".hits > .hit")];
let current = -1;

function go(step) {
  if (!hits.length) return;
  hits[current]?.classList.remove("current");
  current = Math.max(0, Math.min(hits.length - 1, current + step));
  hits[current].classList.add("current");
  const link = hits[current].querySelector(".words");
  link.focus({ preventScroll: true });
  hits[current].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const key = event.key;
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") ?? document.querySelector("form.decide");
    if (form?.method === "post") form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (key === "Escape") event.target.blur();
    return;
  }
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (named?.matches("a")) named.click();
  else if (named?.matches("input[type=radio]")) { named.checked = true; named.focus(); }
  else if (named) { named.focus(); named.select?.(); }
  else if (key === "d") document.querySelector("form.decide input[type=radio]")?.focus();
  else if (key === "j") go(1);
  else if (key === "k") go(-1);
  else return;
  event.preventDefault();
});

for (const field of document.querySelectorAll("[data-submit]")) field.addEventListener("change", () => field.form.requestSubmit());

// On a narrow screen the filters begin closed.
const filters = document.querySelector(".filters > details");
if (filters && matchMedia("(max-width: 60rem)").matches) filters.open = false;

// Words that are selected in the article go into the corrected content, while the corrections are open.
const context = document.querySelector("[data-select]");
const target = document.querySelector("[data-selected]");
if (context && target) {
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!target.closest("details").open || selection.isCollapsed || !context.contains(selection.anchorNode) || !context.contains(selection.focusNode)) return;
    const copy = selection.getRangeAt(0).cloneContents();
    for (const hidden of copy.querySelectorAll(".vh")) hidden.remove();
    const words = copy.textContent.trim();
    if (words) target.value = words;
  });
}
