// The page: asks for the figures, follows the streams, and hands them to the sections.

import { Refused, follow, get, post, tokens } from "./api.js";
import { burn } from "./burn.js";
import { forget } from "./charts.js";
import { event } from "./events.js";
import * as sections from "./sections.js";
import { people } from "./people.js";

const API = "api/v1";
/** Figures that no stream brings are asked for this often. */
const ASK_EVERY_MS = 10_000;

const by = (id) => document.getElementById(id);
const range = () => by("range").value;
let shown = null;

function trouble(error) {
  const place = by("trouble");
  place.hidden = !error;
  if (!error) return;
  const isRefused = error instanceof Refused && [401, 403].includes(error.status);
  place.textContent = isRefused ? `${error.message} Give a token with “Tokens…”.` : String(error.message ?? error);
}

function connection(state, error) {
  const pill = by("connection");
  pill.dataset.state = state;
  pill.textContent = state === "live" ? "live" : "connection lost, trying again…";
  if (error instanceof Refused) trouble(error);
}

/** Each section for itself: one that fails leaves the others as they are. */
async function ask() {
  const wants = [
    ["../healthz", sections.health],
    [`${API}/status`, (status) => { sections.about(status); sections.tiers(status); sections.paused(status); }],
    [`${API}/credits`, sections.credits],
    [`${API}/ledger`, sections.calls],
    [`${API}/slow`, sections.slow],
    [`${API}/coins`, sections.coins],
    [`${API}/timeline?window=${range()}`, (timeline) => { shown = timeline; sections.timeline(timeline); }],
  ];
  const asked = await Promise.allSettled([
    ...wants.map(async ([path, show]) => {
      const said = await get(path);
      if (said) show(said);
    }),
    burn(API),
    people(API),
  ]);
  trouble(asked.find((one) => one.status === "rejected")?.reason);
}

/** A moment that the stream brought, at the end of what is shown. */
function moment(text) {
  if (!shown || !["15m", "1h"].includes(range())) return;
  const moments = [...shown.moments, JSON.parse(text)];
  shown = { ...shown, moments: moments.slice(-(range() === "1h" ? 720 : 180)) };
  sections.timeline(shown);
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  by("theme").setAttribute("aria-pressed", String(dark));
  forget();
  if (shown) sections.timeline(shown);
  burn(API).catch(trouble);
}

function streams() {
  const live = follow(`${API}/live`, {
    event: (kind, text) => { if (kind === "moment") moment(text); },
    state: connection,
  });
  const events = follow(`${API}/events?replay=true`, { event, state: () => {} });
  return () => { live(); events(); };
}

function act(form) {
  const { what, which } = Object.fromEntries(new FormData(form));
  const body = what === "all" ? { all: true } : { [what]: which };
  const place = by("acted");
  place.textContent = "…";
  post(`${API}/invalidate`, "invalidate", body).then(
    (done) => { place.textContent = `Forgotten: ${done.forgotten.join(", ")}`; ask(); },
    (error) => { place.textContent = error.message; },
  );
}

/** The opposite of what holds now. */
function pause(form) {
  const place = by("pause-says");
  place.textContent = "…";
  post(`${API}/pause`, "pause", { paused: form.dataset.paused !== "true" }).then(
    () => { place.textContent = ""; ask(); },
    (error) => { place.textContent = error.message; },
  );
}

function warm(form) {
  const { coins, by: rule } = Object.fromEntries(new FormData(form));
  const place = by("warmed");
  place.textContent = "…";
  post(`${API}/warm`, "warm", { coins: Number(coins), by: rule }).then(
    (done) => {
      place.textContent = done.state === "elsewhere"
        ? "Another instance is warming."
        : `${done.fetched} fetched, ${done.fresh} were fresh, ${done.left} left out: ${done.credits} credits.`;
      ask();
    },
    (error) => { place.textContent = error.message; },
  );
}

let stop = streams();
by("range").addEventListener("change", ask);
by("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme !== "dark";
  localStorage.setItem("cmcache-theme", dark ? "dark" : "light");
  theme(dark);
});
by("act").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  act(submitted.target);
});
by("pause").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  pause(submitted.target);
});
by("warm").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  warm(submitted.target);
});
by("sign-in").addEventListener("click", () => by("tokens").showModal());
by("tokens").addEventListener("close", () => {
  if (by("tokens").returnValue !== "save") return;
  tokens.keep(by("client-token").value, by("admin-token").value);
  by("client-token").value = "";
  by("admin-token").value = "";
  stop();
  stop = streams();
  ask();
});

const prefers = matchMedia("(prefers-color-scheme: dark)");
const wished = () => localStorage.getItem("cmcache-theme") ?? (prefers.matches ? "dark" : "light");
prefers.addEventListener("change", () => theme(wished() === "dark"));
theme(wished() === "dark");
ask();
setInterval(() => { if (!document.hidden) ask(); }, ASK_EVERY_MS);
