// A headless Chromium, spoken to over a pipe in its own protocol: no package is needed for that.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
  "--hide-scrollbars", "--force-device-scale-factor=1", "--remote-debugging-pipe",
];

export class Chromium {
  constructor(path) {
    this.profile = mkdtempSync(join(tmpdir(), "asgsim-chromium-"));
    const flags = [...FLAGS, `--user-data-dir=${this.profile}`];
    this.process = spawn(path, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.calls = new Map();
    this.listeners = new Set();
    this.next = 1;
    let rest = "";
    this.process.stdio[4].setEncoding("utf8");
    this.process.stdio[4].on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      messages.forEach((message) => this.take(JSON.parse(message)));
    });
    this.process.on("exit", () => this.calls.forEach(({ reject }) => reject(new Error("chromium is gone"))));
  }

  take(message) {
    const call = this.calls.get(message.id);
    if (!call) { this.listeners.forEach((listener) => listener(message)); return; }
    this.calls.delete(message.id);
    if (message.error) { call.reject(new Error(message.error.message)); } else { call.resolve(message.result); }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.calls.set(id, { resolve, reject }));
  }

  async open() {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, sessionId, targetId);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) { await tab.send(domain + ".enable"); }
    return tab;
  }

  async close() {
    const gone = new Promise((resolve) => this.process.on("exit", resolve));
    await this.send("Browser.close").catch(() => {});
    await gone;
    rmSync(this.profile, { recursive: true, force: true });
  }
}

// One page. What it complains about, and what it asks of any network, is kept.
class Tab {
  constructor(chromium, session, target) {
    Object.assign(this, { chromium, session, target, complaints: [] });
    chromium.listeners.add(({ sessionId, method, params }) => {
      if (sessionId !== session) { return; }
      if (method === "Runtime.exceptionThrown") { this.complaints.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text); }
      if (method === "Log.entryAdded" && params.entry.level === "error") { this.complaints.push(params.entry.text); }
      if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
        this.complaints.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
      }
      if (method === "Network.requestWillBeSent" && !/^(file|data|blob|about):/.test(params.request.url)) { this.complaints.push("asked for " + params.request.url); }
    });
  }

  send(method, params) { return this.chromium.send(method, params, this.session); }

  // The value of an expression in the page; promises are waited for.
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) { throw new Error(exceptionDetails.exception?.description || exceptionDetails.text); }
    return result.value;
  }

  async until(expression, ms = 60000) {
    for (const start = Date.now(); Date.now() - start < ms;) {
      if (await this.value(expression)) { return; }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`never came true: ${expression}`);
  }

  // As wide a screen, light or dark, mouse or finger.
  async look(width, height, scheme, touch = false, media = "screen") {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: touch });
    await this.send("Emulation.setTouchEmulationEnabled", { enabled: touch });
    await this.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  mouse(type, x, y, more = {}) { return this.send("Input.dispatchMouseEvent", { type, x, y, ...more }); }

  async drag(x0, x1, y) {
    const held = { button: "left", buttons: 1, clickCount: 1 };
    await this.mouse("mouseMoved", x0, y);
    await this.mouse("mousePressed", x0, y, held);
    for (const share of [.25, .5, .75, 1]) { await this.mouse("mouseMoved", x0 + (x1 - x0) * share, y, { button: "left", buttons: 1 }); }
    await this.mouse("mouseReleased", x1, y, { button: "left", buttons: 0, clickCount: 1 });
  }

  async key(key) {
    for (const type of ["keyDown", "keyUp"]) { await this.send("Input.dispatchKeyEvent", { type, key, text: type === "keyDown" && key.length === 1 ? key : undefined }); }
  }

  // From the top of the page, as far as fits in a picture one can look at.
  async picture(whole) {
    const [width, height] = await this.value("[innerWidth, Math.min(2600, document.documentElement.scrollHeight)]");
    const more = whole ? { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } } : {};
    const { data } = await this.send("Page.captureScreenshot", { format: "png", ...more });
    return Buffer.from(data, "base64");
  }
}
