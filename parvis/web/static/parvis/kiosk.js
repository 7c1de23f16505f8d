/* The kiosk: back to the start when nobody touches it, and paper when the page asks for it.
   Everything else works without this file. */
(() => {
  "use strict";

  const { idleSeconds, idleUrl } = document.body.dataset;
  if (idleUrl) {
    const warning = document.querySelector("[data-idle-warning]");
    let timer = 0;
    let warned = 0;
    const restart = () => {
      clearTimeout(timer);
      clearTimeout(warned);
      if (warning) {
        warning.hidden = true;
        // Twenty seconds to answer, as WCAG 2.2.1 asks.
        warned = setTimeout(() => { warning.hidden = false; }, Math.max(0, Number(idleSeconds) - 20) * 1000);
      }
      // replace(): the previous person's pages must not be one "back" away.
      timer = setTimeout(() => location.replace(idleUrl), Number(idleSeconds) * 1000);
    };
    for (const touch of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(touch, restart, { passive: true });
    restart();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  if ("printNow" in document.body.dataset) addEventListener("load", () => print());

  // A page kept in the browser's memory would show the previous person's answers.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
