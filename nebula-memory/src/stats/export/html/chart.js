// What all charts are made of: elements, colours, and a way to look closer with a pointer or with the keyboard.

const $ = (selector, within = document) => within.querySelector(selector);

function make(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function draw(name, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** Text is always text here, whatever it looks like. */
function fill(element, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number in few digits, with all of them in its title. */
const number = (short, value, unit = "") =>
  make("span", { title: `${exact(value)}${unit}`, "data-value": value }, short(value));

/** Allocators that have a band in the time line keep their colour as long as they have one, everywhere. */
const colours = {
  of: new Map(),
  assign(ids) {
    for (const id of this.of.keys()) if (!ids.includes(id)) this.of.delete(id);
    const used = new Set(this.of.values());
    const free = [1, 2, 3, 4, 5, 6, 7, 8].filter((slot) => !used.has(slot));
    for (const id of ids) if (!this.of.has(id)) this.of.set(id, free.shift());
  },
  fill(id) { return this.of.has(id) ? `var(--c${this.of.get(id)})` : "var(--rest)"; },
  text(id) { return this.of.has(id) ? `var(--t${this.of.get(id)})` : "var(--trest)"; },
};

const swatch = (colour, kind = "") => {
  const box = make("i", { class: `swatch ${kind}`, "aria-hidden": "true" });
  if (colour) box.style.background = colour;
  return box;
};

const empty = (text) => make("p", { class: "empty" }, text);

/** The drawing in `place`, made anew in the size that there is; the element stays, and with it the focus. */
function canvas(place, height, label) {
  const width = Math.max(Math.floor(place.clientWidth), 160);
  let svg = $("svg", place);
  if (!svg) {
    svg = draw("svg", { role: "img", tabindex: "0" });
    place.replaceChildren(svg);
    explore(svg);
  }
  svg.replaceChildren();
  fill(svg, { viewBox: `0 0 ${width} ${height}`, "aria-label": label });
  return { svg, width, height };
}

/**
 * Lets the reader go through the marks of a drawing: `svg.marks` says how many there are (`length`), which is at a point
 * (`at(x, y)`), and marks one and says what it is (`show(i)`, which gives its place and lines of text).
 */
function explore(svg) {
  let chosen = -1;
  const show = (i) => {
    const { marks } = svg;
    if (!marks || i < 0 || i >= marks.length) return leave();
    chosen = i;
    const { x, y, title, lines } = marks.show(i);
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    tell(title, lines, box.left + x * scale, box.top + y * scale);
  };
  const leave = () => {
    if (chosen < 0) return;
    chosen = -1;
    svg.marks?.hide();
    $("#tip").hidden = true;
  };
  const point = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    show(svg.marks ? svg.marks.at((event.clientX - box.left) / scale, (event.clientY - box.top) / scale) : -1);
  };
  svg.addEventListener("pointermove", point);
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointerleave", leave);
  svg.addEventListener("blur", leave);
  svg.addEventListener("keydown", (event) => {
    const last = (svg.marks?.length ?? 0) - 1;
    const to = {
      ArrowRight: chosen + 1, ArrowDown: chosen + 1, ArrowLeft: chosen < 0 ? last : chosen - 1,
      ArrowUp: chosen < 0 ? last : chosen - 1, Home: 0, End: last,
    }[event.key];
    if (event.key === "Escape") leave();
    if (to === undefined || last < 0) return;
    event.preventDefault();
    show(Math.min(Math.max(to, 0), last));
  });
  svg.again = () => (chosen >= 0 ? show(chosen) : undefined);
}

/** Shows a box with text at a place in the window, on that side of it where there is room. */
function tell(title, lines, x, y) {
  const tip = $("#tip");
  const line = ([name, value, colour]) => make("div", {},
    make("span", {}, ...(colour ? [swatch(colour)] : []), name), make("span", {}, value));
  tip.replaceChildren(make("strong", {}, title), ...lines.map(line));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 14 + width < innerWidth - 8 ? x + 14 : x - 14 - width;
  const top = y - height - 10 > 8 ? y - height - 10 : y + 14;
  tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, Math.min(top, innerHeight - height - 8))}px)`;
}

/** The numbers of a chart as a table, which is made when it is opened. */
function asTable(details, build) {
  details.table = () => {
    const region = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The numbers of the chart" });
    region.append(build());
    details.replaceChildren($("summary", details), region);
  };
  if (!details.ontoggle) details.ontoggle = () => details.open && details.table();
  if (details.open) {
    const top = $(".scroll", details)?.scrollTop ?? 0;
    details.table();
    $(".scroll", details).scrollTop = top;
  }
}

function table(heads, rows) {
  return make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, cell))))));
}
