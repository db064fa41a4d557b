// Opens reports as a reader would: draws, zooms, hovers, sorts; keeps pictures.
//
//     node report.mjs CHROMIUM FOLDER REPORT.html...
//
// Prints a line for each report with what was measured; exits with 1 if something does not hold.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Chromium } from "./chromium.mjs";

const [path, folder, ...reports] = process.argv.slice(2);
const span = "report.to - report.from";
const settled = (tab) => tab.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");

async function opened(chromium, file, ...look) {
  const tab = await chromium.open();
  await tab.look(...look);
  await tab.send("Page.navigate", { url: pathToFileURL(resolve(file)).href });
  await tab.until("window.report?.drawn > 0 && !document.querySelector('main').hidden");
  await settled(tab);
  return tab;
}

// Every plot has the one axis of time, so whatever moves it moves all of them.
async function axes(tab) {
  const found = await tab.value(`(() => { const full = document.getElementById("plot")._fullLayout;
    return { times: full._subplots.xaxis.length, plots: full._subplots.cartesian.length, range: full.xaxis.range.map((t) => Date.parse(t.replace(" ", "T") + "Z")) }; })()`);
  assert.equal(found.times, 1, "one axis of time");
  assert.ok(found.plots >= 1);
  return found;
}

async function zooms(tab) {
  const whole = await tab.value(span), before = await axes(tab);
  await tab.value("document.getElementById('plot').scrollIntoView({ block: 'start' })");
  const box = await tab.value(`(() => { const b = document.querySelector("#plot .nsewdrag").getBoundingClientRect(); return { x: b.x, y: b.y, w: b.width, h: b.height }; })()`);
  await tab.drag(box.x + box.w * .3, box.x + box.w * .5, box.y + box.h / 2);
  await tab.until(`${span} < ${whole} * .5`);
  const after = await axes(tab);
  assert.ok(after.range[1] - after.range[0] < (before.range[1] - before.range[0]) * .5, "the axis follows");
  await tab.value("document.getElementById('plot').focus()");
  const zoomed = await tab.value(span), from = await tab.value("report.from");
  await tab.key("+");
  assert.ok(await tab.value(span) < zoomed || zoomed <= 300000, "+ zooms in");
  await tab.key("ArrowRight");
  assert.ok(await tab.value("report.from") > from, "the arrow moves");
  await tab.key("0");
  assert.equal(await tab.value(span), whole, "0 shows all");
}

// Points at the first refused trigger, if there is one, and reads what is said.
async function hovers(tab) {
  await tab.value("document.getElementById('plot').scrollIntoView({ block: 'start' })");
  const spot = await tab.value(`(() => { const plot = document.getElementById("plot"), full = plot._fullLayout;
    const trace = plot._fullData.find((t) => t.name?.startsWith("refused")); if (!trace) { return null; }
    const y = full[trace.yaxis.replace("y", "yaxis")], box = plot.getBoundingClientRect();
    return { x: box.x + full.xaxis._offset + full.xaxis.d2p(trace.x[0]), y: box.y + y._offset + y.d2p(trace.y[0]) }; })()`);
  if (!spot) { return null; }
  await tab.mouse("mouseMoved", spot.x - 30, spot.y + 1);
  await tab.mouse("mouseMoved", spot.x, spot.y);
  await tab.until("document.querySelector('.hoverlayer').textContent.includes('refused')");
  const said = await tab.value("document.querySelector('.hoverlayer').textContent");
  assert.match(said, /until|under way|about to start|suspended|\(\d{5}\)|ended at/, "the reason");
  return said;
}

// A pressed name hides its line, and pressed again shows it; the keyboard will do.
async function hides(tab) {
  const shown = "document.getElementById('plot').data.find((t) => t.name?.startsWith('in service')).visible !== false";
  await tab.value("[...document.querySelectorAll('#legend button')].find((b) => b.textContent.startsWith('in service')).focus()");
  await tab.send("Input.dispatchKeyEvent", { type: "keyDown", key: " ", code: "Space", windowsVirtualKeyCode: 32, text: " " });
  await tab.send("Input.dispatchKeyEvent", { type: "keyUp", key: " ", code: "Space", windowsVirtualKeyCode: 32 });
  await tab.until(`!(${shown})`);
  await tab.value("document.activeElement.click()");
  await tab.until(shown);
}

async function tables(tab) {
  const texts = "[...document.querySelectorAll('#activities tbody tr')].map((row) => row.children[0].textContent)";
  if (!(await tab.value("report.shown.some((run) => run.group.activities.length)"))) { return; }
  const before = await tab.value(texts);
  await tab.value("document.querySelector('#activities th button').focus()");
  await tab.key("Enter");
  await tab.value("document.querySelector('#activities th button').click()");
  await tab.value("document.querySelector('#activities th button').click()");
  const sorted = await tab.value("document.querySelector('#activities th').getAttribute('aria-sort')");
  assert.ok(["ascending", "descending"].includes(sorted), "a heading sorts");
  await tab.value("(() => { const f = document.querySelector('#activities input'); f.value = 'no such words'; f.dispatchEvent(new Event('input')); })()");
  assert.deepEqual(await tab.value(texts), [], "the filter keeps what has the words");
  await tab.value("(() => { const f = document.querySelector('#activities input'); f.value = ''; f.dispatchEvent(new Event('input')); })()");
  assert.equal((await tab.value(texts)).length, before.length);
}

// Extremes survive any zoom; a day shows every sample. Asked of the page's own functions.
async function keeps(tab) {
  await tab.value(`(() => {
    const values = new Float64Array(100000).map((_, i) => Math.sin(i / 70) * 10 + (i * 7919 % 13));
    values[31337] = 1000; values[77777] = -1000; values[5] = NaN;
    for (const buckets of [1, 7, 100, 1200]) {
      const kept = decimate(values, 0, values.length, buckets), seen = kept.map((i) => values[i]);
      if (!seen.includes(1000) || !seen.includes(-1000)) { throw new Error("lost an extreme at " + buckets); }
      if (kept.length > 2 * buckets || kept.some((i, n) => n && i <= kept[n - 1])) { throw new Error("not in order at " + buckets); }
    }
    const gaps = new Float64Array(10000).fill(NaN); gaps[4321] = 3;
    if (!decimate(gaps, 0, 10000, 100).includes(4321)) { throw new Error("lost the only sample"); }
    if (decimate(values, 1000, 2440, 1100).length !== 1440) { throw new Error("a day is not whole"); }
  })()`);
}

const chromium = new Chromium(path);
let failed = false;
for (const report of reports) {
  const name = basename(report, ".html");
  const shot = async (tab, kind, whole = true) => { await settled(tab); writeFileSync(join(folder, `${name}-${kind}.png`), await tab.picture(whole)); };
  try {
    const tab = await opened(chromium, report, 1400, 900, "light");
    await shot(tab, "wide-light");
    await zooms(tab);
    await hides(tab);
    await keeps(tab);
    await tables(tab);
    const said = await hovers(tab);
    await shot(tab, "hover", false);
    await tab.value("scrollTo(0, 0)");
    // To a day at several places, and the median of how long that takes.
    const zoom_ms = await tab.value(`(async () => { const whole = report.page.end - report.page.start, took = [];
      for (const share of [.1, .8, .3, .6, .4]) {
        const from = report.page.start + whole * share, t = performance.now();
        await report.look(from, from + Math.min(whole / 3, 86400000)); document.getElementById("plot").getBoundingClientRect();
        took.push(performance.now() - t);
      }
      return took.sort((a, b) => a - b)[2]; })()`);
    const samples = await tab.value("Math.max(0, ...document.getElementById('plot').data.filter((t) => t.mode === 'lines' && t.line.shape === 'hv' && t.name !== 'desired').map((t) => t.x.length))");
    const names = await tab.value("document.getElementById('plot').data.filter((t) => t.visible !== false && t.name).map((t) => t.name)");
    const parted = await tab.value("report.parted && clock(report.parted + report.page.offset_ms)");
    await shot(tab, "zoomed", false);
    const all_ms = await tab.value("(async () => { const t = performance.now(); await report.go('all'); document.getElementById('plot').getBoundingClientRect(); return performance.now() - t; })()");
    await tab.look(1400, 900, "dark");
    await shot(tab, "wide-dark");
    await tab.look(1400, 900, "light", false, "print");
    await shot(tab, "print");
    const phone = await opened(chromium, report, 390, 844, "light", true);
    assert.ok(await phone.value("document.documentElement.scrollWidth <= 390"), "nothing sticks out on a phone");
    await shot(phone, "phone-light");
    await phone.look(390, 844, "dark", true);
    await shot(phone, "phone-dark");
    assert.deepEqual([...tab.complaints, ...phone.complaints], [], "no complaint");
    console.log(JSON.stringify({ name, zoom_ms: Math.round(zoom_ms), all_ms: Math.round(all_ms), samples, said, names, parted }));
    for (const one of [tab, phone]) { await chromium.send("Target.closeTarget", { targetId: one.target }); }
  } catch (error) {
    failed = true;
    console.log(`${name}: ${error.stack}`);
  }
}
await chromium.close();
process.exit(failed ? 1 : 0);
