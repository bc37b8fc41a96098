// Credits over the billing month: what was used, the even pace, and where the forecast leads.

import { get } from "./api.js";
import { draw } from "./charts.js";
import { n } from "./sections.js";
import { tile } from "./tables.js";

const DAY_MS = 86_400_000;
/** Points of the lines that lead to the reset. */
const STEPS = 24;

async function burn(api) {
  const [told, foresight, daily] = await Promise.all([
    get(`${api}/credits`), get(`${api}/forecast`), get(`${api}/report?by=day&since=32d`),
  ]);
  if (!told) return;
  const { month } = told;
  const now = Date.now();
  const reset = Date.parse(month.reset);
  const start = previousMonth(reset);
  const used = usedByDay(daily?.lines ?? [], start, now, month.used);
  const forecast = foresight?.forecast ?? null;
  const ahead = lines(now, reset, month.used, forecast?.used_at_reset ?? null);
  const times = [...used.map(([at]) => at), ...ahead.map((point) => point.at)].map((at) => at / 1_000);
  const past = used.map(() => null);
  const pad = (values) => [...past, ...values];
  const even = (at) => (month.limit ? (month.limit * (at - start)) / (reset - start) : null);
  const series = [
    { label: "used", fill: true, values: [...used.map(([, value]) => value), ...ahead.map(() => null)] },
    { label: "even pace", dash: true, colour: "--quiet", values: times.map((at) => even(at * 1_000)) },
  ];
  if (month.limit) series.push({ label: "limit", thin: true, colour: "--bad", values: times.map(() => month.limit) });
  if (forecast) {
    series.push(
      { label: "low", thin: true, colour: "--s1", values: pad(ahead.map((point) => point.low)) },
      { label: "high", thin: true, colour: "--s1", band: true, values: pad(ahead.map((point) => point.high)) },
      { label: "expected", dash: true, colour: "--s1", values: pad(ahead.map((point) => point.mid)) },
    );
  }
  draw("burn", times, series, { height: 250 });
  words(told, forecast, (reset - now) / DAY_MS);
}

/** Billing months are as long as the calendar's: the reset before this one. */
function previousMonth(reset) {
  const at = new Date(reset);
  const day = at.getUTCDate();
  const first = new Date(at);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() - 1);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.getTime();
}

/**
 * The use at the end of each day, from the ledger. What it does not know, because others used the
 * key or it began later, was used before its first day.
 */
function usedByDay(days, start, now, used) {
  const known = days
    .map((day) => [Date.parse(`${day.key}T00:00:00Z`) + DAY_MS, day.credits])
    .filter(([end]) => end > start)
    .sort(([one], [other]) => one - other);
  const sum = known.reduce((all, [, credits]) => all + credits, 0);
  let before = Math.max(used - sum, 0);
  const points = [[start, before]];
  for (const [end, credits] of known) {
    before += credits;
    if (end < now) points.push([end, before]);
  }
  points.push([now, used]);
  return points;
}

function lines(now, reset, used, band) {
  const ends = band ?? { low: null, mid: null, high: null };
  return Array.from({ length: STEPS }, (_, step) => {
    const part = (step + 1) / STEPS;
    const towards = (end) => (end == null ? null : used + (end - used) * part);
    return { at: now + (reset - now) * part, low: towards(ends.low), mid: towards(ends.mid), high: towards(ends.high) };
  });
}

function words({ month, pace }, forecast, days) {
  const left = `${Math.max(days, 0).toFixed(1)} days to the reset`;
  const says = document.getElementById("burn-says");
  const paced = pace ? ` Pace: ${pace.step ?? pace.ladder ?? ""}.` : "";
  if (!forecast) {
    tile("forecast", "–", "a forecast needs two days of history");
    says.textContent = `${left}; a forecast needs two days of history.${paced}`;
    return;
  }
  const { low, mid, high } = forecast.used_at_reset;
  const risk = forecast.chance_of_running_out;
  const state = month.limit == null ? "" : risk > 0.5 ? "fail" : risk > 0.1 ? "warn" : "pass";
  tile("forecast", n(mid), `${n(low)} to ${n(high)}, ${left}`, state);
  const chance = month.limit == null ? "" : ` The limit is met before that with a chance of ${(100 * risk).toFixed(0)} %.`;
  says.textContent = `Four of five courses end between ${n(low)} and ${n(high)}; ${left}.${chance}${paced}`;
}

export { burn };
