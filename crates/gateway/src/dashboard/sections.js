// What each section shows of what the gateway said. No section asks by itself.

import { PALETTE, draw, short } from "./charts.js";
import { clock, fill, share, tile } from "./tables.js";

const BLOCK_PLACES = 250;
const n = (value) => Number(value ?? 0).toLocaleString();
const percent = (part, whole) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "–");
const total = (requests) => Object.values(requests).reduce((sum, one) => sum + one, 0);

function about(status) {
  const up = status.uptime_s;
  const words = up >= 86_400 ? `${Math.floor(up / 86_400)} d` : up >= 3_600 ? `${Math.floor(up / 3_600)} h` : `${Math.floor(up / 60)} min`;
  document.getElementById("about").textContent = `${status.version} · up ${words} · before ${status.upstream}`;
}

function health(report) {
  const words = { pass: "all is well", warn: "works, with worries", fail: "does not work" };
  tile("health", report.status, words[report.status] ?? "", report.status);
  const rows = Object.entries(report.checks ?? {}).flatMap(([name, found]) => found.map((one) => ({ name, ...one })));
  fill("checks", [
    { title: "check", of: (row) => row.name },
    { title: "status", of: (row) => row.status, state: (row) => row.status },
    { title: "measured", of: (row) => (row.observedValue == null ? "" : `${short(row.observedValue)} ${row.observedUnit}`), number: true },
    { title: "what it says", of: (row) => row.output ?? "" },
  ], rows);
}

function tiers(status) {
  const rows = [
    { name: "decoded", role: "memory", breaker: "closed", hits: status.hot.hits + status.ready_answers, held: `${n(status.hot.entities)} entities` },
    ...status.tiers.map((tier) => ({ ...tier, held: tier.shared ? "shared" : "own" })),
    ...status.breakers.map(([name, breaker]) => ({ name, role: "endpoint", breaker, hits: null, held: "" })),
  ];
  fill("tiers", [
    { title: "tier or endpoint", of: (row) => row.name },
    { title: "role", of: (row) => row.role },
    { title: "breaker", of: (row) => row.breaker, state: (row) => row.breaker },
    { title: "found", of: (row) => (row.hits == null ? "" : n(row.hits)), number: true },
    { title: "holds", of: (row) => row.held },
  ], rows);
}

function paused({ paused_since: since }) {
  const form = document.getElementById("pause");
  form.dataset.paused = String(Boolean(since));
  form.querySelector("button").textContent = since ? "Let paid calls go out" : "Pause paid calls";
  const says = document.getElementById("paused");
  says.textContent = since ? `Paid calls are paused since ${clock(Date.parse(since))}: only what is cached is served.` : "Paid calls go out.";
  says.dataset.state = since ? "warn" : "";
}

function credits(told) {
  const { month } = told;
  const state = month.limit && month.used / month.limit > 0.95 ? "fail" : month.limit && month.used / month.limit > 0.85 ? "warn" : "";
  const left = month.available == null ? "no limit is known" : `${n(month.available)} left until ${month.reset.slice(0, 10)}`;
  tile("credits", n(month.used), `${month.limit ? `${percent(month.used, month.limit)} of ${n(month.limit)}; ` : ""}${left}`, state);
  const sum = told.by_operation.reduce((all, row) => all + row.credits, 0);
  fill("endpoints", [
    { title: "endpoint", of: (row) => row.operation },
    { title: "credits", of: (row) => n(row.credits), number: true },
    { title: "share", of: (row) => percent(row.credits, sum), number: true },
    { title: "calls", of: (row) => n(row.calls), number: true },
    { title: "mean", of: (row) => `${row.mean_ms} ms`, number: true },
  ], told.by_operation.slice(0, 12), "nothing was charged yet");
}

/** A call is paid by the coins for which it was made; a coin in a block has a small part of it. */
function coins(told) {
  const credits = (micro) => short(micro / 1e6);
  fill("coins", [
    { title: "coin", of: (row) => row.symbol ?? row.id },
    { title: "in", of: (row) => row.converts.join(", ") },
    { title: "credits", of: (row) => credits(row.charged_micro), number: true },
    { title: "share", of: (row) => percent(row.charged_micro, told.charged_micro), number: true },
    { title: "askings/min", of: (row) => short(row.per_minute), number: true },
  ], told.coins.slice(0, 12), "nothing was bought or asked for lately");
  const rest = told.of_others_micro + told.coins.slice(12).reduce((sum, row) => sum + row.charged_micro, 0);
  const parts = [
    `Of ${credits(told.charged_micro)} ${told.charged_micro === 1e6 ? "credit" : "credits"} since the start`,
    told.of_no_coin_micro ? `${credits(told.of_no_coin_micro)} for no coin in particular` : "",
    rest ? `${credits(rest)} for other coins` : "",
  ];
  document.getElementById("coins-says").textContent = `${parts.filter(Boolean).join("; ")}.`;
}

function calls(ledger) {
  const rows = (ledger.items ?? ledger).slice(0, 40);
  fill("calls", [
    { title: "at", of: (row) => clock(row.at) },
    { title: "endpoint", of: (row) => row.operation },
    { title: "carried", of: (row) => carried(row) },
    { title: "credits", of: (row) => `${n(row.charged)}${row.assumed ? " (assumed)" : ""}`, number: true },
    { title: "took", of: (row) => `${row.elapsed_ms} ms`, number: true },
    { title: "outcome", of: (row) => row.outcome, state: (row) => (row.outcome === "ok" ? "" : "warn") },
  ], rows, "no call was made yet");
}

/** How full the paid places of a call were. */
function carried(row) {
  const places = Math.max(row.charged, 1) * BLOCK_PLACES;
  return row.n_keys > 1 ? share(row.n_keys, places, `${n(row.n_keys)} of ${n(places)} places`) : "1 entity";
}

function slow(rows) {
  const parts = ["queue", "connect", "wait", "body", "decode", "tier", "store"];
  fill("slow", [
    { title: "at", of: (row) => clock(row.at_ms) },
    { title: "operation", of: (row) => row.operation },
    { title: "outcome", of: (row) => row.outcome },
    { title: "took", of: (row) => `${Math.round(row.elapsed_ms)} ms`, number: true },
    { title: "where the time went", of: (row) => parts.filter((part) => row.cause?.[`${part}_ms`] != null).map((part) => `${part} ${Math.round(row.cause[`${part}_ms`])} ms`).join(" · ") || "not split" },
  ], rows.slice(0, 20), "nothing was slow");
}

function timeline({ age_bounds_s: bounds, moments }) {
  const times = moments.map((moment) => moment.at_ms / 1_000);
  const rate = (of) => moments.map((moment) => of(moment) / moment.seconds);
  draw("requests", times, ["full", "partial", "cold", "stale", "failed"].map((state) => ({
    label: state, fill: state === "full", values: rate((moment) => moment.requests[state]),
  })), { unit: "/s" });
  const part = (of) => moments.map(({ requests }) => (total(requests) ? (100 * of(requests)) / total(requests) : null));
  draw("hits", times, [
    { label: "fresh", fill: true, values: part((requests) => requests.full) },
    { label: "with what was stale", dash: true, values: part((requests) => requests.full + requests.stale) },
  ], { unit: " %" });
  const ms = (which, quantile) => moments.map((moment) => moment.latencies[which]?.[quantile] ?? null);
  draw("latency", times, [
    { label: "hit p50", values: ms("hit", "p50_ms") },
    { label: "hit p99", values: ms("hit", "p99_ms") },
    { label: "other p50", values: ms("other", "p50_ms"), dash: true },
    { label: "other p99", values: ms("other", "p99_ms"), dash: true },
  ], { unit: " ms" });
  tierLatency(times, moments);
  const names = moments.at(-1)?.found.map(([name]) => name) ?? [];
  draw("found", times, names.map((name, index) => ({
    label: name, fill: index === 0, values: rate((moment) => moment.found.find(([known]) => known === name)?.[1] ?? 0),
  })), { unit: "/s" });
  ages(bounds, moments);
  glance(moments);
}

/** Two curves of one colour for each tier: memory takes microseconds and a store milliseconds. */
function tierLatency(times, moments) {
  const names = [...new Set(moments.flatMap((moment) => moment.tiers.map((tier) => tier.name)))];
  const ms = (name, quantile) => moments.map((moment) => moment.tiers.find((tier) => tier.name === name)?.[quantile] || null);
  draw("tier-latency", times, names.flatMap((name, index) => [
    { label: `${name} p50`, colour: PALETTE[index % PALETTE.length], values: ms(name, "p50_ms") },
    { label: `${name} p99`, colour: PALETTE[index % PALETTE.length], values: ms(name, "p99_ms"), dash: true },
  ]), { unit: " ms", log: true });
}

function glance(moments) {
  const lately = moments.slice(-12);
  const seconds = lately.reduce((sum, moment) => sum + moment.seconds, 0);
  const count = (of) => lately.reduce((sum, moment) => sum + of(moment), 0);
  const all = count((moment) => total(moment.requests));
  const full = count((moment) => moment.requests.full);
  const failed = count((moment) => moment.requests.failed);
  tile("rate", seconds ? `${short(all / seconds)}/s` : "–", failed ? `${n(failed)} failed in the last minute` : "none failed in the last minute", failed ? "warn" : "");
  tile("hits", percent(full, all), "of the last minute's requests");
  const hit = moments.at(-1)?.latencies.hit;
  tile("latency", hit ? `${short(hit.p99_ms)} ms` : "–", hit ? `half of them below ${short(hit.p50_ms)} ms` : "no hits in the last minute");
}

function ages(bounds, moments) {
  const counts = bounds.map(() => 0).concat(0);
  for (const moment of moments) moment.ages.forEach((count, index) => { counts[index] += count; });
  const all = counts.reduce((sum, count) => sum + count, 0);
  const words = (seconds) => (seconds >= 3_600 ? `${seconds / 3_600} h` : seconds >= 60 ? `${seconds / 60} min` : `${seconds} s`);
  const rows = counts.map((count, index) => ({
    count, upto: index < bounds.length ? `up to ${words(bounds[index])}` : `over ${words(bounds.at(-1))}`,
  }));
  const table = document.createElement("table");
  table.id = "ages-table";
  document.getElementById("ages").replaceChildren(table);
  fill("ages-table", [
    { title: "age", of: (row) => row.upto },
    { title: "answers", of: (row) => n(row.count), number: true },
    { title: "share", of: (row) => share(row.count, Math.max(all, 1), percent(row.count, all)) },
  ], rows.filter((row, index) => row.count || index < 5));
}

export { about, calls, coins, credits, health, n, paused, slow, tiers, timeline };
