// The lists of files by keyboard: j and k walk, x chooses, Enter opens. Without this file every list still works.
"use strict";

(() => {
  // What was refused opens again: one goes on where something is missing.
  const refused = document.querySelector(".file-acts details[open]");
  const lacking = refused?.querySelector("[aria-invalid=true]");
  (lacking ?? refused?.querySelector("select, textarea, input:not([type=hidden])"))?.focus();

  const rows = [...document.querySelectorAll("[data-file-row]")];
  if (!rows.length) return;
  const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]")).filter(Boolean);
  const link = (row) => row.querySelector("a");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const at = here();
    if (event.key === "j" || event.key === "k") {
      const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)));
      link(rows[next]).focus();
    } else if (event.key === "x" && at >= 0) {
      rows[at].querySelector("input[type=checkbox]")?.click();
    } else {
      return;
    }
    event.preventDefault();
  });

  // — How many are chosen, and all of them at once —
  const said = document.querySelector("[data-picked]");
  const none = document.querySelector("[data-picked-none]");
  const all = document.querySelector("[data-pick-all]");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    if (said) {
      said.hidden = !chosen;
      said.textContent = `${chosen} / ${boxes.length}`;
    }
    if (none) none.hidden = false;
  };
  document.addEventListener("change", count);
  for (const hidden of document.querySelectorAll("[data-pick-all], [data-keys-hint]")) hidden.hidden = !boxes.length;
  all?.addEventListener("click", () => {
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
    count();
  });
  count();
})();
