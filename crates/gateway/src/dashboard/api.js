// Asking the gateway: JSON, and streams of events. Tokens live in this tab and go nowhere else.

const tokens = {
  get client() { return sessionStorage.getItem("cmcache-client") ?? ""; },
  get admin() { return sessionStorage.getItem("cmcache-admin") ?? ""; },
  keep(client, admin) {
    sessionStorage.setItem("cmcache-client", client);
    sessionStorage.setItem("cmcache-admin", admin);
  },
};

function headers(more = {}) {
  const all = { ...more };
  if (tokens.client) all["X-CMC_PRO_API_KEY"] = tokens.client;
  if (tokens.admin) all.Authorization = `Bearer ${tokens.admin}`;
  return all;
}

/** An answer that is no success, in the gateway's own words. */
class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function said(response) {
  const text = await response.text();
  let body = null;
  try { body = JSON.parse(text); } catch { /* what is no JSON is told as it is */ }
  if (!response.ok && !body?.checks) {
    throw new Refused(response.status, body?.status?.error_message ?? `HTTP ${response.status}`);
  }
  return body;
}

/** The JSON of a path; `null` where this gateway has no such thing. */
async function get(path) {
  const response = await fetch(path, { headers: headers(), cache: "no-store" });
  return response.status === 404 ? null : said(response);
}

async function post(path, action, body) {
  const all = headers({ "Content-Type": "application/json", "X-Cmcache-Action": action });
  return said(await fetch(path, { method: "POST", headers: all, body: JSON.stringify(body) }));
}

/**
 * Reads a stream of events until it is told to end, and connects anew when it breaks: `EventSource`
 * could not send the token.
 */
function follow(path, { event, state }) {
  let stopped = false;
  let last = "";
  let abort = new AbortController();
  const run = async () => {
    for (let pause = 500; !stopped; pause = Math.min(pause * 2, 15_000)) {
      abort = new AbortController();
      try {
        const more = last ? { "Last-Event-ID": last } : {};
        const response = await fetch(path, { headers: headers(more), signal: abort.signal, cache: "no-store" });
        if (!response.ok) await said(response);
        state("live");
        pause = 500;
        await read(response.body, (kind, text, id) => { last = id || last; event(kind, text); });
      } catch (error) {
        if (stopped) return;
        state("lost", error);
      }
      await new Promise((resume) => setTimeout(resume, pause * (0.75 + Math.random() / 2)));
    }
  };
  run();
  return () => { stopped = true; abort.abort(); };
}

async function read(stream, tell) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += value;
    const whole = waiting.split(/\r?\n\r?\n/);
    waiting = whole.pop();
    for (const block of whole) {
      let kind = "message", id = "";
      const text = [];
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith("event:")) kind = line.slice(6).trim();
        else if (line.startsWith("id:")) id = line.slice(3).trim();
        else if (line.startsWith("data:")) text.push(line.slice(5).replace(/^ /, ""));
      }
      if (text.length) tell(kind, text.join("\n"), id);
    }
  }
}

export { Refused, follow, get, post, tokens };
