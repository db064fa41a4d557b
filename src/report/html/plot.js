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

// What the plots of a run show at an instant, in words: lines themselves leave the pointer to the marks on them.
function reading({ ready, tag }, t) {
  const i = Math.max(0, place(ready.count, ready.at, t) - 1), row = place(ready.sizes.t.length, (n) => ready.sizes.t[n], t) - 1;
  const short = (value) => (value === value ? String(Number(value.toPrecision(4))) : "unknown"), said = [];
  if (ready.offered) { said.push(`offered ${short(ready.offered[i])}`, `capacity ${short(ready.capacity[i])}`); }
  ready.metrics.forEach((m) => said.push(`${m.name} ${short(m.values[i])} ${m.unit}`));
  if (row >= 0) {
    const { desired, members, in_service, min, max } = ready.sizes;
    said.push(`desired ${desired[row]}`, `members ${members[row]}`, `in service ${in_service[row]}`, `min ${min[row]}`, `max ${max[row]}`);
  }
  if (ready.recorded) { said.push(`recorded ${short(ready.recorded[i])}`); }
  return (tag ? tag + ":  " : "") + said.join("  ·  ");
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

// Names of lanes where there is little room.
const BRIEF = { "attach, detach": "attach", "terminate hook": "term. hook", "scheduled task": "task", "unhealthy, retry": "unhealthy", "cause, outage": "outage" };

const same = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

// A drawing of one group between two instants, in one run or in two, A and B, one over the other.
// `view` has from, to (ms), pixels, and colours; times on the axis are civil ones, so that the
// library, which knows only UTC, writes the right clock.
class Drawing {
  constructor(runs, view) {
    Object.assign(this, { view, traces: [], axes: {}, shapes: [], notes: [], both: runs.length > 1 });
    this.buckets = Math.max(100, Math.round(view.pixels));
    this.runs = runs.map((run) => {
      const { count, at } = run.ready, b = run.tag === "B";
      const side = run.tag ? { color: view.colours[b ? "b" : "a"], dash: b ? "dash" : "solid" } : {};
      return { ...run, b, side, first: Math.max(0, place(count, at, view.from) - 1), last: Math.min(count, place(count, at, view.to) + 1) };
    });
    this.offset = runs[0].page.offset_ms;
  }

  civil(t) { return t + this.offset; }

  named(run, name) { return run.tag ? `${name} ${run.tag}` : name; }

  // A line of samples, each holding until the next; straight between them where some are left out.
  samples(run, values, axis, style, indices) {
    const { ready, first, last } = run, shown = indices || decimate(values, first, last, this.buckets);
    const whole = shown.length === last - first;
    const x = shown.map((i) => this.civil(ready.at(i)));
    const y = shown.map((i) => (values[i] === values[i] ? values[i] : null));
    if (whole && shown.length) { x.push(this.civil(Math.min(ready.at(last), run.page.end))); y.push(y[y.length - 1]); }
    this.traces.push({ type: "scatter", mode: "lines", x, y, yaxis: axis, connectgaps: false, hoverinfo: "skip", ...style,
      line: { shape: whole ? "hv" : "linear", ...style.line, width: Math.min(style.line.width ?? 1.5, whole ? 9 : 1) } });
  }

  load(run, axis) {
    const { ready } = run, c = this.view.colours;
    if (!ready.offered) { return; }
    // Where most is missing, beside the extremes of the load itself.
    const both = decimate(ready.offered, run.first, run.last, this.buckets)
      .concat(decimate(ready.short, run.first, run.last, this.buckets));
    const indices = [...new Set(both)].sort((a, b) => a - b);
    const floor = ready.short.map((s, i) => ready.offered[i] - s);
    const hidden = { showlegend: false, line: { width: 0 } }, short = run.tag ? run.side.color : c.short;
    const missing = ready.short.some((value) => value > 0);
    if (missing) { this.samples(run, floor, axis, hidden, indices); }
    if (missing) { this.samples(run, ready.offered, axis, { name: this.named(run, "shortfall"), line: { width: 0 }, fill: "tonexty",
      fillcolor: short, fillpattern: { shape: run.b ? "\\" : "/", fgcolor: short, bgcolor: short + (run.tag ? "20" : "40"), size: 5, solidity: .35 } }, indices); }
    this.samples(run, ready.capacity, axis, { name: this.named(run, "capacity in service"), line: { color: c.capacity, width: 2, ...run.side } });
    // The load is mostly the same in both, and then one line.
    const other = this.runs[0].ready;
    if (run.b && other.offered && same(other.offered, ready.offered)) { return; }
    this.samples(run, ready.offered, axis, { name: run.b ? "offered load B" : "offered load", line: { color: run.tag ? c.ink : c.load, dash: run.b ? "dot" : "solid" } });
  }

  metric(name, axis) {
    const c = this.view.colours, rules = new Map();
    for (const run of this.runs) {
      const metric = run.ready.metrics.find((m) => m.name === name);
      if (!metric) { continue; }
      this.samples(run, metric.values, axis, { name: this.named(run, name), line: { color: c.metric, ...run.side } });
      for (const policy of run.group.policies.filter((p) => p.metric === name)) {
        const many = this.view.narrow ? "" : `, ${policy.repeat} in a row`, text = `${policy.name} ${policy.sign} ${policy.threshold}${many}`;
        const rule = rules.get(text) || { policy, text, tags: "" };
        rules.set(text, { ...rule, tags: rule.tags + run.tag });
      }
    }
    for (const run of this.runs) { this.marks(run, name, axis); }
    for (const { policy } of rules.values()) {
      const up = policy.sign.startsWith(">");
      this.shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, yref: axis, y0: policy.threshold, y1: policy.threshold,
        line: { color: up ? c.above : c.below, width: 1.5, dash: up ? "dash" : "dot" } });
    }
    return [...rules.values()].map(({ policy, text, tags }) => {
      const up = policy.sign.startsWith(">");
      return { text: `${up ? "╌" : "┈"} ${this.both && tags.length < 2 ? tags + " " : ""}${text}`, colour: up ? c.above : c.below };
    });
  }

  // Triggers on the metric they saw. Alike ones on the same few pixels are one mark that counts them.
  marks(run, metric, axis) {
    const { view } = this, c = view.colours, { policies } = run.group, step = (view.to - view.from) / Math.max(1, view.pixels / 9);
    const kinds = {
      more: { name: "accepted, more", symbol: "triangle-up", color: c.good, size: 11 },
      less: { name: "accepted, less", symbol: "triangle-down", color: c.plain, size: 11 },
      none: { name: "no change", symbol: "circle-open", color: c.faint, size: 8 },
      refused: { name: "refused", symbol: run.b ? "cross" : "x", color: c.bad, size: 9 },
    };
    const found = { more: [], less: [], none: [], refused: [] }, slots = {};
    for (const d of run.group.decisions) {
      const policy = policies[d.policy];
      if (d.to === null || !policy || policy.metric !== metric || d.t < view.from || d.t > view.to) { continue; }
      const kind = d.outcome === "accepted" ? (d.to > d.from ? "more" : "less") : REFUSED.includes(d.outcome) ? "refused" : "none";
      const slot = Math.floor(d.t / step), last = found[kind][found[kind].length - 1];
      if (last && slots[kind] === slot) { last.count += 1; continue; }
      slots[kind] = slot;
      found[kind].push({ t: d.t, y: d.value, why: d.why, count: 1 });
    }
    for (const [kind, list] of Object.entries(found)) {
      if (!list.length) { continue; }
      const { symbol, color, size } = kinds[kind], name = this.named(run, kinds[kind].name);
      const shape = run.b && !symbol.endsWith("open") ? symbol + "-open" : symbol, open = shape.endsWith("open");
      this.traces.push({ type: "scatter", name, yaxis: axis, x: list.map((m) => this.civil(m.t)), y: list.map((m) => m.y),
        mode: "markers", cliponaxis: false, hoverlabel: { align: "left" },
        marker: { symbol: shape, color, size, line: { color: open ? color : c.paper, width: open ? 1.5 : 1 } },
        text: list.map((m) => this.told(m.why, m.count)), hovertemplate: `<b>${name}</b><br>%{text}<extra></extra>` });
    }
  }

  told(text, count) { return wrapped(text, this.view.narrow ? 34 : 64) + (count > 1 ? `<br>and ${count - 1} more close by` : ""); }

  sizes(run, axis) {
    const { view, both } = this, { ready, side } = run, c = view.colours, t = ready.sizes.t, { color } = side;
    const from = Math.max(0, place(t.length, (i) => t[i], view.from) - 1), to = place(t.length, (i) => t[i], view.to);
    let lines = [
      ["min", { color: c.faint, width: 1, dash: "dot" }], ["max", { color: c.faint, width: 1, dash: "dashdot" }],
      ["members", { color: c.members, width: 1.5, dash: "dot" }], ["desired", { color: c.desired, width: 2, dash: "dash" }],
      ["in_service", { color: c.service, width: 2 }],
    ];
    if (both) { lines = lines.map(([name, line]) => [name, { ...line, color, ...(name === "in_service" ? side : { width: 1 }) }]); }
    for (const [name, line] of lines) {
      const values = ready.sizes[name], shown = decimate(values, from, to, this.buckets);
      const x = shown.map((i) => this.civil(Math.max(t[i], view.from))), y = shown.map((i) => values[i]);
      if (to > 0) { x.push(this.civil(Math.min(view.to, run.page.end))); y.push(values[to - 1]); }
      this.traces.push({ type: "scatter", mode: "lines", x, y, yaxis: axis, name: this.named(run, name.replace("_", " ")), hoverinfo: "skip", line: { shape: "hv", ...line } });
    }
    if (ready.recorded) {
      this.samples(run, ready.recorded, axis, { name: this.named(run, "recorded"), line: { color: c.plain, dash: "longdash" } });
    }
  }

  // The lanes of all runs, alike ones below each other.
  laneList() {
    const names = [...new Set(this.runs.flatMap((run) => run.group.lanes.map((lane) => lane.name)))];
    return names.flatMap((name) => this.runs.flatMap((run) => run.group.lanes.filter((lane) => lane.name === name)
      .map((lane) => ({ items: lane.items, label: (run.tag ? run.tag + " " : "") + (this.view.narrow ? BRIEF[name] || name : name) }))));
  }

  // Bands, those of one lane that are nearer than a pixel taken together.
  bands(lanes, axis) {
    const { view } = this, pixel = (view.to - view.from) / view.pixels, least = 4 * pixel, looks = {};
    lanes.forEach((lane, row) => {
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
        text: bands.map((b) => this.told(b.text, b.count)),
        textposition: "none", customdata: bands.map((b) => clock(this.civil(b.from)) + (b.to > b.from ? " to " + clock(this.civil(b.to)) : "")),
        hovertemplate: `%{customdata}<br>%{text}<extra></extra>` });
    }
  }

  // What is drawn, from the top; `draw` may give what belongs beside the heading.
  rows() {
    const rows = [], each = (draw) => (axis) => { this.runs.forEach((run) => draw(run, axis)); };
    if (this.runs.some((run) => run.ready.offered)) { rows.push({ title: "load", share: 220, draw: each((run, axis) => this.load(run, axis)) }); }
    const units = new Map(this.runs.flatMap((run) => run.ready.metrics.map((m) => [m.name, m.unit])));
    for (const [name, unit] of units) { rows.push({ title: `${name}, ${unit}`, share: 170, draw: (axis) => this.metric(name, axis) }); }
    rows.push({ title: "instances", share: 170, draw: each((run, axis) => this.sizes(run, axis)) });
    const lanes = this.laneList();
    if (lanes.length) { rows.push({ share: 16 + 24 * lanes.length, draw: (axis) => this.bands(lanes, axis), lanes }); }
    return rows;
  }

  // A heading at the left, and rules at the right as far as there is room.
  heading(row, beside, top) {
    const c = this.view.colours, note = { xref: "paper", yref: "paper", y: top, yanchor: "bottom", showarrow: false };
    this.notes.push({ ...note, text: `<b>${row.title}</b>`, x: 0, xanchor: "left", font: { size: 12, color: c.ink } });
    let room = (this.view.pixels - 8 * row.title.length - 12) / 6.2, shown = beside.filter(({ text }) => (room -= text.length + 3) > 0);
    const more = beside.length - shown.length;
    const text = shown.map((rule) => `<span style="color:${rule.colour}">${escaped(rule.text)}</span>`).concat(more ? [`+ ${more}`] : []).join("   ");
    if (text) { this.notes.push({ ...note, text, x: 1, xanchor: "right", font: { size: 11, color: c.faint } }); }
  }

  // A line through all plots where two runs part.
  parting(t) {
    if (t === null || t < this.view.from || t > this.view.to) { return; }
    const c = this.view.colours, late = t > (this.view.from + this.view.to) / 2;
    this.shapes.push({ type: "line", x0: this.civil(t), x1: this.civil(t), yref: "paper", y0: 0, y1: 1, line: { color: c.ink, width: 1.5, dash: "dot" } });
    this.notes.push({ text: late ? "they part ▸" : "◂ they part", x: this.civil(t), xanchor: late ? "right" : "left", yref: "paper", y: 1, yanchor: "top", showarrow: false,
      bgcolor: c.paper, font: { size: 11, color: c.ink } });
  }

  // Everything, one plot below the other, on one axis of time.
  figure(parting = null) {
    const { view } = this, c = view.colours, rows = this.rows();
    const gap = 26, sum = rows.reduce((all, row) => all + row.share + gap, -gap);
    let top = 1;
    const grid = { gridcolor: c.grid, linecolor: c.rule, zeroline: false, automargin: false, tickfont: { color: c.faint, size: 11 } };
    rows.forEach((row, i) => {
      const key = i ? `yaxis${i + 1}` : "yaxis", axis = i ? `y${i + 1}` : "y", bottom = Math.max(0, top - row.share / sum);
      this.axes[key] = { ...grid, domain: [bottom, top], anchor: "x", fixedrange: true, rangemode: row.lanes ? "normal" : "tozero", nticks: 6 };
      if (row.lanes) {
        Object.assign(this.axes[key], { tickvals: row.lanes.map((_, n) => n), ticktext: row.lanes.map((l) => l.label), range: [row.lanes.length - .5, -.5], showgrid: false });
      }
      const beside = row.draw(axis) || [];
      if (row.title) { this.heading(row, beside, top); }
      top = bottom - gap / sum;
    });
    this.parting(parting);
    const margin = { l: view.narrow ? 72 : view.left, r: 14, t: 22, b: 36 };
    const layout = {
      ...this.axes, shapes: this.shapes, annotations: this.notes, margin, height: sum + margin.t + margin.b,
      xaxis: { ...grid, type: "date", range: [this.civil(view.from), this.civil(view.to)], anchor: rows.length > 1 ? `y${rows.length}` : "y" },
      barmode: "overlay", paper_bgcolor: c.paper, plot_bgcolor: c.paper, font: { color: c.ink, family: "system-ui, sans-serif", size: 12 },
      showlegend: false,
      hovermode: "closest", hoverdistance: 24, dragmode: view.touch ? false : "zoom", hoverlabel: { bgcolor: c.panel, bordercolor: c.faint, font: { color: c.ink, size: 12 } },
    };
    return { data: this.traces, layout };
  }
}

// What a trace looks like, small.
const DASHES = { solid: "", dash: "6 4", dot: "2 3", dashdot: "6 3 2 3", longdash: "9 4" };
const SIGNS = { "triangle-up": "▲", "triangle-down": "▼", "triangle-up-open": "△", "triangle-down-open": "▽", "circle-open": "○", x: "✖", cross: "✚", "cross-open": "✚" };
function swatch(trace) {
  const { line, marker, fillpattern } = trace, open = '<svg width="26" height="12" aria-hidden="true">';
  if (marker) { return `${open}<text x="13" y="11" text-anchor="middle" font-size="12" fill="${marker.color}">${SIGNS[marker.symbol]}</text></svg>`; }
  if (!fillpattern) {
    return `${open}<line x1="1" x2="25" y1="6" y2="6" stroke="${line.color}" stroke-width="2" stroke-dasharray="${DASHES[line.dash || "solid"]}"/></svg>`;
  }
  const up = fillpattern.shape === "/", strokes = [1, 7, 13, 19].map((x) => `<line x1="${x}" x2="${x + 6}" y1="${up ? 11 : 1}" y2="${up ? 1 : 11}" stroke="${trace.fillcolor}" stroke-width="1.5"/>`);
  return `${open}<rect x="1" y="1" width="24" height="10" fill="${fillpattern.bgcolor}"/>${strokes.join("")}</svg>`;
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
