/* The call display: puts the new content in place, rings, speaks, tells the time. */
(() => {
  "use strict";

  const body = document.body;
  const place = document.querySelector("[data-board-place]");
  const clockFace = document.querySelector("[data-clock]");
  const soundButton = document.querySelector("[data-sound]");
  const NEW_FOR = 12000; // how long a call stands out, in milliseconds
  const SPOKEN_AT_MOST = 4; // after a cut, older calls are shown but no longer spoken

  let last = latest(document); // the newest call that was announced
  let settled = last; // the newest call that no longer stands out: a board drawn again meanwhile keeps the others apart
  let audio = null;
  let asking = false;
  const door = document.querySelector("[data-door]");
  let doorDay = null;
  let renewing = false;

  function latest(root) {
    return Math.max(0, ...[...root.querySelectorAll("[data-call]")].map((call) => Number(call.dataset.call)));
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-board]");
    if (!fresh) return;
    const standing = [...fresh.querySelectorAll("[data-call]")].filter((call) => Number(call.dataset.call) > settled);
    for (const call of standing) call.classList.add("call-new");
    const calls = standing.filter((call) => Number(call.dataset.call) > last);
    place.replaceChildren(document.importNode(fresh, true));
    if (!calls.length) return;
    last = latest(fresh);
    setTimeout(settle, NEW_FOR, last);
    announce(calls.reverse().slice(-SPOKEN_AT_MOST));
  }

  function settle(upTo) {
    settled = upTo;
    for (const call of place.querySelectorAll(".call-new")) {
      if (Number(call.dataset.call) <= upTo) call.classList.remove("call-new");
    }
  }

  async function fetchBoard() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(body.dataset.boardUrl, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      body.dispatchEvent(new CustomEvent("live:reached"));
    } catch {
      body.dispatchEvent(new CustomEvent("live:unreached"));
    } finally {
      asking = false;
    }
  }

  /* Two notes, made here: nothing to download. */
  function ring() {
    const start = audio.currentTime;
    for (const [index, frequency] of [[0, 880], [1, 660]]) {
      const note = audio.createOscillator();
      const volume = audio.createGain();
      note.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, start + index * 0.25);
      volume.gain.exponentialRampToValueAtTime(0.4, start + index * 0.25 + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + index * 0.25 + 0.6);
      note.connect(volume).connect(audio.destination);
      note.start(start + index * 0.25);
      note.stop(start + index * 0.25 + 0.65);
    }
  }

  function announce(calls) {
    body.dispatchEvent(new CustomEvent("display:announced", { detail: { count: calls.length } }));
    if (!audio || audio.state !== "running") return;
    ring();
    for (const call of calls) speak(call);
  }

  /* In the person's language when this machine has a voice for it, and in French unless that was it. */
  function speak(call) {
    if (!("speechSynthesis" in window)) return;
    const { language, say, sayFrench } = call.dataset;
    const voice = voiceFor(language);
    if (voice && language !== "fr") utter(say, language, voice);
    utter(sayFrench, "fr", voiceFor("fr"));
  }

  /* That of the very tag, else of the language anywhere: "fr" takes "fr-FR", "zh-CN" takes "zh-TW" for want of better. */
  function voiceFor(language) {
    const voices = speechSynthesis.getVoices();
    const tagOf = (voice) => voice.lang.replaceAll("_", "-").toLowerCase(); // Android writes zh_CN
    const wanted = language.toLowerCase();
    const [primary] = wanted.split("-");
    return voices.find((voice) => tagOf(voice) === wanted)
      || voices.find((voice) => tagOf(voice).split("-")[0] === primary)
      || null;
  }

  function utter(text, language, voice) {
    const sentence = new SpeechSynthesisUtterance(text);
    sentence.lang = voice ? voice.lang : language;
    sentence.voice = voice;
    sentence.rate = 0.9;
    speechSynthesis.speak(sentence);
  }

  function offerSound() {
    if (!("AudioContext" in window)) return;
    audio = new AudioContext();
    const follow = () => { soundButton.hidden = audio.state === "running"; };
    audio.addEventListener("statechange", follow);
    follow();
    soundButton.addEventListener("click", async () => {
      await audio.resume();
      follow();
      ring();
    });
  }

  /* The code of the entrance is worth one day: a screen that stays on through the night takes the new one. */
  async function renewDoor(day) {
    if (renewing) return;
    renewing = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-door]");
      if (fresh) door.replaceChildren(...document.importNode(fresh, true).childNodes);
      doorDay = day;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 10000); });
    } finally {
      renewing = false;
    }
  }

  function tick() {
    const shown = window.parvisNow ? window.parvisNow() : new Date();
    clockFace.textContent = new Intl.DateTimeFormat("fr", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Paris" }).format(shown);
    clockFace.dateTime = shown.toISOString();
    const day = new Intl.DateTimeFormat("fr", { dateStyle: "short", timeZone: "Europe/Paris" }).format(shown);
    doorDay ??= day;
    if (door && day !== doorDay) renewDoor(day);
  }

  /* A screen that never sleeps, where the browser can promise it; asked again when the page comes back. */
  async function stayAwake() {
    if (document.hidden || !("wakeLock" in navigator)) return;
    await navigator.wakeLock.request("screen").catch(() => null);
  }

  body.addEventListener("live:board", (event) => show(event.detail.html));
  body.addEventListener("live", fetchBoard);
  document.addEventListener("visibilitychange", stayAwake);
  offerSound();
  setInterval(tick, 1000);
  tick();
  stayAwake();
})();
