// Looks at the dashboard as a person would: in a real browser, with eyes on what goes wrong.
//
// node dashboard.mjs GATEWAY CHROMIUM NODE_FOLDER SCREENSHOTS

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [gateway, executablePath, folder, screenshots] = process.argv.slice(2);
const require = createRequire(path.join(folder, "node_modules", "_"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PATIENCE = { timeout: 60_000 };

const browser = await chromium.launch({ executablePath, args: FLAGS });
const shot = (page, name) => page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });

/** Some demand, so that there is something to see. */
async function demand(n) {
  for (let i = 0; i < n; i += 1) {
    const ids = [1, 1027, 1839, 52, 5426].slice(i % 4).join(",");
    await fetch(`${gateway}/v2/cryptocurrency/quotes/latest?id=${ids}`).then((reply) => reply.text());
  }
}

/** A page whose every error and every request elsewhere is a finding. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (line) => { if (["error", "warning"].includes(line.type())) wrong.push(`console: ${line.text()}`); });
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => { if (!request.url().startsWith(gateway)) wrong.push(`outside: ${request.url()}`); });
  page.on("response", (reply) => { if (reply.status() >= 500) wrong.push(`HTTP ${reply.status()}: ${reply.url()}`); });
  await page.goto(`${gateway}/_cmcache`);
  await page.waitForFunction(() => document.querySelector('[data-tile="credits"] dd').textContent !== "–", null, PATIENCE);
  return { page, wrong, close: () => context.close() };
}

/** What is drawn of a chart: how many pixels, and how many of the page's colours for curves. */
const look = (page, id) => page.evaluate((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  if (!canvas) return { pixels: 0, colours: 0 };
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let pixels = 0;
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 0) pixels += 1;
    if (data[at + 3] === 255) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  const style = getComputedStyle(document.documentElement);
  const named = ["--s1", "--s2", "--s3", "--s4", "--s5"].map((name) => style.getPropertyValue(name).trim());
  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(",");
  return { pixels, colours: named.filter((hex) => seen.has(parts(hex))).length };
}, id);
const drawn = async (page, id) => (await look(page, id)).pixels;

/** A curve for each tier, where memory is not in the dark beside a store. */
async function showsTiers(page) {
  const { pixels, colours } = await look(page, "tier-latency");
  assert.ok(pixels > 500, "tier-latency is blank");
  assert.ok(colours >= 2, "a tier's curve is not to be seen");
}

async function violations(page) {
  // Not as a script of the page: its policy would rightly refuse that.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
}

const checks = {
  async "it loads, draws, and comes from nowhere else"() {
    await demand(30);
    const { page, wrong, close } = await open();
    for (const chart of ["requests", "latency", "tier-latency", "found"]) {
      await page.waitForFunction((id) => document.querySelector(`#${id} canvas`), chart, PATIENCE);
    }
    await page.waitForFunction(() => document.querySelector('[data-tile="rate"] dd').textContent !== "–", null, PATIENCE);
    for (const chart of ["requests", "hits", "latency", "found", "burn"]) {
      assert.ok(await drawn(page, chart) > 500, `${chart} is blank`);
    }
    const calls = await page.locator("#calls tbody tr").count();
    assert.ok(calls >= 1, "no call is shown");
    assert.match(await page.locator("#calls").innerText(), /of 250 places/);
    // The five coins that were asked for share the one credit of their call; the 245 others rode along.
    assert.match(await page.locator("#coins").innerText(), /BTC\s+USD\s+0\.20\s+20\.0 %\s+[\d.]+/);
    assert.match(await page.locator("#coins-says").innerText(), /^Of 1 credits? since the start\.$/);
    await showsTiers(page);
    const tiers = await page.locator("#tier-latency canvas").getAttribute("aria-label");
    assert.match(tiers, /memory p50 [\d.]+ ms, memory p99 [\d.]+ ms, sqlite p50 [\d.]+ ms, sqlite p99 [\d.]+ ms/);
    // In the first minute, too, a chart is about now.
    for (const chart of ["requests", "latency", "found"]) {
      const { from: min, until: max } = await page.evaluate((id) => ({ ...document.getElementById(id).dataset }), chart);
      assert.ok(max - min >= 60 && max - min <= 3_700 && Math.abs(max - Date.now() / 1_000) < 60, `${chart} shows ${min} to ${max}`);
    }
    // Where nobody points, the legend tells the latest.
    assert.match(await page.locator("#requests .u-legend").innerText(), /full:?\s*[\d.]+/);
    await shot(page, "light");
    assert.deepEqual(wrong, []);
    await close();
  },

  async "what happens now is seen without loading anew"() {
    const { page, wrong, close } = await open();
    await page.waitForFunction(() => document.getElementById("connection").dataset.state === "live", null, PATIENCE);
    const label = () => page.locator("#requests canvas").getAttribute("aria-label");
    await page.waitForSelector("#requests canvas", PATIENCE);
    const [before, events] = [await label(), await page.locator("#events li").count()];
    await demand(200);
    await fetch(`${gateway}/v1/global-metrics/quotes/latest`).then((reply) => reply.text());
    await page.waitForFunction((before) => document.querySelector("#requests canvas").getAttribute("aria-label") !== before, before, PATIENCE);
    await page.waitForFunction((n) => document.querySelectorAll("#events li").length > n, events, PATIENCE);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "it is dark for those who want it dark"() {
    const { page, wrong, close } = await open();
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await back(), "rgb(246, 247, 249)");
    await page.getByRole("button", { name: "Dark" }).click();
    assert.equal(await back(), "rgb(16, 19, 23)");
    await page.waitForSelector("#requests canvas", PATIENCE);
    assert.ok(await drawn(page, "requests") > 500);
    await showsTiers(page);
    await shot(page, "dark");
    await page.reload();
    assert.equal(await back(), "rgb(16, 19, 23)", "the choice is remembered");
    assert.deepEqual(wrong, []);
    await close();
    const other = await open({ colorScheme: "dark" });
    assert.equal(await other.page.evaluate(() => document.documentElement.dataset.theme), "dark", "as the system has it");
    await other.close();
  },

  async "it fits a phone"() {
    const { page, wrong, close } = await open({ viewport: { width: 400, height: 800 } });
    await page.waitForSelector("#requests canvas", PATIENCE);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 400, `the page is ${width} wide`);
    // No cell is so narrow that a word is cut to pieces.
    const narrow = await page.evaluate(() => [...document.querySelectorAll(".scroll td, #ages td")].filter((cell) => cell.textContent && cell.getClientRects().length && cell.clientWidth < 48).map((cell) => cell.textContent));
    assert.deepEqual(narrow, [], "cramped");
    assert.ok(await drawn(page, "requests") > 200);
    await showsTiers(page);
    await shot(page, "phone");
    assert.deepEqual(wrong, []);
    await close();
  },

  async "it warms coins before anybody asks, and says what that took"() {
    const { page, wrong, close } = await open();
    await page.locator("#warm input").fill("300");
    await page.locator("#warm select").selectOption("rank");
    await page.getByRole("button", { name: "Warm" }).click();
    await page.waitForFunction(() => /\d+ fetched, \d+ were fresh, 0 left out: \d credits/.test(document.getElementById("warmed").textContent), null, PATIENCE);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "paid calls are paused and go out again, and the page says so"() {
    const { page, wrong, close } = await open();
    const ask = (path) => fetch(`${gateway}${path}`).then((reply) => reply.status);
    await page.getByRole("button", { name: "Pause paid calls" }).click();
    await page.waitForFunction(() => document.getElementById("paused").textContent.includes("paused since"), null, PATIENCE);
    assert.equal(await ask("/v1/cryptocurrency/map?limit=7"), 200, "what is free is still answered");
    assert.equal(await ask("/v1/cryptocurrency/categories?limit=7"), 503, "nothing is bought");
    assert.equal(await ask("/v2/cryptocurrency/quotes/latest?id=1"), 200, "what is cached is served");
    await page.locator("#pause").scrollIntoViewIfNeeded();
    await shot(page, "paused");
    await page.getByRole("button", { name: "Let paid calls go out" }).click();
    await page.waitForFunction(() => document.getElementById("paused").textContent === "Paid calls go out.", null, PATIENCE);
    assert.equal(await ask("/v1/cryptocurrency/categories?limit=7"), 200);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "a keyboard is enough"() {
    const { page, wrong, close } = await open();
    const focused = () => page.evaluate(() => {
      const at = document.activeElement;
      return { name: at.id || at.getAttribute("href") || at.name || at.tagName, outline: getComputedStyle(at).outlineStyle };
    });
    await page.keyboard.press("Tab");
    assert.equal((await focused()).name, "#main", "the way past the header comes first");
    const wanted = new Set(["range", "theme", "sign-in", "what", "which"]);
    for (let step = 0; step < 80 && wanted.size; step += 1) {
      await page.keyboard.press("Tab");
      const { name, outline } = await focused();
      assert.notEqual(outline, "none", `${name} does not show that it has the focus`);
      wanted.delete(name);
    }
    assert.deepEqual([...wanted], [], "not reached");
    await page.locator("#sign-in").focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#tokens[open]");
    await shot(page, "tokens");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#tokens:not([open])", { state: "attached" });
    await page.locator('select[name="what"]').selectOption("class");
    await page.locator('input[name="which"]').fill("quotes");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("acted").textContent.startsWith("Forgotten"), null, PATIENCE);
    assert.deepEqual(wrong, []);
    await close();
  },

  async "whoever cannot see it is told the same"() {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open({ colorScheme });
      await page.waitForSelector("#requests canvas", PATIENCE);
      assert.deepEqual(await violations(page), [], colorScheme);
      await page.locator("#sign-in").click();
      assert.deepEqual(await violations(page), [], `${colorScheme}, tokens`);
      await close();
    }
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.stack}`);
  }
}
await browser.close();
console.log(`${Object.keys(checks).length - failed} of ${Object.keys(checks).length} checks passed`);
process.exit(failed ? 1 : 0);
