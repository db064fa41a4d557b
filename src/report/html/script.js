// The page: reads the data, draws, moves through time, and fills the tables.

const byId = (id) => document.getElementById(id);

// What an element with packed text holds: Base64, then deflate.
async function inflate(id) {
  const packed = atob(byId(id).textContent), bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) { bytes[i] = packed.charCodeAt(i); }
  byId(id).textContent = "";
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

// An element with attributes and children; text is always text, whatever is in it.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) { made.addEventListener(key.slice(2), value); } else { made.setAttribute(key, value); }
  }
  made.append(...children.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
  return made;
}

// A report of one run, or of two that are compared: then they have tags, and `data.comparison`.
class Report {
  constructor(data) {
    const tags = data.comparison ? ["A", "B"] : [""];
    this.runs = data.runs.map((page, i) => ({ page, tag: tags[i], ready: new Map() }));
    const start = Math.min(...data.runs.map((p) => p.start)), end = Math.max(...data.runs.map((p) => p.end));
    this.page = { start, end, offset_ms: data.runs[0].offset_ms };
    this.names = [...new Set(data.runs.flatMap((p) => p.groups.map((group) => group.name)))];
    Object.assign(this, { comparison: data.comparison, from: start, to: end, print: false, drawn: 0, shown: [], hidden: new Set() });
    // Of two runs the instances that serve are shown at first, the rest on demand.
    if (data.comparison) { for (const name of ["min", "max", "members"]) { tags.forEach((tag) => this.hidden.add(`${name} ${tag}`)); } }
    this.head();
    this.listen();
    this.choose(0);
  }

  // Lines that are said of each run, or once if they are the same.
  said(of) {
    const all = this.runs.map((run) => [run.tag, of(run.page)]);
    return new Set(all.map(([, text]) => text)).size < 2 ? [all[0][1]] : all.map(([tag, text]) => `${tag}: ${text}`);
  }

  head() {
    const { runs, comparison } = this, lines = (of) => this.said(of).filter(Boolean).map((text) => element("span", { class: "line" }, text));
    byId("scenario").replaceChildren(...lines((p) => p.scenario));
    byId("about").replaceChildren(...lines((p) => p.about));
    const changed = runs.some((run) => run.page.source.overrides.length);
    byId("changes").replaceChildren(...lines((p) => p.source.overrides.map((o) => `--set ${o}`).join(" ") || (changed ? "nothing changed" : "")));
    byId("span").replaceChildren(...lines((p) => p.span));
    byId("origin").replaceChildren(...lines((p) => `asgsim ${p.version}, seed ${p.seed}, ${p.events} events, digest ${p.digest}`));
    if (comparison && comparison.same_digest) { byId("span").append(element("span", { class: "line" }, "The event logs of both are the same.")); }
    this.names.forEach((name, i) => byId("group").append(element("option", { value: i }, name)));
    byId("choose").hidden = this.names.length < 2;
    const tagged = (tag, ...rest) => element("li", {}, tag ? element("b", {}, tag + " ") : "", ...rest);
    const warnings = runs.flatMap((run) => run.page.warnings.map((text) => tagged(run.tag, text)));
    byId("warning").hidden = !warnings.length;
    byId("warnings").append(...warnings);
    const told = (e) => [element("span", { class: "look " + (e.holds ? "good" : "bad"), "data-sign": e.holds ? "✓" : "✕" }, e.holds ? "holds: " : "does not hold: "), e.words];
    const expectations = runs.flatMap((run) => run.page.expectations.map((e) => tagged(run.tag, ...told(e))));
    byId("expecting").hidden = !expectations.length;
    byId("expectations").append(...expectations);
    const source = ({ page: { source }, tag }) => element("details", {}, element("summary", {}, (tag ? tag + ": " : "") + source.file),
      source.overrides.length ? element("p", {}, "Changed by " + source.overrides.map((o) => `--set ${o}`).join(" ")) : "", element("pre", { tabindex: 0 }, source.text));
    byId("sources").append(...runs.map(source));
  }

  listen() {
    byId("group").addEventListener("change", (event) => this.choose(Number(event.target.value)));
    document.querySelectorAll("#bar button").forEach((b) => b.addEventListener("click", () => this.go(b.dataset.do)));
    byId("plot").addEventListener("keydown", (event) => {
      const todo = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", 0: "all", Home: "first", End: "last" }[event.key];
      if (todo && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); this.go(todo); }
    });
    for (const kind of ["pointermove", "pointerdown"]) { byId("plot").addEventListener(kind, (event) => this.read(event)); }
    byId("plot").addEventListener("pointerleave", () => { byId("cursor").hidden = true; });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    let width = innerWidth;
    addEventListener("resize", () => { if (innerWidth !== width && !this.print) { width = innerWidth; this.draw(); } });
    // Paper is light, whatever the screen is.
    const print = (on) => { this.print = on; document.documentElement.classList.toggle("print", on); this.draw(); };
    addEventListener("beforeprint", () => print(true));
    addEventListener("afterprint", () => print(false));
  }

  choose(i) {
    this.name = this.names[i];
    document.querySelector("main").hidden = false;
    if (this.name === undefined) { return; }
    this.shown = this.runs.flatMap(({ page, tag, ready }) => {
      const group = page.groups.find((g) => g.name === this.name);
      if (group && !ready.has(group)) { ready.set(group, prepare(page, group)); }
      return group ? [{ page, tag, group, ready: ready.get(group) }] : [];
    });
    const line = ({ tag, group }) => element("span", { class: "line" }, `${tag ? tag + ": group" : "Group"} ${group.name} (${group.id}): ${group.line}.`);
    byId("line").replaceChildren(...this.shown.map(line));
    this.figures();
    this.tables();
    this.draw();
  }

  // Cards of one run; of two what differs, and where it began to.
  figures() {
    const pair = this.comparison && this.comparison.groups.find((g) => g.name === this.name);
    const card = ([name, value, meaning], i) => element("div", { tabindex: 0, "aria-describedby": `meaning-${i}` },
      element("dt", {}, name), element("dd", {}, value), element("dd", { class: "meaning", role: "tooltip", id: `meaning-${i}` }, meaning));
    byId("figures").replaceChildren(...(this.comparison ? [] : this.shown[0].group.figures.map(card)));
    const event = (tag) => ([what, words]) => element("div", {}, element("dt", {}, tag ? `${tag}: ${what}` : what), element("dd", {}, words));
    byId("happened").replaceChildren(...this.shown.flatMap(({ tag, group }) => group.happened.map(event(tag))));
    byId("differences").hidden = !this.comparison;
    this.parted = pair && pair.first ? pair.first.t : null;
    if (!this.comparison) { return; }
    const number = (value) => (value === null ? "-" : String(Math.round(value * 100) / 100));
    const delta = (f) => (f.a === null || f.b === null ? null : Math.round((f.b - f.a) * 100) / 100);
    const columns = [
      { name: "figure", of: (f) => f.key, kind: "words" }, { name: "A", of: (f) => f.a, text: (f) => number(f.a), kind: "number" },
      { name: "B", of: (f) => f.b, text: (f) => number(f.b), kind: "number" },
      { name: "difference", of: delta, text: (f) => (delta(f) === null ? "" : (delta(f) > 0 ? "+" : "") + delta(f)), kind: "number" },
    ];
    const all = pair ? pair.figures : [], differ = all.filter((f) => f.a !== f.b), alike = all.filter((f) => f.a === f.b);
    new Table(byId("deltas"), differ, columns, pair ? "every figure is the same in both" : "this group is in one of them only");
    new Table(byId("alikes"), alike, columns, "none");
    byId("alike").hidden = !alike.length;
    byId("alike").firstElementChild.textContent = `${alike.length} figures are the same in both`;
    const first = pair && pair.first, side = (tag, text) => element("div", {}, element("h3", {}, tag), element("pre", { tabindex: 0 }, text));
    byId("parting").replaceChildren(...(first ? [
      element("p", {}, "They part at ", element("button", { class: "time", onclick: () => this.show(first.t) }, clock(first.t + this.page.offset_ms)), `, over ${first.what}.`),
      element("div", { class: "sides" }, side("A", first.a), side("B", first.b))] : [element("p", {}, pair ? "It does the same in both." : "")]));
  }

  tables() {
    const { page } = this, clockOf = (t) => clock(t + page.offset_ms);
    const time = (row) => element("button", { class: "time", title: "Show it in the plots", onclick: () => this.show(row.t) }, clockOf(row.t));
    const look = (kind, sign, words) => element("span", { class: "look " + kind, "data-sign": sign }, words);
    const policy = (d) => (d.run.group.policies[d.policy] || { name: "" }).name;
    const shown = (d) => (d.value === null ? "no data" : String(Math.round(d.value * 100) / 100));
    const sign = (d) => (d.outcome === "accepted" ? look("accepted", d.to > d.from ? "▲" : "▼", "accepted")
      : REFUSED.includes(d.outcome) ? look("refused", "✕", "refused, " + d.outcome) : look("plain", "○", d.outcome.replace("_", " ")));
    // Rows of all runs in order of time.
    const rows = (of) => this.shown.flatMap((run) => of(run.group).map((row) => ({ ...row, run }))).sort((a, b) => a.t - b.t);
    const tag = this.comparison ? [{ name: "run", of: (row) => row.run.tag, kind: "short" }] : [];
    new Table(byId("decisions"), rows((group) => group.decisions), [
      { name: "time", of: (d) => d.t, text: (d) => clockOf(d.t), cell: time }, ...tag,
      { name: "policy", of: policy, kind: "words" },
      { name: "saw", of: (d) => (d.value === null ? -1 : d.value), text: shown, kind: "number" },
      { name: "outcome", of: (d) => d.outcome, cell: sign },
      { name: "asked", of: (d) => (d.to === null ? 0 : d.to - d.from), text: (d) => (d.to === null ? "" : `${d.from} → ${d.to}`), kind: "short" },
      { name: "why", of: (d) => d.why, kind: "why" },
    ], "no evaluation triggered");
    new Table(byId("activities"), rows((group) => group.activities), [
      { name: "start", of: (a) => a.t, text: (a) => clockOf(a.t), cell: time }, ...tag,
      { name: "took", of: (a) => (a.end === null ? Infinity : a.end - a.t), text: (a) => (a.end === null ? "not over" : length(a.end - a.t)), kind: "short" },
      { name: "what", of: (a) => a.what, kind: "words" },
      { name: "by", of: (a) => a.origin, kind: "words" },
      { name: "result", of: (a) => a.result || "under way", cell: (a) => look(a.look, LOOKS[a.look].sign, a.result || "under way"), kind: "words" },
      { name: "id", of: (a) => a.id, kind: "short" },
      { name: "instances", of: (a) => a.instances, kind: "ids" },
    ], "no activities");
  }

  colours() {
    const style = getComputedStyle(document.documentElement), all = {};
    for (const name of ["paper", "panel", "ink", "faint", "rule", "grid", "load", "capacity", "short", "metric", "above", "below", "desired",
      "members", "service", "good", "partly", "bad", "open", "waiting", "plain", "a", "b"]) { all[name] = style.getPropertyValue("--" + name).trim(); }
    return all;
  }

  draw() {
    if (!this.shown.length) { return Promise.resolve(); }
    const plot = byId("plot"), width = this.print ? 700 : plot.clientWidth, narrow = width < 600, left = this.comparison ? 122 : 104;
    const view = { from: this.from, to: this.to, narrow, left, pixels: Math.max(120, width - (narrow ? 86 : left + 14)), colours: this.colours(),
      touch: matchMedia("(pointer: coarse)").matches };
    const { data, layout } = new Drawing(this.shown, view).figure(this.parted);
    layout.width = width;
    this.legend(data);
    const said = `${clock(this.from + this.page.offset_ms)} to ${clock(this.to + this.page.offset_ms)}`;
    byId("shown").textContent = said;
    plot.setAttribute("aria-label", `Plots of group ${this.name}, ${said}`);
    const drawn = Plotly.react(plot, data, layout, { displayModeBar: false, showTips: false, responsive: false, scrollZoom: false, doubleClick: false });
    if (!this.drawn) {
      plot.on("plotly_relayout", (event) => {
        if ("xaxis.range[0]" in event) { this.look(this.instant(event["xaxis.range[0]"]), this.instant(event["xaxis.range[1]"])); }
      });
      plot.on("plotly_doubleclick", () => this.go("all"));
    }
    this.drawn += 1;
    return drawn;
  }

  // Every line and kind of mark by name; pressing one hides and shows it.
  legend(traces) {
    const named = new Map(traces.filter((t) => t.name && t.showlegend !== false && t.type !== "bar").map((t) => [t.name, t]));
    for (const trace of traces) { if (this.hidden.has(trace.name)) { trace.visible = false; } }
    const entry = ([name, trace]) => {
      const toggle = () => { this.hidden[this.hidden.has(name) ? "delete" : "add"](name); this.draw(); };
      const made = element("button", { "aria-pressed": !this.hidden.has(name), "data-name": name, onclick: toggle });
      // The drawing is made of our own colours and shapes, never of names.
      made.innerHTML = swatch(trace);
      made.append(name);
      return made;
    };
    const held = document.activeElement?.closest("#legend button")?.dataset.name;
    byId("legend").replaceChildren(...[...named].map(entry));
    if (held) { [...byId("legend").children].find((b) => b.dataset.name === held)?.focus(); }
  }

  // Says what all plots show where the pointer is.
  read(event) {
    const axis = byId("plot")._fullLayout.xaxis, x = event.clientX - byId("plot").getBoundingClientRect().left;
    const inside = x >= axis._offset && x <= axis._offset + axis._length;
    byId("cursor").hidden = !inside;
    if (!inside) { return; }
    const t = this.from + (this.to - this.from) * (x - axis._offset) / axis._length;
    byId("cursor").style.left = x + "px";
    const at = clock(Math.round((t + this.page.offset_ms) / 1000) * 1000);
    byId("values").textContent = [at, ...this.shown.map((run) => reading(run, t))].join(this.comparison ? "\n" : "  ·  ");
  }

  // What the library calls a time on its axis, as an instant.
  instant(civil) {
    const t = typeof civil === "number" ? civil : Date.parse(civil.replace(" ", "T").replace(/^(\d+-\d+-\d+)$/, "$1T00:00") + "Z");
    return t - this.page.offset_ms;
  }

  // Shows a span, within the run and no shorter than five minutes.
  look(from, to) {
    const { start, end } = this.page, whole = end - start, length = Math.min(whole, Math.max(5 * MINUTE, to - from));
    this.from = Math.min(Math.max(start, from), end - length);
    this.to = this.from + length;
    return this.draw();
  }

  show(t) {
    const length = Math.min(this.to - this.from, 6 * 60 * MINUTE);
    this.look(t - length / 2, t + length / 2);
    byId("bar").scrollIntoView({ block: "start" });
  }

  go(what) {
    const { from, to, page } = this, length = to - from, middle = (from + to) / 2, hour = 60 * MINUTE;
    const spans = { hour, day: 24 * hour, week: 168 * hour };
    if (what in spans) { return this.look(middle - spans[what] / 2, middle + spans[what] / 2); }
    switch (what) {
      case "in": return this.look(middle - length / 4, middle + length / 4);
      case "out": return this.look(middle - length, middle + length);
      case "left": return this.look(from - length / 4, to - length / 4);
      case "right": return this.look(from + length / 4, to + length / 4);
      case "first": return this.look(page.start, page.start + length);
      case "last": return this.look(page.end - length, page.end);
      default: return this.look(page.start, page.end);
    }
  }
}

// Milliseconds as "1h30m".
function length(ms) {
  const parts = [["d", 86400000], ["h", 3600000], ["m", 60000], ["s", 1000]];
  let rest = ms, text = "";
  for (const [unit, size] of parts) { const n = Math.floor(rest / size); rest -= n * size; if (n) { text += n + unit; } }
  return text || (rest ? rest + "ms" : "at once");
}

// A table that sorts by the heading one presses and keeps the rows that have every word of the filter.
class Table {
  constructor(place, rows, columns, none) {
    Object.assign(this, { rows, columns, sorted: null, down: false, words: [], shown: 50 });
    if (!rows.length) { place.replaceChildren(element("p", { class: "faint" }, none + ".")); return; }
    this.texts = null;
    const filter = element("input", { type: "search", placeholder: "filter", "aria-label": "Filter " + place.id,
      oninput: (event) => { this.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean); this.shown = 50; this.fill(); } });
    this.count = element("span", { class: "faint", "aria-live": "polite" });
    this.heads = columns.map((column, i) => element("th", { scope: "col" }, element("button", { onclick: () => this.sort(i) }, column.name)));
    this.body = element("tbody");
    this.more = element("button", { class: "more", onclick: () => { this.shown += 500; this.fill(); } }, "show more");
    place.replaceChildren(element("div", { class: "filter" }, filter, this.count),
      element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body)), this.more);
    this.fill();
  }

  text(column, row) { return String(column.text ? column.text(row) : column.of(row)); }

  sort(i) {
    this.down = this.sorted === i && !this.down;
    this.sorted = i;
    const of = this.columns[i].of, sign = this.down ? -1 : 1;
    // Pairs, so that equal rows stay in the order of time.
    this.rows = this.rows.map((row, n) => [of(row), n, row])
      .sort(([a, n], [b, m]) => (a < b ? -sign : a > b ? sign : n - m)).map(([, , row]) => row);
    this.texts = null;
    this.heads.forEach((head, n) => {
      head.setAttribute("aria-sort", n === i ? (this.down ? "descending" : "ascending") : "none");
      head.firstChild.textContent = this.columns[n].name + (n === i ? (this.down ? " ↓" : " ↑") : "");
    });
    this.fill();
  }

  fill() {
    this.texts ||= this.words.length ? this.rows.map((row) => this.columns.map((c) => this.text(c, row)).join(" ").toLowerCase()) : null;
    const kept = this.words.length ? this.rows.filter((_, n) => this.words.every((word) => this.texts[n].includes(word))) : this.rows;
    const cell = (column, row) => element("td", column.kind ? { class: column.kind } : {}, column.cell ? column.cell(row) : this.text(column, row));
    this.body.replaceChildren(...kept.slice(0, this.shown).map((row) => element("tr", {}, ...this.columns.map((c) => cell(c, row)))));
    this.count.textContent = kept.length === this.rows.length ? `${kept.length} rows` : `${kept.length} of ${this.rows.length} rows`;
    this.more.hidden = kept.length <= this.shown;
  }
}

(async function start() {
  try {
    if (!("DecompressionStream" in window)) { throw new Error("this browser is too old for the page: it cannot inflate"); }
    const [library, data] = await Promise.all([inflate("library"), inflate("data")]);
    document.head.append(element("script", {}, library));
    if (!window.Plotly) { throw new Error("the plot library did not load"); }
    window.report = new Report(JSON.parse(data));
  } catch (error) {
    byId("trouble").hidden = false;
    byId("trouble").textContent = `This report cannot be shown: ${error.message}.`;
    throw error;
  }
})();
