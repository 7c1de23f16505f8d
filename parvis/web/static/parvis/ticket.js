/* The ticket page on a phone: a call also shows in the tab's title and makes the phone vibrate. */
(() => {
  "use strict";

  const title = document.title;
  let said = "";

  function look() {
    const state = document.querySelector("[data-said]");
    if (!state || state.dataset.said === said) return;
    said = state.dataset.said;
    const isCalled = said === "called";
    document.title = isCalled ? `● ${state.querySelector(".state-counter").textContent.trim()} · ${title}` : title;
    if (isCalled && navigator.vibrate && navigator.userActivation?.hasBeenActive) navigator.vibrate([400, 200, 400]);
  }

  document.body.addEventListener("htmx:afterSwap", look);
  look();
})();
