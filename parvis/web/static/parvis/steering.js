/* A form that somebody has opened is never replaced under their hands: not by a new request, nor by the answer to one
   that was under way when they opened it. What was held back is asked again once the form is closed. */
(() => {
  "use strict";

  const body = document.body;

  function holdBack(event, refuse) {
    const part = event.target.closest("[data-wait-while-open]");
    if (!part || !part.querySelector("details[open]")) return;
    refuse();
    part.dataset.heldBack = "";
  }

  function catchUp(event) {
    const part = event.target.closest("[data-held-back]");
    if (!part || part.querySelector("details[open]")) return;
    delete part.dataset.heldBack;
    body.dispatchEvent(new CustomEvent("live"));
  }

  body.addEventListener("htmx:beforeRequest", (event) => holdBack(event, () => event.preventDefault()));
  body.addEventListener("htmx:beforeSwap", (event) => holdBack(event, () => { event.detail.shouldSwap = false; }));
  body.addEventListener("toggle", catchUp, true); // toggle does not bubble
})();
