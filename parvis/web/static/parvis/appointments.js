/* The way to an appointment: the proof of work, the time left, paper. Everything else works without this file. */
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // — The proof of work of ALTCHA: its worker computes, this fills the form. —
  const form = document.querySelector("form[data-altcha]");
  if (form && globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.Worker) prove();

  async function prove() {
    const says = form.querySelector("[data-altcha-says]");
    const button = form.querySelector("button");
    form.hidden = false;
    for (const said of document.querySelectorAll("[data-without-script], [data-with-script]")) said.hidden = !said.hidden;
    try {
      const answer = await fetch(form.dataset.altcha, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const challenge = await answer.json();
      const solution = await solve(challenge);
      if (!solution) throw new Error("unsolved");
      const { parameters, signature } = challenge;
      form.elements.altcha.value = btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
      says.textContent = form.dataset.done;
      says.classList.add("notice-good");
      button.disabled = false;
    } catch {
      says.textContent = form.dataset.failed;
      says.classList.add("notice-bad");
    }
  }

  // Two halves of the numbers to try: cheap phones have two fast cores at least.
  async function solve(challenge) {
    const workers = [0, 1].map(() => new Worker(form.dataset.worker));
    try {
      return await new Promise((resolve, reject) => {
        workers.forEach((worker, start) => {
          worker.onmessage = ({ data }) => (data?.error ? reject(data.error) : resolve(data));
          worker.onerror = reject;
          worker.postMessage({ type: "work", challenge, counterStart: start, counterStep: workers.length });
        });
      });
    } finally {
      // Not terminate(): one that is still being fetched would stay half loaded.
      for (const worker of workers) worker.postMessage({ type: "abort" });
    }
  }

  // — The time left of a hold, in real seconds from when the page came: the device's own clock does not count. —
  const WARNED = 120;
  const held = document.querySelector("[data-seconds]");
  if (held) {
    const says = held.querySelector("[data-held-says]");
    const shown = held.querySelector("[data-held-left]");
    const soon = held.querySelector("[data-held-soon]");
    const begun = performance.now();
    const total = Number(held.dataset.seconds);
    let isWarned = total <= WARNED;
    const tell = () => {
      const left = total - (performance.now() - begun) / 1000;
      shown.hidden = left <= 0;
      shown.querySelector("span").textContent = String(Math.ceil(left / 60));
      // Said once to whoever hears the page, not each minute.
      if (!isWarned && left > 0 && left <= WARNED) {
        soon.textContent = shown.textContent;
        isWarned = true;
      }
      if (left > 0) return;
      says.textContent = held.dataset.over;
      held.classList.replace("notice-warn", "notice-bad");
      clearInterval(timer);
    };
    const timer = setInterval(tell, 1000);
    tell();
  }
})();
