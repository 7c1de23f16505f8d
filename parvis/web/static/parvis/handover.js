// The counter's scanner, heard wherever the focus is; at the handover a stamp ticks its own line and the notice can be
// signed on the screen. Without this file every form still works, and the notice is signed on paper.
"use strict";

(() => {
  const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea";
  const shown = (element) => element && element.getClientRects().length > 0;
  const scanField = () => document.querySelector("[data-handover-scan], [data-scan-file]");
  const form = () => document.querySelector("[data-handover]");

  // — A scanner is a keyboard that no hand follows. Keys pressed where nothing is typed wait for the next one: a few
  //   are the shortcuts they were, many at once and then Enter are a code. —
  const FAST = 45; // milliseconds between two signs of a scanner
  const SHORTEST = 6; // no code read from a paper is shorter
  let heard = [];
  let timer = 0;

  const isStamp = (code) => /^\d{16}$/.test(code.replaceAll(" ", ""));

  const take = (code) => {
    const stamp = [...document.querySelectorAll("[data-stamp-number]")].filter(shown).find((field) => !field.value);
    const field = isStamp(code) && stamp ? stamp : scanField();
    if (!field) return;
    field.value = code;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (field !== scanField()) return settle(field);
    const tool = field.closest("details");
    if (tool) tool.open = true;
    field.form.requestSubmit();
  };

  const quiet = () => {
    clearTimeout(timer);
    const keys = heard;
    heard = [];
    if (keys.length >= SHORTEST) return;
    for (const { key, target } of keys) {
      const field = document.activeElement;
      if (field?.matches(TYPING)) {
        // The key before this one led to a field: this one is typed there.
        field.setRangeText?.(key, field.selectionStart, field.selectionEnd, "end");
        continue;
      }
      const again = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      again.handed = true;
      target.dispatchEvent(again);
    }
  };

  const hear = (event) => {
    if (event.handed || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (!scanField() || document.querySelector("dialog[open]") || event.target.closest?.(TYPING)) return quiet();
    if (event.key === "Enter" && heard.length >= SHORTEST) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const code = heard.map((one) => one.key).join("");
      heard = [];
      clearTimeout(timer);
      return take(code);
    }
    // A capital is announced by its own key; the space bar ticks what has the focus.
    if (event.key === "Shift") return;
    if (event.key.length !== 1 || (event.key === " " && !heard.length)) return quiet();
    event.preventDefault();
    event.stopImmediatePropagation();
    heard.push({ key: event.key, target: event.target });
    clearTimeout(timer);
    timer = setTimeout(quiet, FAST);
  };
  window.addEventListener("keydown", hear, true);

  // — The stamp: its number read ticks its line; another field is asked for while the amount is not reached —
  const settle = (field) => {
    const line = field.closest("[data-stamps]");
    const rows = [...line.querySelectorAll("[data-stamp-row]")];
    const due = Number(line.dataset.stamps || 0);
    const amount = field.closest("[data-stamp-row]").querySelector("[data-stamp-eur]");
    if (field.value.trim() && !amount.value.trim()) {
      amount.focus();
      return mark();
    }
    let left = due;
    for (const row of rows) {
      if (row.querySelector("[data-stamp-number]").value.trim()) {
        left -= Number(row.querySelector("[data-stamp-eur]").value || 0);
      }
    }
    const next = rows.find((row) => !row.querySelector("[data-stamp-number]").value.trim());
    if (due && left > 0 && next) {
      const more = next.closest("details");
      if (more) more.open = true;
      next.querySelector("[data-stamp-eur]").value = left;
      next.querySelector("[data-stamp-number]").focus();
    } else {
      field.blur();
    }
    mark();
  };

  // — What is still to tick —
  const mark = () => {
    for (const row of document.querySelectorAll("[data-check]")) {
      const box = row.querySelector("[type=checkbox]");
      const signature = row.querySelector("[name=signature]");
      const stamps = [...row.querySelectorAll("[data-stamp-number]")];
      const done = box?.checked || Boolean(signature?.value) || stamps.some((field) => field.value.trim());
      row.classList.toggle("is-done", Boolean(done));
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-stamp-number], [data-stamp-eur]")) return;
    event.preventDefault();
    settle(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest?.("[data-handover]")) mark();
  });

  // — The notice signed on the screen: strokes kept as the path of a drawing —
  let stroke = null;
  const pad = (event) => event.target.closest?.("[data-sign]");
  const point = (drawing, event) => {
    const box = drawing.getBoundingClientRect();
    const view = drawing.viewBox.baseVal;
    const x = ((event.clientX - box.left) / box.width) * view.width;
    const y = ((event.clientY - box.top) / box.height) * view.height;
    return `${Math.round(x)} ${Math.round(y)}`;
  };
  const keep = (drawing, path) => {
    drawing.querySelector("path").setAttribute("d", path);
    const field = form().querySelector("[name=signature]");
    field.value = path;
    if (path) field.closest("[data-check]").querySelector("[name=notice]").checked = false;
    mark();
  };
  document.addEventListener("pointerdown", (event) => {
    const drawing = pad(event);
    if (!drawing) return;
    event.preventDefault();
    drawing.setPointerCapture?.(event.pointerId);
    stroke = drawing;
    keep(drawing, `${drawing.querySelector("path").getAttribute("d")} M ${point(drawing, event)}`.trim());
  });
  document.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const path = stroke.querySelector("path").getAttribute("d");
    if (path.length < 19_000) keep(stroke, `${path} L ${point(stroke, event)}`);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      // Enter hands over: it must not wipe what has just been signed.
      if (stroke && document.activeElement?.matches("[data-sign-again]")) document.activeElement.blur();
      stroke = null;
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-sign-again]")) keep(document.querySelector("[data-sign]"), "");
  });

  // — A new card on the screen —
  const ready = () => {
    for (const hidden of document.querySelectorAll("[data-needs-script][hidden]")) hidden.hidden = false;
    mark();
    // A card is there: what is scanned next is its stamp, heard without the field.
    if (form() || document.activeElement?.matches(TYPING)) return;
    const awaits = document.querySelector("[data-handover-scan][data-awaits]");
    if (awaits && document.activeElement?.matches("body, [autofocus]")) awaits.focus();
  };
  // — The answer to what was read: its words replace those of the last refusal, and the keys are the checklist's —
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "cards") return;
    document.querySelector(".said .notice-bad")?.remove();
    const field = scanField();
    const asked = new URL(event.detail.xhr.responseURL).searchParams.get("numero");
    if (document.activeElement !== field || field.value !== asked) return;
    if (event.detail.target.querySelector("[data-key]")) field.blur();
    else field.select();
  });

  // — After a refusal the focus is on what is to correct —
  const correct = () => {
    const refused = form()?.dataset.refused;
    if (!refused || document.activeElement?.matches(TYPING)) return;
    delete form().dataset.refused;
    const number = form().querySelector("[data-stamp-number]");
    const amount = form().querySelector("[data-stamp-eur]");
    const fields = { stamp_amount_wrong: amount, stamp_used: number, stamp_malformed: number };
    const missing = '.check.is-missing :is([type="checkbox"], [data-stamp-number])';
    const field = fields[refused] ?? form().querySelector(missing);
    field?.focus();
    field?.select?.();
  };
  document.addEventListener("htmx:afterSettle", correct);
  document.addEventListener("htmx:afterSettle", ready);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
