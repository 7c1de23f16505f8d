// Deliveries: a scanner ends each code with Enter, and a card is two codes. Without this file every form still works.
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    const then = event.key === "Enter" && document.getElementById(event.target.dataset?.then || "");
    if (!then || !event.target.value.trim() || then.value.trim()) return;
    event.preventDefault();
    then.focus();
  });
  const ready = () => {
    for (const hidden of document.querySelectorAll("[data-needs-script][hidden]")) hidden.hidden = false;
  };
  // What was refused stays to be read; the next code takes its place.
  document.querySelector("[data-then][autofocus]")?.select();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-choose-all]")) return;
    for (const box of document.querySelectorAll("[name=permit]")) box.checked = true;
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
