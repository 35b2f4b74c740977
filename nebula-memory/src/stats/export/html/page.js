// Puts the page together, and keeps it up to date if it is a live one. What the reader has chosen is in `state` and stays.

const state = { by: "in_use", parts: "allocators", sizesOf: "", sort: 3, down: true, filter: "" };
let data = parse($("#data").textContent);

function show() {
  const { snapshot, history } = data;
  const { global, performance, allocators } = snapshot;
  const at = new Date(snapshot.at.secs_since_epoch * 1000);
  const passed = snapshot.elapsed.secs + snapshot.elapsed.nanos / 1e9;
  $("#when").textContent = `${at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" })}, after ${duration(passed)}`;
  const live = Math.max(Number(global.allocations) - Number(global.deallocations), 0);
  const tiles = [
    ["In use", number(bytes, global.in_use, " bytes")],
    ["Peak", number(bytes, global.peak, " bytes")],
    ["Allocated in all", number(bytes, global.bytes, " bytes")],
    ["Allocations", number(count, global.allocations)],
    ["Live blocks", number(count, live)],
    ["Refused", number(count, global.refused)],
  ];
  $("#tiles").replaceChildren(...tiles.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
  colours.assign(history.bands.map((band) => band.id));
  timeline(history);
  // First this: the treemap takes the room that it leaves.
  sizes(allocators, state.sizesOf);
  treemap(allocators, state);
  rates(performance);
  ratios(allocators);
  limits(allocators);
  histograms(snapshot.histograms);
  figures(allocators, state, show);
  Object.assign(document.documentElement.dataset, {
    ready: Number(document.documentElement.dataset.ready ?? 0) + 1,
    scrollWidth: document.documentElement.scrollWidth,
  });
}

/** Draws once in a frame, however many reasons there are. */
let waiting = false;
function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    show();
  });
}

for (const input of document.querySelectorAll("#treemap input")) {
  input.addEventListener("change", () => { state[input.name] = input.value; show(); });
}
if (Number(data.snapshot.global.in_use) === 0 && Number(data.snapshot.global.bytes) > 0) {
  // All has been given back: there is more to see of what there was.
  state.by = "bytes";
  $("#treemap input[value=bytes]").checked = true;
}
$("#sizes select").addEventListener("change", (event) => { state.sizesOf = event.target.value; show(); });
$("#figures input").addEventListener("input", (event) => { state.filter = event.target.value; show(); });

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = {
  key: "nebula-memory-theme",
  /** What the reader has chosen; a browser may refuse to keep it. */
  get() { try { return localStorage.getItem(this.key); } catch { return null; } },
  set(name) { try { localStorage.setItem(this.key, name); } catch { /* Then it holds for this page. */ } },
  now() { return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light"); },
  label() { $("#theme").textContent = this.now() === "dark" ? "Light" : "Dark"; },
};
const stored = theme.get();
if (stored === "dark" || stored === "light") document.documentElement.dataset.theme = stored;
theme.label();
dark.addEventListener("change", () => theme.label());
$("#theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = theme.now() === "dark" ? "light" : "dark";
  theme.set(theme.now());
  theme.label();
});

let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== width) soon();
  width = innerWidth;
});

show();

if (data.live) {
  const { url, milliseconds } = data.live;
  const pause = $("#pause");
  let paused = false;
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
  });
  const refresh = async () => {
    if (!paused && !document.hidden) {
      try {
        const answer = await fetch(url, { cache: "no-store" });
        if (!answer.ok) throw new Error(answer.statusText);
        data = parse(await answer.text());
        if (!paused) show();
      } catch {
        $("#when").textContent = `${$("#when").textContent.split(" · ")[0]} · no answer; showing the last figures`;
      }
    }
    setTimeout(refresh, milliseconds);
  };
  setTimeout(refresh, milliseconds);
}
