/* Live updates of a page.

   <body data-live="/live/office/1" data-live-origin="https://host:8001">
   Dispatches on <body>:
     live            something changed, look again            (htmx: hx-trigger="live from:body")
     live:board      new content of a call display            detail.html
     live:state      detail.state is "live", "polling" or "cut"
   Listens on <body> to live:reached and live:unreached, from scripts that fetch by themselves; htmx is watched too.

   When the stream is cut the page asks every five seconds ("polling"); when the server does not answer either, it
   says since when ("cut") and keeps what it shows. A page in the background closes its stream and catches up on return. */
(() => {
  "use strict";

  const body = document.body;
  if (!body || !body.dataset.live) return;

  const address = new URL(body.dataset.live, body.dataset.liveOrigin || location.origin).href;
  const BEAT_LIMIT = 40000; // the server gives a sign of life every 15 s: two missed and a margin
  const POLL_EVERY = 5000;
  const LOOK_ANYWAY_EVERY = 60000; // a message can be lost between the commit and its sending
  const THROTTLE = 250;
  const HIDDEN_PATIENCE = 5000;
  const PAUSES = [500, 1000, 2000, 4000, 8000];

  let source = null;
  let attempt = 0;
  let heardAt = Date.now();
  let lookedAt = 0;
  let lookTimer = 0;
  let retryTimer = 0;
  let hideTimer = 0;
  let state = "live";
  let cutSince = null;

  /* The clock of the house, which may be another day at another pace. */
  const clock = { real: Date.now(), shown: Number(body.dataset.clockNow) || Date.now(), rate: Number(body.dataset.clockRate) || 1 };
  const now = () => new Date(clock.shown + (Date.now() - clock.real) * clock.rate);

  function tell(name, detail = {}) {
    body.dispatchEvent(new CustomEvent(name, { detail }));
  }

  function look(reason) {
    if (lookTimer) return;
    lookTimer = setTimeout(() => {
      lookTimer = 0;
      lookedAt = Date.now();
      tell("live", { reason });
    }, Math.max(0, lookedAt + THROTTLE - Date.now()));
  }

  function enter(next) {
    if (next === state) return;
    if (state === "live") cutSince = now();
    state = next;
    body.dataset.liveState = state;
    for (const place of document.querySelectorAll("[data-live-status]")) say(place);
    tell("live:state", { state, since: cutSince, now: now() });
  }

  function say(place) {
    const text = { cut: place.dataset.textCut, polling: place.dataset.textPolling }[state] || "";
    const hour = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", timeZone: "Europe/Paris" });
    place.textContent = cutSince ? text.replace("{time}", hour.format(cutSince)) : text;
    place.hidden = !text;
  }

  function heard(event) {
    heardAt = Date.now();
    attempt = 0;
    if (event && event.data) {
      const told = JSON.parse(event.data);
      Object.assign(clock, { real: Date.now(), shown: told.now, rate: told.rate });
    }
    enter("live");
  }

  function open() {
    clearTimeout(retryTimer);
    if (source || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener("hello", (event) => {
      const isReturn = state !== "live" || lookedAt > 0;
      heard(event);
      if (isReturn) look("return");
    });
    source.addEventListener("beat", heard);
    source.addEventListener("changed", () => { heard(); look("changed"); });
    source.addEventListener("board", (event) => { heard(); tell("live:board", { html: event.data }); });
    source.addEventListener("error", lost);
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  /* The browser would reconnect by itself, but not after every kind of failure, and all screens at the same instant. */
  function lost() {
    close();
    const pause = PAUSES[Math.min(attempt, PAUSES.length - 1)];
    attempt += 1;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(open, pause * (0.5 + Math.random()));
    if (state === "live") {
      enter("polling");
      look("poll");
    }
  }

  function watch() {
    if (document.hidden) return;
    if (source && Date.now() - heardAt > BEAT_LIMIT) lost();
    if (state !== "live") look("poll");
    else if (Date.now() - lookedAt > LOOK_ANYWAY_EVERY) look("anyway");
  }

  function reached() { if (state === "cut") enter("polling"); }
  function unreached() { if (state === "polling") enter("cut"); }

  function seen() {
    clearTimeout(hideTimer);
    if (document.hidden) {
      hideTimer = setTimeout(() => { clearTimeout(retryTimer); close(); }, HIDDEN_PATIENCE);
      return;
    }
    heardAt = Date.now();
    if (!source) {
      open();
      look("return");
    }
  }

  body.addEventListener("live:reached", reached);
  body.addEventListener("live:unreached", unreached);
  body.addEventListener("htmx:afterOnLoad", reached);
  body.addEventListener("htmx:sendError", unreached);
  body.addEventListener("htmx:timeout", unreached);
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("online", () => { if (!source) open(); });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) seen(); });

  window.parvisNow = now;
  lookedAt = Date.now();
  body.dataset.liveState = state;
  setInterval(watch, POLL_EVERY);
  open();
})();
