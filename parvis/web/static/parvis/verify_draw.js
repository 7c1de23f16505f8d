/* Recompute a published draw in the page, with WebCrypto alone. Written from the published rules, as verify_draw.py:
   it works on the file that the office publishes, or on one that was kept, and asks the office nothing else. */
(() => {
  "use strict";

  const box = document.querySelector("[data-verify-draw]");
  if (!box) return;
  const said = box.querySelector("[data-verify-said]");
  const list = box.querySelector("[data-verify-faults]");
  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => {
    if (!/^([0-9a-f]{2})+$/.test(text)) throw new Error(`≠ [0-9a-f]: ${text}`);
    return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  };
  const repeats = (values) => new Set(values).size !== values.length;
  const sha = async (data) => hex(await crypto.subtle.digest("SHA-256", data));

  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(value);
  }

  function halfDay(at) {
    const [year, month, day] = at.slice(0, 10).split("-").map(Number);
    const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
    return `${weekday}${Number(at.slice(11, 13)) < 12 ? "am" : "pm"}`;
  }

  function before(one, other) {
    for (let index = 0; index < one.length; index += 1) {
      if (one[index] < other[index]) return -1;
      if (one[index] > other[index]) return 1;
    }
    return 0;
  }

  async function recompute(listed, mixed, withdrawn) {
    const key = await crypto.subtle.importKey("raw", unhex(mixed), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const turns = await Promise.all(listed.requests.map(async (row) => {
      const lot = hex(await crypto.subtle.sign("HMAC", key, bytes(row.line)));
      const first = row.lost + 1 >= listed.most_losses;
      return { row, rank: [first ? 0 : 1, first ? -row.lost : 0, row.stratum, lot] };
    }));
    turns.sort((one, other) => before(one.rank, other.rank));
    const places = listed.places.filter((place) => !withdrawn.has(place.place))
      .map((place) => ({ ...place, half: halfDay(place.at) }))
      .sort((one, other) => before([one.at, one.place], [other.at, other.place]));
    const given = new Map();
    for (const { row } of turns) {
      const index = places.findIndex((place) => place.at.slice(0, 10) >= row.since
        && (!row.suits.length || row.suits.includes(place.half)));
      if (index >= 0) given.set(row.line, places.splice(index, 1)[0].place);
    }
    return given;
  }

  async function faults(published) {
    const found = [];
    const digest = await sha(bytes(canonical(published.list)));
    const seed = unhex(published.seed);
    const mixed = await sha(new Uint8Array([...seed, ...unhex(digest)]));
    if (await sha(seed) !== published.commitment) found.push("commitment ≠ SHA-256(seed)");
    if (published.list.commitment !== published.commitment) found.push("list.commitment ≠ commitment");
    if (digest !== published.digest) found.push("digest ≠ SHA-256(list)");
    if (mixed !== published.mix) found.push("mix ≠ SHA-256(seed + digest)");
    if (repeats(published.list.requests.map((row) => row.line))) found.push("line ×2");
    if (repeats(published.list.places.map((row) => row.place))) found.push("place ×2");
    const given = await recompute(published.list, mixed, new Set(published.withdrawn || []));
    const result = new Map(Object.entries(published.result));
    const lines = [...new Set([...given.keys(), ...result.keys()])];
    const wrong = lines.filter((line) => given.get(line) !== result.get(line));
    if (wrong.length) found.push(`result: ${wrong.length} × ${wrong[0]}`);
    return found;
  }

  async function verify(read) {
    list.replaceChildren();
    said.dataset.verdict = "";
    if (!window.crypto || !crypto.subtle) {
      said.textContent = box.dataset.unable;
      said.dataset.verdict = "unable";
      return;
    }
    said.textContent = box.dataset.wait;
    let found;
    try {
      found = await faults(JSON.parse(await read()));
    } catch (error) {
      found = [String(error.message || error)];
    }
    said.textContent = found.length ? box.dataset.bad : box.dataset.good;
    said.dataset.verdict = found.length ? "bad" : "good";
    for (const fault of found) {
      const item = document.createElement("li");
      item.dir = "ltr";
      item.textContent = fault;
      list.append(item);
    }
  }

  box.querySelector("[data-verify-start]").addEventListener("click", () => {
    verify(async () => (await fetch(box.dataset.document)).text());
  });
  box.querySelector("[data-verify-file]").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) verify(() => file.text());
  });
  box.hidden = false;
})();
