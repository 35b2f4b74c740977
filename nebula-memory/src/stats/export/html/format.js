// Numbers for people. Those that do not fit a double are strings in the data, so that titles are exact.

/** JSON, its large integers as strings. */
function parse(text) {
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  return JSON.parse(text.replace(token, (found) => (/^-?\d{16,}$/.test(found) ? `"${found}"` : found)));
}

/** All digits, in groups. */
function exact(value) {
  if (typeof value === "string" || Number.isInteger(value)) return BigInt(value).toLocaleString("en");
  return value.toLocaleString("en", { maximumFractionDigits: 3 });
}

/** Three digits or so, and a unit. */
function scaled(value, base, units) {
  let rest = Number(value);
  let unit = 0;
  while (rest >= base - 0.5 && unit < units.length - 1) {
    rest /= base;
    unit += 1;
  }
  const digits = rest >= 99.95 || (unit === 0 && Number.isInteger(rest)) ? 0 : rest >= 9.995 ? 1 : 2;
  const number = rest.toLocaleString("en", { maximumFractionDigits: digits });
  return units[unit] ? `${number}\u00a0${units[unit]}` : number;
}

const bytes = (value) => scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]);
const count = (value) => (Number(value) < 10000 && Number.isInteger(Number(value))
  ? exact(value)
  : scaled(value, 1000, ["", "k", "M", "G", "T", "P", "E"]));
const percent = (ratio) => `${(ratio * 100).toLocaleString("en", { maximumFractionDigits: ratio > 0.99 ? 2 : 1 })}\u00a0%`;

const SECONDS = {
  ns: 1e-9, nanosecond: 1e-9, us: 1e-6, "µs": 1e-6, "μs": 1e-6, microsecond: 1e-6,
  ms: 1e-3, millisecond: 1e-3, s: 1, sec: 1, second: 1,
};

/** A duration, given in seconds. */
function duration(seconds) {
  if (seconds < 1) {
    for (const [factor, unit] of [[1e-6, "ns"], [1e-3, "µs"], [1, "ms"]]) {
      if (seconds < factor * 0.9995) return `${scaled(seconds / (factor / 1000), Infinity, [""])}\u00a0${unit}`;
    }
  }
  if (seconds < 60) return `${scaled(seconds, Infinity, [""])}\u00a0s`;
  const whole = Math.round(seconds);
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([length]) => whole >= length);
  const two = parts.slice(first, first + 2).map(([length, unit], i) => {
    const n = Math.floor((i === 0 ? whole : whole % parts[first][0]) / length);
    return n > 0 || i === 0 ? `${n}\u00a0${unit}` : "";
  });
  return two.join(" ").trim();
}

/** How values of a unit are written; `short`, where the unit is known: on an axis. */
function inUnit(unit) {
  const name = unit.trim().toLowerCase();
  if (name === "bytes" || name === "byte" || name === "b") return { short: bytes, long: bytes };
  const seconds = SECONDS[name] ?? SECONDS[name.replace(/s$/, "")];
  if (seconds) {
    const write = (value) => duration(Number(value) * seconds);
    return { short: write, long: write };
  }
  return { short: count, long: (value) => (unit ? `${count(value)}\u00a0${unit}` : count(value)) };
}

/** Steps of an axis from zero: 1, 2 or 5 of a power of ten, of the unit that fits. */
function ticks(most, wanted, base) {
  if (!(most > 0)) return [0];
  const unit = base === 1024 ? 1024 ** Math.floor(Math.log2(Math.max(most, 1)) / 10) : 1;
  const rough = most / unit / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].find((times) => times * power >= rough * 0.7) * power * unit;
  step = Math.max(step, 1);
  const all = [];
  for (let at = 0; at < most + step * 0.999; at += step) all.push(at);
  return all;
}
