// The case file at the counter: documents by their number, scanners, the paper that opens. All of it works without.
"use strict";

(() => {
  const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea";
  const shown = (element) => element && element.getClientRects().length > 0;
  const marks = (line) => [...line.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const mark = (line, value) => marks(line).find((one) => one.value === value);
  const state = (line) => marks(line).find((one) => one.checked)?.value ?? "";

  const say = (line, value) => {
    const wanted = mark(line, value);
    if (wanted) wanted.checked = true;
    else for (const one of marks(line)) one.checked = false;
    if (value === "seen") settleGroup(line);
  };
  // Documents of one group replace one another: one seen, the others are not asked.
  const settleGroup = (line) => {
    if (!line.dataset.group) return;
    for (const other of line.parentElement.querySelectorAll(`[data-group="${CSS.escape(line.dataset.group)}"]`)) {
      if (other !== line && !state(other) && mark(other, "not_needed")) mark(other, "not_needed").checked = true;
    }
  };
  const lines = () => [...document.querySelectorAll("[data-ticking] [data-line]")].filter(shown);

  // — A number key goes round what can be said of its document —
  const turn = (line) => {
    const box = mark(line, "seen");
    if (box.type === "checkbox") box.checked = !box.checked;
    else {
      const round = ["seen", "missing", "not_needed"].filter((value) => mark(line, value));
      say(line, round[(round.indexOf(state(line)) + 1) % round.length]);
    }
    const now = marks(line).find((one) => one.checked) ?? box;
    now.focus();
    line.scrollIntoView({ block: "nearest" });
  };

  // — A letter goes round the few answers to one question —
  const answer = (question) => {
    const answers = marks(question);
    const next = answers[(answers.findIndex((one) => one.checked) + 1) % answers.length];
    next.checked = true;
    next.focus();
    question.scrollIntoView({ block: "nearest" });
  };

  // — A number typed without its field goes to it: a file and a receipt begin with their letter, the others with a
  //   figure. A figure that a key of the screen waits for stays a shortcut. —
  const catchNumber = (event) => {
    const field = document.querySelector("[data-scan-file]");
    const key = event.key.toLowerCase();
    if (!field || !/^[dr0-9]$/.test(key)) return false;
    if ([...document.querySelectorAll(`[data-key="${key}"]`)].some(shown)) return false;
    const tool = field.closest("details");
    if (tool && /[dr]/.test(key)) tool.open = true;
    if (!shown(field)) return false;
    field.value = "";
    field.focus();
    // A key that waited for the next one brings no letter of its own any more.
    if (event.handed) field.setRangeText(event.key, 0, 0, "end");
    return true;
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
      if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
      const round = [...document.querySelectorAll(`[data-round="${CSS.escape(event.key.toLowerCase())}"]`)].find(shown);
      if (round) {
        event.preventDefault();
        event.stopImmediatePropagation();
        answer(round);
        return;
      }
      const line = /^[1-9]$/.test(event.key) && lines().find((one) => one.dataset.line === event.key);
      if (!line) {
        if (catchNumber(event)) event.stopImmediatePropagation();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      turn(line);
    },
    { capture: true },
  );

  // A new screen takes the focus a moment after it is there; who already types keeps it, and loses no letter.
  let swapped = -Infinity;
  document.addEventListener("htmx:afterSwap", () => (swapped = performance.now()));
  document.addEventListener("focusin", (event) => {
    const typing = event.relatedTarget?.matches?.(TYPING) && event.target.matches("[autofocus]");
    if (typing && performance.now() - swapped < 1000) event.relatedTarget.focus();
  });

  // — After an answer the focus is where the next key goes: what is to correct, what is to choose, else the search —
  const wanting = (form) => {
    const asked = lines().filter((line) => form.contains(line));
    const line = asked.find((one) => !state(one)) ?? asked.find((one) => !["seen", "not_needed"].includes(state(one)));
    return line && (marks(line).find((one) => one.checked) ?? marks(line)[0]);
  };
  const next = (part) => {
    const wrong = [...part.querySelectorAll("[aria-invalid=true], [data-wrong] input")].find(shown);
    const refused = part.querySelector("[data-ticking][data-refused]");
    const found = part.querySelector(".candidate button");
    const search = part.querySelector("[data-scan-file]");
    if (wrong) return wrong;
    if (refused) return wanting(refused);
    return document.activeElement === search ? (found ?? search) : null;
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target.querySelector?.("[data-filing]");
    const typed = document.activeElement?.matches(TYPING) ? document.activeElement : null;
    // Who goes on typing is left alone.
    if (!part || (typed && typed.value !== typed.defaultValue)) return;
    const field = next(part);
    field?.focus();
    field?.select?.();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-all-seen]")) {
      for (const line of lines()) if (!("conditional" in line.dataset) && state(line) !== "seen") say(line, "seen");
    }
    if (event.target.closest("[data-rest-not-needed]")) {
      const asked = new Set();
      for (const line of lines()) if (line.dataset.group && state(line) === "seen") asked.add(line.dataset.group);
      for (const line of lines()) {
        if (!state(line) && (!line.dataset.group || asked.has(line.dataset.group))) mark(line, "not_needed")?.click();
      }
    }
  });
  document.addEventListener("change", (event) => {
    const line = event.target.closest("[data-ticking] [data-line]");
    if (!line || event.target.type !== "radio") return;
    if (event.target.value === "seen") settleGroup(line);
    if (event.target.value === "not_accepted") line.querySelector(".why")?.focus();
  });

  // — The paper opens by itself, once; its link stays —
  const open = () => {
    const link = document.querySelector("a[data-opens]");
    if (!link) return;
    delete link.dataset.opens;
    window.open(link.href, "_blank", "noopener");
  };
  document.addEventListener("htmx:afterSettle", open);
})();
