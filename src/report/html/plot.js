"use strict";
// From a group's data and a span of time to what the plot library draws. Nothing here touches the page.

const MINUTE = 60000;

// A packed column as numbers; NaN where a sample is not known.
function unpack(packed) {
  const values = new Float64Array(packed.d.length);
  let units = 0;
  packed.d.forEach((step, i) => {
    if (step === null) { values[i] = NaN; } else { units += step; values[i] = units * packed.unit; }
  });
  return values;
}

// Indices of [from, to), at most two for each bucket: the least and the greatest of its values, so
// that no extreme is lost however far one zooms out. All of them where they fit.
function decimate(values, from, to, buckets) {
  const all = [];
  const count = to - from;
  if (count <= 2 * buckets) {
    for (let i = from; i < to; i++) { all.push(i); }
    return all;
  }
  for (let b = 0; b < buckets; b++) {
    const first = from + Math.floor(count * b / buckets);
    const end = from + Math.floor(count * (b + 1) / buckets);
    let low = first, high = first;
    for (let i = first; i < end; i++) {
      if (values[i] < values[low] || values[low] !== values[low]) { low = i; }
      if (values[i] > values[high] || values[high] !== values[high]) { high = i; }
    }
    all.push(Math.min(low, high));
    if (low !== high) { all.push(Math.max(low, high)); }
  }
  return all;
}

// The number of items at the front whose `t` is at most `t`.
function place(count, at, t) {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= t) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

// The columns of a group, unpacked once.
function prepare(page, group) {
  const minute = Math.floor(page.start / MINUTE) * MINUTE;
  const ready = {
    count: Math.ceil((page.end - minute) / MINUTE),
    at: (i) => (i === 0 ? page.start : minute + i * MINUTE),
    sizes: {},
    metrics: group.metrics.map((m) => ({ name: m.name, unit: m.unit, values: unpack(m.values) })),
    recorded: group.recorded && unpack(group.recorded),
  };
  if (group.load) {
    const offered = unpack(group.load.offered), capacity = unpack(group.load.capacity);
    const short = offered.map((o, i) => Math.max(0, o - capacity[i]));
    Object.assign(ready, { offered, capacity, short });
  }
  for (const [name, column] of Object.entries(group.sizes)) { ready.sizes[name] = unpack(column); }
  return ready;
}

// What every plot shows at an instant, in words: lines themselves leave the pointer to the marks on them.
function reading(ready, t) {
  const i = Math.max(0, place(ready.count, ready.at, t) - 1), row = place(ready.sizes.t.length, (n) => ready.sizes.t[n], t) - 1;
  const short = (value) => (value === value ? String(Number(value.toPrecision(4))) : "unknown"), said = [];
  if (ready.offered) { said.push(`offered ${short(ready.offered[i])}`, `capacity ${short(ready.capacity[i])}`); }
  ready.metrics.forEach((m) => said.push(`${m.name} ${short(m.values[i])} ${m.unit}`));
  if (row >= 0) {
    const { desired, members, in_service, min, max } = ready.sizes;
    said.push(`desired ${desired[row]}`, `members ${members[row]}`, `in service ${in_service[row]}`, `min ${min[row]}`, `max ${max[row]}`);
  }
  if (ready.recorded) { said.push(`recorded ${short(ready.recorded[i])}`); }
  return said.join("  ·  ");
}

const REFUSED = ["busy", "cooldown", "suspended", "failed"];
const LOOKS = {
  good: { word: "done", sign: "✓", pattern: "" },
  partly: { word: "in part, or timed out", sign: "◐", pattern: "/" },
  bad: { word: "failed, or broken", sign: "✕", pattern: "x" },
  open: { word: "not over", sign: "…", pattern: "." },
  waiting: { word: "waiting", sign: "◷", pattern: "-" },
  plain: { word: "event", sign: "•", pattern: "" },
};

// A drawing of one group between two instants. `view` has from, to (ms), pixels, and colours; times
// on the axis are civil ones, so that the library, which knows only UTC, writes the right clock.
class Drawing {
  constructor(page, group, ready, view) {
    Object.assign(this, { page, group, ready, view, traces: [], axes: {}, shapes: [], notes: [] });
    this.buckets = Math.max(100, Math.round(view.pixels));
    this.first = Math.max(0, place(ready.count, ready.at, view.from) - 1);
    this.last = Math.min(ready.count, place(ready.count, ready.at, view.to) + 1);
  }

  civil(t) { return t + this.page.offset_ms; }

  // A line of samples, each holding until the next; straight between them where some are left out.
  samples(values, axis, style, indices) {
    const shown = indices || decimate(values, this.first, this.last, this.buckets);
    const whole = shown.length === this.last - this.first;
    const x = shown.map((i) => this.civil(this.ready.at(i)));
    const y = shown.map((i) => (values[i] === values[i] ? values[i] : null));
    if (whole && shown.length) { x.push(this.civil(Math.min(this.ready.at(this.last), this.page.end))); y.push(y[y.length - 1]); }
    this.traces.push({ type: "scatter", mode: "lines", x, y, yaxis: axis, connectgaps: false, hoverinfo: "skip", ...style,
      line: { shape: whole ? "hv" : "linear", width: 1.5, ...style.line } });
  }

  load(axis) {
    const { ready, view } = this, c = view.colours;
    // Where most is missing, beside the extremes of the load itself.
    const both = decimate(ready.offered, this.first, this.last, this.buckets)
      .concat(decimate(ready.short, this.first, this.last, this.buckets));
    const indices = [...new Set(both)].sort((a, b) => a - b);
    const floor = ready.offered.length ? ready.short.map((s, i) => ready.offered[i] - s) : [];
    const hidden = { showlegend: false, line: { width: 0 } };
    this.samples(floor, axis, hidden, indices);
    this.samples(ready.offered, axis, { name: "shortfall", line: { width: 0 }, fill: "tonexty",
      fillcolor: c.short, fillpattern: { shape: "/", fgcolor: c.short, bgcolor: c.shortBack, size: 5, solidity: .35 } }, indices);
    this.samples(ready.capacity, axis, { name: "capacity in service", line: { color: c.capacity, width: 2 } });
    this.samples(ready.offered, axis, { name: "offered load", line: { color: c.load } });
  }

  metric(metric, axis) {
    const c = this.view.colours;
    this.samples(metric.values, axis, { name: metric.name, line: { color: c.metric } });
    this.group.policies.forEach((policy) => {
      if (policy.metric !== metric.name) { return; }
      const up = policy.sign.startsWith(">"), colour = up ? c.above : c.below;
      this.shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: axis, y0: policy.threshold, y1: policy.threshold,
        line: { color: colour, width: 1.5, dash: up ? "dash" : "dot" } });
      this.notes.push({ xref: "paper", x: 1, xanchor: "right", yref: axis, y: policy.threshold, yanchor: up ? "bottom" : "top",
        text: `${escaped(policy.name)} ${escaped(policy.sign)} ${policy.threshold}${this.view.narrow ? "" : `, ${policy.repeat} in a row`}`, showarrow: false,
        font: { size: 11, color: colour }, });
    });
    this.marks(metric, axis);
  }

  // Triggers on the metric they saw. Alike ones on the same few pixels are one mark that counts them.
  marks(metric, axis) {
    const c = this.view.colours, step = (this.view.to - this.view.from) / Math.max(1, this.view.pixels / 9);
    const kinds = {
      more: { name: "accepted, more", symbol: "triangle-up", color: c.good, size: 11 },
      less: { name: "accepted, less", symbol: "triangle-down", color: c.plain, size: 11 },
      none: { name: "no change", symbol: "circle-open", color: c.faint, size: 8 },
      refused: { name: "refused", symbol: "x", color: c.bad, size: 9 },
    };
    const found = { more: [], less: [], none: [], refused: [] }, slots = {};
    for (const d of this.group.decisions) {
      const policy = this.group.policies[d.policy];
      if (d.to === null || !policy || policy.metric !== metric.name || d.t < this.view.from || d.t > this.view.to) { continue; }
      const kind = d.outcome === "accepted" ? (d.to > d.from ? "more" : "less") : REFUSED.includes(d.outcome) ? "refused" : "none";
      const slot = Math.floor(d.t / step), last = found[kind][found[kind].length - 1];
      if (last && slots[kind] === slot) { last.count += 1; continue; }
      slots[kind] = slot;
      found[kind].push({ t: d.t, y: d.value, why: d.why, count: 1 });
    }
    for (const [kind, list] of Object.entries(found)) {
      if (!list.length) { continue; }
      const { name, symbol, color, size } = kinds[kind];
      const spots = { type: "scatter", name, yaxis: axis, x: list.map((m) => this.civil(m.t)), y: list.map((m) => m.y) };
      const open = symbol.endsWith("open");
      this.traces.push({ ...spots, mode: "markers", cliponaxis: false, showlegend: !this.traces.some((t) => t.name === name),
        marker: { symbol, color, size, line: { color: open ? color : c.paper, width: open ? 1.5 : 1 } }, hoverlabel: { align: "left" },
        text: list.map((m) => wrapped(m.why, this.view.narrow ? 34 : 64) + (m.count > 1 ? `<br>and ${m.count - 1} more close by` : "")),
        hovertemplate: `<b>${name}</b><br>%{text}<extra></extra>` });
    }
  }

  sizes(axis) {
    const { ready, view } = this, c = view.colours, t = ready.sizes.t;
    const from = Math.max(0, place(t.length, (i) => t[i], view.from) - 1), to = place(t.length, (i) => t[i], view.to);
    const lines = [
      ["min", { color: c.faint, width: 1, dash: "dot" }], ["max", { color: c.faint, width: 1, dash: "dashdot" }],
      ["members", { color: c.members, width: 1.5, dash: "dot" }], ["desired", { color: c.desired, width: 2, dash: "dash" }],
      ["in_service", { color: c.service, width: 2 }],
    ];
    for (const [name, line] of lines) {
      const values = ready.sizes[name], shown = decimate(values, from, to, this.buckets);
      const x = shown.map((i) => this.civil(Math.max(t[i], view.from))), y = shown.map((i) => values[i]);
      if (to > 0) { x.push(this.civil(Math.min(view.to, this.page.end))); y.push(values[to - 1]); }
      const label = name.replace("_", " ");
      this.traces.push({ type: "scatter", mode: "lines", x, y, yaxis: axis, name: label, hoverinfo: "skip", line: { shape: "hv", ...line } });
    }
    if (ready.recorded) {
      this.samples(ready.recorded, axis, { name: "recorded", line: { color: c.plain, dash: "longdash" } });
    }
  }

  // Bands, those of one lane that are nearer than a pixel taken together.
  lanes(axis) {
    const { view } = this, pixel = (view.to - view.from) / view.pixels, least = 4 * pixel, looks = {};
    this.group.lanes.forEach((lane, row) => {
      let open = null;
      for (const [from, to, look, text] of lane.items) {
        if (to < view.from || from > view.to) { continue; }
        if (open && open.look === look && from - open.to < pixel && to - open.from < 12 * pixel) {
          open.to = Math.max(open.to, to);
          open.count += 1;
          continue;
        }
        open = { row, from, to, look, text, count: 1 };
        (looks[look] ||= []).push(open);
      }
    });
    for (const [look, bands] of Object.entries(looks)) {
      const { word, pattern } = LOOKS[look], colour = view.colours[look];
      this.traces.push({ type: "bar", orientation: "h", yaxis: axis, name: word, showlegend: false, width: .72,
        y: bands.map((b) => b.row), base: bands.map((b) => this.civil(b.from)), x: bands.map((b) => Math.max(least, b.to - b.from)),
        marker: { color: colour, line: { color: colour, width: .5 }, pattern: { shape: pattern, fillmode: "overlay", fgcolor: view.colours.paper, size: 5, solidity: .25 } },
        text: bands.map((b) => wrapped(b.text, view.narrow ? 34 : 64) + (b.count > 1 ? `<br>and ${b.count - 1} more close by` : "")),
        textposition: "none", customdata: bands.map((b) => clock(this.civil(b.from)) + (b.to > b.from ? " to " + clock(this.civil(b.to)) : "")),
        hovertemplate: `%{customdata}<br>%{text}<extra></extra>` });
    }
  }

  // Everything, one plot below the other, on one axis of time.
  figure() {
    const { ready, group, view } = this, c = view.colours, rows = [];
    if (group.load) { rows.push({ title: "load", share: 220, draw: (axis) => this.load(axis), zero: true }); }
    for (const metric of ready.metrics) {
      rows.push({ title: `${metric.name}, ${metric.unit}`, share: 170, draw: (axis) => this.metric(metric, axis), zero: true });
    }
    rows.push({ title: "instances", share: 170, draw: (axis) => this.sizes(axis), zero: true });
    if (group.lanes.length) { rows.push({ share: 16 + 24 * group.lanes.length, draw: (axis) => this.lanes(axis), lanes: true }); }
    const gap = 26, sum = rows.reduce((all, row) => all + row.share + gap, -gap);
    let top = 1;
    const grid = { gridcolor: c.grid, linecolor: c.rule, zeroline: false, automargin: false, tickfont: { color: c.faint, size: 11 } };
    rows.forEach((row, i) => {
      const key = i ? `yaxis${i + 1}` : "yaxis", axis = i ? `y${i + 1}` : "y", bottom = Math.max(0, top - row.share / sum);
      this.axes[key] = { ...grid, domain: [bottom, top], anchor: "x", fixedrange: true, rangemode: row.zero ? "tozero" : "normal", nticks: 6 };
      if (row.title) {
        this.notes.push({ text: `<b>${row.title}</b>`, xref: "paper", yref: "paper", x: 0, y: top, xanchor: "left", yanchor: "bottom", showarrow: false, font: { size: 12, color: c.ink } });
      }
      if (row.lanes) {
        Object.assign(this.axes[key], { tickvals: group.lanes.map((_, n) => n), ticktext: group.lanes.map((l) => (view.narrow ? l.name.split(",")[0].slice(0, 11) : l.name)),
          range: [group.lanes.length - .5, -.5], showgrid: false });
      }
      row.draw(axis);
      top = bottom - gap / sum;
    });
    const margin = { l: view.narrow ? 72 : 104, r: 14, t: view.narrow ? 172 : 64, b: 36 };
    const layout = {
      ...this.axes, shapes: this.shapes, annotations: this.notes, margin, height: sum + margin.t + margin.b,
      xaxis: { ...grid, type: "date", range: [this.civil(view.from), this.civil(view.to)], anchor: rows.length > 1 ? `y${rows.length}` : "y" },
      barmode: "overlay", paper_bgcolor: c.paper, plot_bgcolor: c.paper, font: { color: c.ink, family: "system-ui, sans-serif", size: 12 },
      legend: { orientation: "h", traceorder: "normal", x: 0, ...(view.narrow ? { xref: "container", entrywidth: 110 } : {}), y: 1 + 22 / sum, yanchor: "bottom", font: { size: 11 }, itemclick: "toggle" },
      hovermode: "closest", hoverdistance: 24, dragmode: view.touch ? false : "zoom", hoverlabel: { bgcolor: c.panel, bordercolor: c.faint, font: { color: c.ink, size: 12 } },
    };
    return { data: this.traces, layout };
  }
}

// A text on lines of about `width` characters; the library reads a little markup, so names must not be any.
function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= width) { lines.push(word); } else { lines[lines.length - 1] = last ? last + " " + word : word; }
  }
  return lines.map(escaped).join("<br>");
}

function escaped(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

// Civil milliseconds as a person reads them.
function clock(civil) { return new Date(civil).toISOString().slice(0, 19).replace("T", " "); }
