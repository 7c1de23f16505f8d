// The lists of files by keyboard: j and k walk, x chooses, Enter opens. Without this file every list still works.
"use strict";

(() => {
  // What was refused opens again: one goes on where something is missing.
  const refused = document.querySelector(".act details[open]");
  const lacking = refused?.querySelector("[aria-invalid=true]");
  (lacking ?? refused?.querySelector("select, textarea, input:not([type=hidden])"))?.focus();

  // — One press is one act: nothing more is sent while its answer is on its way —
  const ACTS = ".file-acts form, [data-batch]";
  const PATIENCE = 5000;
  let busy = false;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches(ACTS)) return;
    if (busy) return event.preventDefault();
    busy = true;
    setTimeout(() => (busy = false), PATIENCE);
  });
  addEventListener("pageshow", () => (busy = false));

  // — Enter in a field of a batch sends that act, and not the first of the form —
  document.addEventListener("keydown", (event) => {
    const tool = event.key === "Enter" && !event.isComposing && event.target.closest?.("[data-batch] details");
    if (!tool || !event.target.matches("input, select")) return;
    event.preventDefault();
    tool.querySelector("button").click();
  });

  // — What is typed and not sent stays in this tab, for this agent alone, until the house has taken it —
  const DRAFTS = "parvis.draft.";
  const SENT = "parvis.sent";
  const acts = document.querySelector("[data-drafts]");
  const keyOf = (form) => `${DRAFTS}${acts.dataset.drafts}.${new URL(form.action).pathname}`;
  const isBox = (one) => one.type === "checkbox" || one.type === "radio";
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit"].includes(one.type));
  const isChanged = (one) => {
    if (isBox(one)) return one.checked !== one.defaultChecked;
    if (one.options) return !one.selectedOptions[0]?.defaultSelected && one.selectedIndex > 0;
    return one.value !== one.defaultValue;
  };
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && document.querySelector("#messages .notice-good")) sessionStorage.removeItem(sent);
  if (acts) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(DRAFTS) && !key.startsWith(`${DRAFTS}${acts.dataset.drafts}.`)) sessionStorage.removeItem(key);
    }
    for (const form of acts.querySelectorAll("details:not([open]) form")) {
      const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
      for (const [name, value, checked] of kept) {
        for (const one of fields(form).filter((field) => field.name === name)) {
          if (!isBox(one)) one.value = value;
          else if (one.value === value) one.checked = checked;
        }
      }
      form.closest("details").open = kept.length > 0;
    }
    acts.addEventListener("input", ({ target }) => {
      if (!target.form) return;
      const typed = fields(target.form);
      if (!typed.some(isChanged)) return sessionStorage.removeItem(keyOf(target.form));
      const kept = typed.map((one) => [one.name, one.value, one.checked ?? false]);
      sessionStorage.setItem(keyOf(target.form), JSON.stringify(kept));
    });
    acts.addEventListener("submit", ({ target }) => sessionStorage.setItem(SENT, keyOf(target)));
  }

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
