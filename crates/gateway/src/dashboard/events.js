// The events of the gateway, newest first.

import { clock } from "./tables.js";

const SHOWN_MAX = 200;
const STATES = { warning: "warn", critical: "fail" };

function event(kind, text) {
  const list = document.getElementById("events");
  let told = {};
  try { told = JSON.parse(text); } catch { told = { message: text }; }
  const line = document.createElement("li");
  const at = document.createElement("time");
  const millis = typeof told.at === "number" ? told.at : Date.parse(told.at ?? "") || Date.now();
  at.dateTime = new Date(millis).toISOString();
  at.textContent = clock(millis);
  const name = document.createElement("strong");
  name.textContent = told.kind ?? kind;
  line.append(at, name, document.createTextNode(` ${words(told)}`));
  if (told.severity) line.dataset.state = STATES[told.severity] ?? "";
  list.prepend(line);
  while (list.children.length > SHOWN_MAX) list.lastChild.remove();
}

function words({ message, lost, told = {} }) {
  if (message) return message;
  if (lost !== undefined) return `${lost ?? "some"} events were missed`;
  const parts = Object.entries(told).filter(([, value]) => value != null && value !== "");
  const shown = (value) => (typeof value === "object" ? JSON.stringify(value) : value);
  return parts.map(([name, value]) => `${name.replaceAll("_", " ")} ${shown(value)}`).join(" · ");
}

export { event };
