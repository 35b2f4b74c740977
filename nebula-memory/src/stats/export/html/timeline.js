// Bytes in use over time: a band for each allocator that has much, one above the other, all of them together, and the peak.

function timeline(history) {
  const section = $("#timeline");
  const moments = history.elapsed.length;
  const bands = history.bands.map((band) => ({ ...band, colour: colours.fill(band.id) }));
  if (history.others) {
    const { allocators, in_use } = history.others;
    bands.push({ id: "others", name: `${exact(allocators)} others`, in_use, colour: "var(--rest)" });
  }
  const last = moments - 1;
  const label = `Bytes in use over ${duration(history.elapsed[last] - history.elapsed[0])}: `
    + `${bytes(history.in_use[last])} now, ${bytes(history.peak[last])} at most.`;
  const nothing = history.peak.every((value) => Number(value) === 0);
  for (const part of [".legend", "details"]) $(part, section).hidden = nothing;
  if (nothing) {
    $(".chart", section).replaceChildren(empty("No bytes have been in use."));
    $(".note", section).textContent = "";
    return;
  }
  const { svg, width, height } = canvas($(".chart", section), innerWidth < 600 ? 220 : 300, label);
  const most = Math.max(...history.peak.map(Number), ...history.in_use.map(Number), 1);
  const steps = ticks(most, innerWidth < 600 ? 3 : 5, 1024);
  const top = steps.at(-1) || 1;
  const area = { left: 16 + 7 * Math.max(...steps.map((step) => bytes(step).length)), right: width - 14, top: 10, bottom: height - 26 };
  const [from, to] = [history.elapsed[0], history.elapsed[last]];
  const y = (value) => area.bottom - (Number(value) / top) * (area.bottom - area.top);
  // One moment is a column.
  const middle = (area.left + area.right) / 2;
  const x = (i) => (to > from
    ? area.left + ((history.elapsed[i] - from) / (to - from)) * (area.right - area.left)
    : middle);
  const xs = moments === 1 ? [middle - 28, middle + 28] : history.elapsed.map((_, i) => x(i));
  const spread = (values) => (moments === 1 ? [values[0], values[0]] : values);
  const points = (values) => spread(values).map((value, i) => `${xs[i].toFixed(1)} ${y(value).toFixed(1)}`);

  for (const step of steps) {
    const at = y(step);
    svg.append(
      draw("line", { class: step ? "grid" : "base", x1: area.left, x2: area.right, y1: at, y2: at }),
      draw("text", { x: area.left - 8, y: at + 4, "text-anchor": "end" }, bytes(step)));
  }
  const wanted = Math.max(Math.floor((area.right - area.left) / 120), 2);
  if (moments === 1) {
    svg.append(draw("text", { x: middle, y: height - 8, "text-anchor": "middle" }, duration(to)));
  } else {
    for (const moment of times(from, to, wanted)) {
      const at = area.left + ((moment - from) / (to - from)) * (area.right - area.left);
      const anchor = at > area.right - 24 ? "end" : at < area.left + 24 ? "start" : "middle";
      svg.append(draw("text", { x: at, y: height - 8, "text-anchor": anchor }, duration(moment)));
    }
  }
  const below = new Array(moments).fill(0);
  for (const band of bands) {
    const lower = points(below).reverse();
    band.in_use.forEach((value, i) => { below[i] += Number(value); });
    const d = `M${points(below).join("L")}L${lower.join("L")}Z`;
    svg.append(draw("path", { class: "area", d, fill: band.colour, "data-band": band.id, "data-value": band.in_use.join(" ") }));
  }
  svg.append(
    draw("path", { class: "peak", d: `M${points(history.peak).join("L")}`, "data-value": history.peak.join(" ") }),
    draw("path", { class: "total", d: `M${points(history.in_use).join("L")}`, "data-value": history.in_use.join(" ") }));

  const cursor = draw("line", { class: "cursor", y1: area.top, y2: area.bottom });
  const dot = draw("circle", { class: "dot", r: 3.5 });
  svg.marks = {
    length: moments,
    at(px) {
      let near = 0;
      for (let i = 1; i < moments; i += 1) if (Math.abs(x(i) - px) < Math.abs(x(near) - px)) near = i;
      return near;
    },
    show(i) {
      fill(cursor, { x1: x(i), x2: x(i) });
      fill(dot, { cx: x(i), cy: y(history.in_use[i]) });
      svg.append(cursor, dot);
      const lines = [["In use", bytes(history.in_use[i])], ["Peak", bytes(history.peak[i])]];
      for (const band of [...bands].reverse()) lines.push([band.name, bytes(band.in_use[i]), band.colour]);
      return { x: x(i), y: y(history.in_use[i]), title: duration(history.elapsed[i]), lines };
    },
    hide() { cursor.remove(); dot.remove(); },
  };
  svg.again();

  const item = (mark, name, value) => make("li", {}, mark, make("b", { title: name }, name), number(bytes, value, " bytes"));
  $(".legend", section).replaceChildren(
    item(swatch(null, "stroke"), "All in use", history.in_use[last]),
    item(swatch(null, "stroke dashed"), "Peak", history.peak[last]),
    ...[...bands].reverse().map((band) => item(swatch(band.colour), band.name, band.in_use[last])));
  $(".note", section).textContent = moments === 1
    ? "A single snapshot. Snapshots that are kept make a time line."
    : moments < history.kept
      ? `${exact(moments)} of ${exact(history.kept)} snapshots are drawn: the lowest and the highest of each interval.`
      : "";
  asTable($("details", section), () => table(
    ["Time", "In use", "Peak", ...bands.map((band) => band.name)],
    history.elapsed.map((moment, i) => [
      duration(moment), number(bytes, history.in_use[i], " bytes"), number(bytes, history.peak[i], " bytes"),
      ...bands.map((band) => number(bytes, band.in_use[i], " bytes")),
    ])));
}

/** Round moments between two. */
function times(from, to, wanted) {
  const rough = (to - from) / wanted;
  const round = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = rough < 0.5
    ? [1, 2, 5, 10].find((factor) => factor * power >= rough) * power
    : round.find((length) => length >= rough) ?? Math.ceil(rough / 86400) * 86400;
  const all = [];
  for (let i = Math.ceil(from / step); i * step <= to; i += 1) all.push(i * step);
  return all;
}
