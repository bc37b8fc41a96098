// Who asks, and for what: sections that show up once there is something to tell.

import { get } from "./api.js";
import { n } from "./sections.js";
import { fill } from "./tables.js";

const TOP = 15;

async function people(api) {
  const [clients, popularity] = await Promise.all([get(`${api}/clients`), get(`${api}/popularity`)]);
  reveal("s-clients", clients?.clients ?? clients ?? [], (rows) => fill("clients", [
    { title: "client", of: (row) => row.name },
    { title: "credits, month", of: (row) => used(row.month), number: true },
    { title: "credits, day", of: (row) => used(row.day), number: true },
    { title: "priority", of: (row) => row.priority ?? "" },
  ], rows));
  reveal("s-coins", popularity?.coins ?? popularity ?? [], (rows) => fill("coins", [
    { title: "coin", of: (row) => row.symbol ?? row.name ?? row.id ?? row.coin },
    { title: "currency", of: (row) => row.currency ?? "" },
    { title: "asked", of: (row) => (row.rate == null ? n(row.count) : `${row.rate.toFixed(2)}/s`), number: true },
  ], rows.slice(0, TOP)));
}

function used(window) {
  if (window == null) return "";
  if (typeof window !== "object") return n(window);
  return window.limit == null ? n(window.used) : `${n(window.used)} of ${n(window.limit)}`;
}

function reveal(id, rows, show) {
  document.getElementById(id).hidden = !rows.length;
  if (rows.length) show(rows);
}

export { people };
