/* A form that somebody has opened is never replaced under their hands: its part of the page refreshes once it is closed. */
(() => {
  "use strict";

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.target.closest("[data-wait-while-open]");
    if (part && part.querySelector("details[open]")) event.preventDefault();
  });
})();
