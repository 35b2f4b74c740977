// Bars: how values are distributed, how often what was wanted was there, how much of what there may be is in use.

/** A histogram: buckets on a logarithmic axis, with the percentiles. */
function histogram(place, tall, name, unit, { stats, buckets }) {
  const { short: write, long } = inUnit(unit);
  const label = `${name}: ${exact(stats.count)} values, half of them up to ${long(stats.p50)}, 95 % up to ${long(stats.p95)}, `
    + `99 % up to ${long(stats.p99)}, the largest ${long(stats.max)}.`;
  const { svg, width, height } = canvas(place, tall, label);
  const log = (value) => Math.log2(Math.max(Number(value), 0.5));
  const [from, to] = [log(buckets[0].lower), log(Number(buckets.at(-1).upper) + 1)];
  const most = Math.max(...buckets.map((bucket) => Number(bucket.count)));
  const steps = ticks(most, 4, 1000);
  const top = steps.at(-1);
  const area = { left: 48, right: width - 10, top: 54, bottom: height - 24 };
  const x = (value) => area.left + ((log(value) - from) / (to - from)) * (area.right - area.left);
  const y = (value) => area.bottom - (Number(value) / top) * (area.bottom - area.top);
  for (const step of steps) {
    svg.append(
      draw("line", { class: step ? "grid" : "base", x1: area.left, x2: area.right, y1: y(step), y2: y(step) }),
      draw("text", { x: area.left - 8, y: y(step) + 4, "text-anchor": "end" }, count(step)));
  }
  for (const value of round(from, to, (area.right - area.left) / 76, write === bytes)) {
    const at = x(value);
    if (at > area.right - 14) continue;
    svg.append(
      draw("line", { class: "base", x1: at, x2: at, y1: area.bottom, y2: area.bottom + 4 }),
      draw("text", { x: Math.max(at, area.left + 8), y: height - 6, "text-anchor": "middle" }, write(value)));
  }
  const cells = buckets.map((bucket) => {
    const left = x(bucket.lower);
    const w = Math.max(x(Number(bucket.upper) + 1) - left - 1, 1);
    // A bucket that has anything is seen.
    const h = Math.max(area.bottom - y(bucket.count), 1);
    return { ...bucket, left, w, h };
  });
  for (const { lower, upper, count, left, w, h } of cells) {
    svg.append(draw("rect", {
      class: "bar", x: left.toFixed(2), width: w.toFixed(2), y: (area.bottom - h).toFixed(2), height: h.toFixed(2),
      "data-lower": lower, "data-upper": upper, "data-value": count,
    }));
  }
  const rows = [-Infinity, -Infinity, -Infinity];
  for (const [name, value] of [["p50", stats.p50], ["p95", stats.p95], ["p99", stats.p99]]) {
    const at = Math.min(Math.max(x(value), area.left), area.right);
    const text = `${name} ${write(value)}`;
    const half = text.length * 3.7;
    const middle = Math.min(Math.max(at, half), width - half);
    let row = rows.findIndex((end) => middle - half > end + 6);
    if (row < 0) row = 2;
    rows[row] = middle + half;
    const above = 12 + row * 15;
    svg.append(
      draw("line", { class: "percentile", x1: at, x2: at, y1: above + 4, y2: area.bottom, "data-percentile": name, "data-value": value }),
      draw("text", { class: "percentile-name", x: middle, y: above, "text-anchor": "middle" }, text));
  }
  const frame = draw("rect", { class: "chosen", fill: "none" });
  svg.marks = {
    length: cells.length,
    at: (px) => cells.findIndex(({ left, w }) => px >= left && px < left + w + 1),
    show(i) {
      const { lower, upper, left, w, h } = cells[i];
      fill(frame, { x: left, y: area.bottom - h, width: w, height: h });
      svg.append(frame);
      const range = lower === upper ? exact(lower) : `${exact(lower)} – ${exact(upper)}`;
      return {
        x: left + w / 2, y: area.bottom - h, title: unit ? `${range} ${unit}` : range,
        lines: [["Values", exact(cells[i].count)], ["Share", percent(Number(cells[i].count) / Number(stats.count))]],
      };
    },
    hide() { frame.remove(); },
  };
  svg.again();
}

/** At most so many round values for an axis between two powers of two: of two where those are round, of ten elsewhere. */
function round(from, to, most, binary) {
  const base = binary ? 2 : 10;
  const [first, last] = [from, to].map((power) => (power * Math.LN2) / Math.log(base));
  const span = Math.max((last - first) / Math.max(most, 1), 1e-9);
  const parts = binary ? [1] : span < 0.3 ? [1, 2, 5] : span < 0.5 ? [1, 3] : [1];
  const step = parts.length > 1 ? 1 : Math.max(Math.ceil(span), 1);
  const all = [];
  for (let power = Math.max(Math.floor(first), 0); power <= last; power += step) {
    for (const part of parts) {
      const value = part * base ** power;
      if (Math.log2(value) >= from && Math.log2(value) <= to) all.push(value);
    }
  }
  return all;
}

const bucketTable = ({ stats, buckets }, unit) => {
  const figures = ["min", "mean", "stddev", "p50", "p75", "p90", "p95", "p99", "p999", "p9999", "max"];
  return table(["", unit || "value", "values"], [
    ...figures.map((name) => [name, exact(stats[name]), ""]),
    ...buckets.map(({ lower, upper, count }) => ["", lower === upper ? exact(lower) : `${exact(lower)} – ${exact(upper)}`, exact(count)]),
  ]);
};

/** Sizes of blocks, of one allocator at a time: by default of the one that has counted most. */
function sizes(allocators, chosen) {
  const section = $("#sizes");
  const counted = allocators.filter((entry) => entry.stats.sizes && entry.stats.size_buckets.length > 0);
  section.hidden = counted.length === 0;
  $(".choice", section).hidden = counted.length < 2;
  if (section.hidden) return;
  const most = counted.reduce((a, b) => (Number(b.stats.sizes.count) > Number(a.stats.sizes.count) ? b : a));
  const entry = counted.find(({ id }) => String(id) === chosen) ?? most;
  const select = $("select", section);
  const options = counted.map(({ id, name }) => [String(id), name]);
  if (select.known !== JSON.stringify(options)) {
    select.known = JSON.stringify(options);
    select.replaceChildren(...options.map(([value, name]) => make("option", { value }, name)));
  }
  select.value = String(entry.id);
  const shape = { stats: entry.stats.sizes, buckets: entry.stats.size_buckets };
  histogram($(".chart", section), 300, `Sizes of blocks of ${entry.name}`, "bytes", shape);
  const { count: all, mean, max } = shape.stats;
  $(".note", section).replaceChildren(
    ...(counted.length < 2 ? [make("span", { class: "name" }, `${entry.name}: `)] : []),
    number(count, all), " blocks, ", number(bytes, mean, " bytes"), " on average, ", number(bytes, max, " bytes"), " at most.");
  asTable($("details", section), () => bucketTable(shape, "bytes"));
}

/** All histograms that were registered. */
function histograms(entries) {
  const section = $("#histograms");
  const shown = entries.filter((entry) => entry.buckets.length > 0);
  section.hidden = shown.length === 0;
  const place = $(".multiples", section);
  while (place.children.length > shown.length) place.lastChild.remove();
  // All of them first: how many there are says how wide each is.
  while (place.children.length < shown.length) {
    place.append(make("figure", {}, make("h3"), make("figcaption"), make("div", { class: "chart" }),
      make("details", {}, make("summary", {}, "As a table"))));
  }
  shown.forEach((entry, i) => {
    const figure = place.children[i];
    const { stats, name, unit } = entry;
    $("h3", figure).textContent = name;
    const of = (value) => number(inUnit(unit).long, value, ` ${unit}`);
    $("figcaption", figure).replaceChildren(number(count, stats.count), " values, ", of(stats.mean), " on average, ", of(stats.max), " at most");
    histogram($(".chart", figure), 230, name, unit, entry);
    asTable($("details", figure), () => bucketTable(entry, unit));
  });
}

/** One bar in a list: a part of a whole, and a mark at another part. */
function row(name, text, part, { value, mark, over, label }) {
  const svg = draw("svg", { role: "img", "aria-label": label, viewBox: "0 0 1000 8", preserveAspectRatio: "none" },
    draw("rect", { class: "track", width: 1000, height: 8 }),
    draw("rect", { class: over ? "fill over" : "fill", width: (Math.min(part, 1) * 1000).toFixed(1), height: 8, "data-value": value }));
  if (mark) svg.append(draw("rect", { class: "tick", x: Math.min(mark * 1000, 996).toFixed(1), width: 3, height: 8 }));
  return make("li", {}, make("div", { class: "label" }, make("b", { title: name }, name), text), svg);
}

/** So many bars in a list; the others are in the table. */
const BARS = 10;

function list(section, rows, none, sorted) {
  const place = $(".content", section);
  if (rows.length === 0) return place.replaceChildren(empty(none));
  const left = rows.length - BARS;
  place.replaceChildren(make("ul", { class: "rows" }, ...rows.slice(0, BARS)),
    ...(left > 0 ? [make("p", { class: "note" }, `The ${BARS} ${sorted}; ${exact(left)} more in the table.`)] : []));
}

function ratios(allocators) {
  const rows = allocators
    .filter(({ stats }) => stats.hits !== null && stats.misses !== null && Number(stats.hits) + Number(stats.misses) > 0)
    .map((entry) => ({ entry, all: Number(entry.stats.hits) + Number(entry.stats.misses) }))
    .sort((a, b) => b.all - a.all)
    .map(({ entry: { name, stats }, all }) => {
      const ratio = Number(stats.hits) / all;
      const text = make("span", { title: `${exact(stats.hits)} hits, ${exact(stats.misses)} misses` }, `${percent(ratio)} of ${count(all)}`);
      return row(name, text, ratio, { value: ratio, label: `${name}: ${percent(ratio)} of ${exact(all)} look-ups were hits` });
    });
  list($("#ratios"), rows, "No look-ups in caches or pools.", "with most look-ups");
}

function limits(allocators) {
  const rows = allocators
    .filter(({ stats }) => stats.capacity !== null && Number(stats.capacity) > 0)
    .map((entry) => ({ entry, part: Number(entry.stats.in_use) / Number(entry.stats.capacity) }))
    .sort((a, b) => (b.entry.kind === "budget") - (a.entry.kind === "budget") || b.part - a.part)
    .map(({ entry: { name, stats }, part }) => {
      const text = make("span", { title: `${exact(stats.in_use)} of ${exact(stats.capacity)} bytes, ${exact(stats.peak)} at most` },
        `${bytes(stats.in_use)} of ${bytes(stats.capacity)}`);
      const label = `${name}: ${bytes(stats.in_use)} of ${bytes(stats.capacity)} in use, ${bytes(stats.peak)} at most`;
      const mark = Number(stats.peak) / Number(stats.capacity);
      return row(name, text, part, { value: stats.in_use, mark, over: part >= 0.9, label });
    });
  list($("#limits"), rows, "Nothing has a limit.", "nearest to their limit");
}

function rates(performance) {
  const windows = [["one", "1 min"], ["five", "5 min"], ["fifteen", "15 min"], ["mean", "overall"]];
  const line = (name, rate, short, unit) => {
    const most = Math.max(...windows.map(([key]) => rate[key]), Number.MIN_VALUE);
    return make("tr", {}, make("th", { scope: "row" }, name), ...windows.map(([key]) => make("td", {},
      number(short, rate[key], unit),
      draw("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
        draw("rect", { class: "track", width: 100, height: 4 }),
        draw("rect", { class: "fill", width: ((rate[key] / most) * 100).toFixed(1), height: 4 })))));
  };
  $("#rates .content").replaceChildren(
    make("table", { class: "rates" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "per second"), ...windows.map(([, head]) => make("th", { scope: "col" }, head)))),
      make("tbody", {},
        line("Allocations", performance.allocations, (value) => count(value < 100 ? value : Math.round(value)), " allocations a second"),
        line("Bytes", performance.bytes, bytes, " bytes a second"))),
    make("p", { class: "note" }, "In use, moving average: ", number(bytes, performance.average_in_use, " bytes")));
}
