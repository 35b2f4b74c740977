// Allocators as rectangles, as large as what they have.

function treemap(entries, { by, parts }) {
  const section = $("#treemap");
  const place = $(".chart", section);
  // What scopes and budgets have is what allocators have, told in another way.
  const scopes = entries.filter((entry) => entry.kind === "scope");
  $("#parts").hidden = scopes.length === 0;
  const allocators = parts === "scopes" && scopes.length > 0
    ? scopes
    : entries.filter((entry) => entry.kind !== "scope" && entry.kind !== "budget");
  const shown = allocators.filter((entry) => Number(entry.stats[by]) > 0)
    .sort((a, b) => Number(b.stats[by]) - Number(a.stats[by]));
  const what = by === "in_use" ? "in use" : "allocated";
  const note = [];
  const none = allocators.length - shown.length;
  const ended = shown.filter((entry) => !entry.alive).length;
  if (none > 0 && shown.length > 0) note.push(`${exact(none)} with no bytes ${what} not shown.`);
  if (ended > 0) note.push(`Hatched: ended, with the last figures.`);
  $(".note", section).textContent = note.join(" ");
  if (shown.length === 0) {
    place.replaceChildren(empty(allocators.length === 0 ? "No allocator is registered." : `No bytes ${what}.`));
    return;
  }
  const all = shown.reduce((sum, entry) => sum + Number(entry.stats[by]), 0);
  const label = `${exact(shown.length)} ${allocators === scopes ? "scopes" : "allocators"} by bytes ${what}, ${bytes(all)} together. The largest is ${shown[0].name} with ${bytes(shown[0].stats[by])}. The table below has all of them.`;
  const { svg, width, height } = canvas(place, innerWidth < 600 ? 300 : 320, label);
  svg.append(draw("defs", {}, draw("pattern",
    { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    draw("line", { y2: 7, stroke: "var(--card)", "stroke-width": 4 }))));
  const cells = squarify(shown.map((entry) => Number(entry.stats[by])), width, height);
  cells.forEach(({ x, y, w, h }, i) => {
    const entry = shown[i];
    const size = { x: x.toFixed(2), y: y.toFixed(2), width: w.toFixed(2), height: h.toFixed(2) };
    svg.append(draw("rect", { class: "cell", ...size, fill: colours.fill(entry.id), "fill-opacity": entry.alive ? 1 : 0.35, "data-id": entry.id, "data-value": entry.stats[by] }));
    if (!entry.alive) svg.append(draw("rect", { ...size, fill: "url(#hatch)", "pointer-events": "none" }));
    if (w < 44 || h < 24) return;
    // What does not fit is cut off at the cell's edge.
    const room = Math.floor((w - 16) / 8.2);
    const name = entry.name.length > room ? `${entry.name.slice(0, Math.max(room - 1, 1))}…` : entry.name;
    const style = entry.alive
      ? `fill: ${colours.text(entry.id)}`
      : "fill: var(--text); stroke: var(--card); stroke-width: 3px; paint-order: stroke";
    const cell = draw("svg", { x, y, width: Math.max(w - 4, 0), height: h, "aria-hidden": "true" },
      draw("text", { class: "cell-name", x: 8, y: 19, style }, name));
    if (h >= 44 && w >= 64) cell.append(draw("text", { x: 8, y: 36, style }, bytes(entry.stats[by])));
    svg.append(cell);
  });
  const frame = draw("rect", { class: "chosen", fill: "none" });
  svg.marks = {
    length: cells.length,
    at: (px, py) => cells.findIndex(({ x, y, w, h }) => px >= x && px < x + w && py >= y && py < y + h),
    show(i) {
      const { x, y, w, h } = cells[i];
      const { name, kind, alive, stats } = shown[i];
      fill(frame, { x: x + 1, y: y + 1, width: Math.max(w - 2, 0), height: Math.max(h - 2, 0) });
      svg.append(frame);
      return {
        x: x + w / 2, y: y + Math.min(h / 2, 40), title: name,
        lines: [
          ["Kind", alive ? kind : `${kind}, ended`], ["In use", bytes(stats.in_use)], ["Peak", bytes(stats.peak)],
          ["Allocated", bytes(stats.bytes)], ["Allocations", count(stats.allocations)],
          ["Share", percent(Number(stats[by]) / all)],
        ],
      };
    },
    hide() { frame.remove(); },
  };
  svg.again();
}

/**
 * Rectangles with areas in proportion to `values`, which are positive and in descending order, as near to squares as can be
 * (Bruls, Huizing and van Wijk 2000): rows are put along the shorter side, and one takes more as long as that makes its worst
 * rectangle better.
 */
function squarify(values, width, height) {
  const sum = values.reduce((all, value) => all + value, 0);
  const areas = values.map((value) => (value / sum) * width * height);
  const cells = [];
  let free = { x: 0, y: 0, w: width, h: height };
  const worst = (row, total, side) => {
    const length = total / side;
    return Math.max(...[row[0], row.at(-1)].map((area) => {
      const other = area / length;
      return Math.max(length / other, other / length);
    }));
  };
  let at = 0;
  while (at < areas.length) {
    const side = Math.min(free.w, free.h);
    const row = [areas[at]];
    let total = areas[at];
    while (at + row.length < areas.length) {
      const next = areas[at + row.length];
      if (worst([...row, next], total + next, side) > worst(row, total, side)) break;
      row.push(next);
      total += next;
    }
    const length = side > 0 ? total / side : 0;
    let offset = 0;
    for (const area of row) {
      const other = length > 0 ? area / length : 0;
      cells.push(free.w >= free.h
        ? { x: free.x, y: free.y + offset, w: length, h: other }
        : { x: free.x + offset, y: free.y, w: other, h: length });
      offset += other;
    }
    free = free.w >= free.h
      ? { ...free, x: free.x + length, w: Math.max(free.w - length, 0) }
      : { ...free, y: free.y + length, h: Math.max(free.h - length, 0) };
    at += row.length;
  }
  return cells;
}
