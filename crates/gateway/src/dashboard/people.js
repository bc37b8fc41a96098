// Who asks: a section that shows up where clients have tokens.

import { get } from "./api.js";
import { n } from "./sections.js";
import { fill } from "./tables.js";

async function people(api) {
  const clients = await get(`${api}/clients`);
  reveal("s-clients", clients ?? [], (rows) => fill("clients", [
    { title: "client", of: (row) => row.name },
    { title: "credits, month", of: (row) => used(row.month), number: true },
    { title: "credits, day", of: (row) => used(row.day), number: true },
    { title: "priority", of: (row) => row.priority ?? "" },
  ], rows));
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
