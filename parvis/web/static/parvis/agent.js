// The agents' keyboard, the lock of an idle machine, small comforts. Without this file every screen still works.
"use strict";

(() => {
  const TYPING = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
  const shown = (element) => !element.disabled && element.getClientRects().length > 0;
  const wanted = (key) =>
    [...document.querySelectorAll("[data-key], [data-key-focus]")].find(
      (element) => (element.dataset.key || element.dataset.keyFocus) === key && shown(element),
    );

  // — Shortcuts: one key each, never while somebody types —
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const typing = event.target.closest?.(TYPING);
    if (typing) {
      if (event.key === "Escape") {
        const tool = typing.closest("details");
        typing.blur();
        if (tool) closeTool(tool);
      }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return document.querySelectorAll(".act details[open]").forEach(closeTool);
    // Enter and space belong to what has the focus.
    if (event.key === "Enter" && event.target.closest?.("button, a, summary, label")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // What a scanner types begins with the h of an address: it must run no shortcut on its way.
    const scan = key === "h" && document.querySelector("[data-scan]");
    if (scan && shown(scan)) return scan.focus();
    const target = event.repeat ? null : wanted(key);
    if (!target) return;
    event.preventDefault();
    if (target.dataset.keyFocus) {
      target.focus();
      // What is typed next replaces what the field holds.
      target.select?.();
    }
    else if (target.matches("summary")) openTool(target);
    else target.click();
  });

  // Where a form is usually sent as it stands, its button comes first: one more Enter is enough.
  const FIELD = "select, textarea, input:not([type=hidden]), form button";
  const enter = (tool) => (tool.querySelector("[data-first]") ?? tool.querySelector(FIELD))?.focus();
  const openTool = (summary) => {
    const tool = summary.parentElement;
    tool.open = !tool.open;
    if (tool.open) enter(tool);
    else summary.focus();
  };
  // A new screen takes the focus a moment after it is there; who was quicker and has opened a tool keeps it.
  document.addEventListener("htmx:afterSettle", () => {
    const tool = document.querySelector(".act details[open]");
    if (tool && document.activeElement?.matches("body, [autofocus]")) enter(tool);
  });
  const closeTool = (tool) => {
    tool.open = false;
    tool.querySelector("summary")?.focus();
  };

  // — The next scan replaces what the field holds —
  const replaceable = (element) => element?.matches?.("[data-scan]") && element.select();
  document.addEventListener("focusin", (event) => replaceable(event.target));
  replaceable(document.activeElement);

  // — The list of shortcuts, read from the screen itself —
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    if (!event.target.closest("[data-shortcuts]")) return;
    const dialog = document.getElementById("shortcuts");
    const list = dialog.querySelector("[data-shortcut-list]");
    list.replaceChildren();
    for (const element of document.querySelectorAll("[data-key], [data-key-focus]")) {
      if (!shown(element)) continue;
      const term = document.createElement("dt");
      term.append(Object.assign(document.createElement("kbd"), { textContent: keyName(element) }));
      const meaning = document.createElement("dd");
      meaning.textContent = labelOf(element);
      list.append(term, meaning);
    }
    dialog.showModal();
  });
  const keyName = (element) => (element.dataset.key || element.dataset.keyFocus).toUpperCase();
  const labelOf = (element) => {
    if (element.labels?.length) return element.labels[0].textContent;
    if (element.ariaLabel) return element.ariaLabel;
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
    return copy.textContent.trim();
  };

  // — A press that got no answer says so, and the next answer takes it back —
  const unreached = document.getElementById("unreached");
  const text = document.getElementById("unreached-text");
  const isPress = (event) => event.detail.requestConfig?.verb === "post";
  const missed = (event) => {
    if (isPress(event)) unreached?.replaceChildren(text.content.cloneNode(true));
  };
  document.addEventListener("htmx:sendError", missed);
  document.addEventListener("htmx:timeout", missed);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500 && event.detail.xhr.status !== 503) missed(event);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 500) unreached?.replaceChildren();
  });

  // — A list that shortens while one types —
  document.addEventListener("input", (event) => {
    const list = event.target.dataset.filters && document.getElementById(event.target.dataset.filters);
    if (!list) return;
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const words = plain(event.target.value).split(/\s+/);
    for (const item of list.children) {
      item.hidden = !words.every((word) => plain(item.textContent).includes(word)) && !item.querySelector(":checked");
    }
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Enter" && event.target.dataset?.filters && document.getElementById(event.target.dataset.filters);
    if (!list) return;
    event.preventDefault();
    const first = [...list.children].find((item) => !item.hidden)?.querySelector("input");
    if (first) {
      first.checked = true;
      first.focus();
    }
  });

  // — A person found fills the identity of the ticket —
  document.addEventListener("click", (event) => {
    const found = event.target.closest("[data-fills]");
    if (!found) return;
    for (const [name, value] of Object.entries(JSON.parse(found.dataset.fills))) {
      const control = document.querySelector(`[name="${name}"]`);
      if (control) control.value = value;
    }
    document.querySelector("[data-after-fill]")?.focus();
  });

  // A name changed by hand is somebody else's.
  document.addEventListener("input", (event) => {
    if (event.target.name !== "name") return;
    const bound = event.target.form?.querySelector("[name=person]");
    if (bound) bound.value = "";
  });

  // — Nobody touches this machine: cover it. Tabs of one machine tell one another that somebody is there. —
  const form = document.querySelector("form[data-lock-after]");
  if (!form) return;
  const limit = Number(form.dataset.lockAfter) * 1000;
  const touched = () => localStorage.setItem("parvis.touched", String(Date.now()));
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  touched();
  const look = () => {
    const idle = Date.now() - Number(localStorage.getItem("parvis.touched") || 0);
    if (idle >= limit) form.requestSubmit();
    else setTimeout(look, Math.min(limit - idle + 50, 15000));
  };
  look();
})();
