// Everything that is known of each allocator, in any order.

const COLUMNS = [
  ["Name", (entry) => entry.name, null],
  ["Kind", (entry) => entry.kind, null],
  ["State", (entry) => (entry.alive ? "alive" : "ended"), null],
  ["In use", (entry) => entry.stats.in_use, bytes, " bytes"],
  ["Peak", (entry) => entry.stats.peak, bytes, " bytes"],
  ["Allocated", (entry) => entry.stats.bytes, bytes, " bytes"],
  ["Limit", (entry) => entry.stats.capacity, bytes, " bytes"],
  ["Allocations", (entry) => entry.stats.allocations, count, " allocations"],
  ["Given back", (entry) => entry.stats.deallocations, count, " deallocations"],
  ["Resized", (entry) => entry.stats.resizes, count, " resizes"],
  ["Refused", (entry) => entry.stats.refused, count, " requests refused"],
  ["Hits", (entry) => entry.stats.hits, count, " hits"],
  ["Misses", (entry) => entry.stats.misses, count, " misses"],
];

function figures(allocators, state, again) {
  const section = $("#figures");
  const place = $(".scroll", section);
  if (allocators.length === 0) {
    place.replaceChildren(empty("No allocator is registered."));
    $(".choice", section).hidden = true;
    return;
  }
  $(".choice", section).hidden = allocators.length < 2;
  if (!$("table", place)) {
    place.replaceChildren(make("table", { class: "figures" }, make("thead", {}, make("tr", {}, ...COLUMNS.map(([name, , short], i) => {
      const button = make("button", { type: "button" }, name);
      button.addEventListener("click", () => {
        const down = state.sort === i ? !state.down : short !== null;
        Object.assign(state, { sort: i, down });
        again();
      });
      return make("th", { scope: "col", class: short ? null : "word" }, button);
    }))), make("tbody")));
  }
  $("thead tr", place).childNodes.forEach((head, i) => {
    if (i === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const [, value, short] = COLUMNS[state.sort];
  const order = short
    ? (a, b) => Number(value(a) ?? -1) - Number(value(b) ?? -1)
    : (a, b) => value(a).localeCompare(value(b), "en", { numeric: true });
  const filter = state.filter.toLowerCase();
  const shown = allocators.filter((entry) => `${entry.name} ${entry.kind}`.toLowerCase().includes(filter))
    .sort((a, b) => (state.down ? order(b, a) : order(a, b)));
  $("tbody", place).replaceChildren(...shown.map((entry) => make("tr", { class: entry.alive ? null : "ended", "data-id": entry.id },
    ...COLUMNS.map(([name, value, short, unit], i) => {
      const cell = value(entry);
      if (i === 0) return make("th", { scope: "row", title: cell }, swatch(colours.fill(entry.id)), ` ${cell}`);
      if (!short) return make("td", { class: "word" }, cell);
      return make("td", {}, cell === null ? "–" : number(short, cell, unit));
    }))));
  $(".note", section).textContent = shown.length < allocators.length ? `${exact(shown.length)} of ${exact(allocators.length)}` : "";
}
