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

class Report {
  constructor(page) {
    Object.assign(this, { page, from: page.start, to: page.end, print: false, drawn: 0 });
    this.head();
    this.choose(0);
  }

  head() {
    const { page } = this;
    byId("scenario").textContent = page.scenario;
    byId("about").textContent = page.about;
    byId("span").textContent = page.span;
    byId("origin").textContent = `asgsim ${page.version}, seed ${page.seed}, ${page.events} events, digest ${page.digest}`;
    page.groups.forEach((group, i) => byId("group").append(element("option", { value: i }, group.name)));
    byId("choose").hidden = page.groups.length < 2;
    byId("group").addEventListener("change", (event) => this.choose(Number(event.target.value)));
    byId("warning").hidden = !page.warnings.length;
    byId("warnings").append(...page.warnings.map((warning) => element("li", {}, warning)));
    byId("expecting").hidden = !page.expectations.length;
    const told = (e) => element("li", {}, element("span", { class: "look " + (e.holds ? "good" : "bad"), "data-sign": e.holds ? "✓" : "✕" }, e.holds ? "holds: " : "does not hold: "), e.words);
    byId("expectations").append(...page.expectations.map(told));
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
    addEventListener("beforeprint", () => { this.print = true; this.draw(); });
    addEventListener("afterprint", () => { this.print = false; this.draw(); });
  }

  choose(i) {
    const { page } = this;
    this.group = page.groups[i];
    document.querySelector("main").hidden = false;
    if (!this.group) { return; }
    this.ready = prepare(page, this.group);
    byId("line").textContent = `Group ${this.group.name} (${this.group.id}): ${this.group.line}.`;
    const figure = ([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
    byId("figures").replaceChildren(...this.group.figures.map(figure));
    this.tables();
    this.draw();
  }

  tables() {
    const { page, group } = this, clockOf = (t) => clock(t + page.offset_ms);
    const time = (row) => element("button", { title: "Show it in the plots", onclick: () => this.show(row.t) }, clockOf(row.t));
    const look = (kind, sign, words) => element("span", { class: "look " + kind, "data-sign": sign }, words);
    const policy = (d) => (group.policies[d.policy] || { name: "" }).name;
    const shown = (d) => (d.value === null ? "no data" : String(Math.round(d.value * 100) / 100));
    const sign = (d) => (d.outcome === "accepted" ? look("accepted", d.to > d.from ? "▲" : "▼", "accepted")
      : REFUSED.includes(d.outcome) ? look("refused", "✕", "refused, " + d.outcome) : look("plain", "○", d.outcome.replace("_", " ")));
    new Table(byId("decisions"), group.decisions, [
      { name: "time", of: (d) => d.t, text: (d) => clockOf(d.t), cell: time },
      { name: "policy", of: policy, kind: "words" },
      { name: "saw", of: (d) => (d.value === null ? -1 : d.value), text: shown, kind: "number" },
      { name: "outcome", of: (d) => d.outcome, cell: sign },
      { name: "asked", of: (d) => (d.to === null ? 0 : d.to - d.from), text: (d) => (d.to === null ? "" : `${d.from} → ${d.to}`), kind: "short" },
      { name: "why", of: (d) => d.why, kind: "why" },
    ], "no evaluation triggered");
    new Table(byId("activities"), group.activities, [
      { name: "start", of: (a) => a.t, text: (a) => clockOf(a.t), cell: time },
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
      "members", "service", "good", "partly", "bad", "open", "waiting", "plain"]) { all[name] = style.getPropertyValue("--" + name).trim(); }
    all.shortBack = all.short + "40";
    return all;
  }

  draw() {
    if (!this.group) { return Promise.resolve(); }
    const plot = byId("plot"), width = this.print ? 700 : plot.clientWidth, narrow = width < 600;
    const view = { from: this.from, to: this.to, narrow, pixels: Math.max(120, width - (narrow ? 86 : 118)), colours: this.colours(),
      touch: matchMedia("(pointer: coarse)").matches };
    const { data, layout } = new Drawing(this.page, this.group, this.ready, view).figure();
    layout.width = width;
    const said = `${clock(this.from + this.page.offset_ms)} to ${clock(this.to + this.page.offset_ms)}`;
    byId("shown").textContent = said;
    plot.setAttribute("aria-label", `Plots of group ${this.group.name}, ${said}`);
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

  // Says what all plots show where the pointer is.
  read(event) {
    const axis = byId("plot")._fullLayout.xaxis, x = event.clientX - byId("plot").getBoundingClientRect().left;
    const inside = x >= axis._offset && x <= axis._offset + axis._length;
    byId("cursor").hidden = !inside;
    if (!inside) { return; }
    const t = this.from + (this.to - this.from) * (x - axis._offset) / axis._length;
    byId("cursor").style.left = x + "px";
    byId("values").textContent = `${clock(Math.round((t + this.page.offset_ms) / 1000) * 1000)}  ·  ${reading(this.ready, t)}`;
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
