// Asks two servers the same questions with the JavaScript clients of the registry and compares.
//
//     node compare.mjs GATEWAY_URL SIMULATOR_URL KEY MODULES
//
// MODULES is the folder whose node_modules holds the clients. They are used as they are installed:
// `coinmarketcap-js` is told another base URL; `coinmarketcap-api` knows no such option, so its
// documented `fetcher` sends the same request to another host. What a client hands to its caller is
// compared, but for the moment it was asked. Ends with 0 when all are equal, with 1 otherwise.

import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const [gateway, simulator, key, modules] = process.argv.slice(2);
const require = createRequire(join(modules, "package.json"));
const restClient = require("coinmarketcap-js").default;
const CoinMarketCap = require("coinmarketcap-api");
const fetch = require("node-fetch");

const REAL_HOST = "https://pro-api.coinmarketcap.com";
const OF_THE_MOMENT = ["timestamp", "elapsed", "credit_count", "creditCount"];

const cases = [];
const add = (title, call) => cases.push({ title, call });

// --- coinmarketcap-js: every method, in every version that the API has of it
const rest = (version) => (base) => restClient(key, version, base);
const ask = (title, version, path, ...argument) => {
  const [group, method] = path.split(".");
  add(`js ${version} ${path}: ${title}`, (base) => rest(version)(base)[group][method](...argument));
};

for (const version of ["v1", "v2", "v3"]) {
  const quotes = "crypto.latestQuotes";
  ask("by id", version, quotes, { id: "1,1027,825" });
  ask("by slug", version, quotes, { slug: ["bitcoin,solana"] });
  ask("by symbol", version, quotes, { symbol: "BTC,eth" });
  ask("in two currencies", version, quotes, { id: 52, convert: ["EUR,BTC"] });
  ask("by convert_id", version, quotes, { id: 1, convertId: "2790" });
  ask("unknown", version, quotes, { id: "99999999", skipInvalid: false });
  ask("none at all", version, quotes, {});
}
for (const version of ["v1", "v3"]) {
  const listings = "crypto.latestListings";
  ask("the first", version, listings, {});
  ask("a page in euro", version, listings, { start: 51, limit: 20, convert: "EUR" });
  ask("by name", version, listings, { limit: 10, sort: "name", sortDir: "asc" });
  ask("dear ones", version, listings, { priceMin: 100, limit: 10 });
  ask("too many", version, listings, { limit: 5001 });
}
for (const version of ["v1", "v2"]) {
  ask("by id", version, "crypto.info", { id: "1,825" });
  ask("by symbol", version, "crypto.info", { symbol: "BTC" });
  ask("by slug", version, "crypto.info", { slug: "ethereum", aux: "urls,logo" });
  ask("by id", version, "tools.priceConversion", { amount: 2.5, id: "1", convert: "EUR" });
  ask("by symbol", version, "tools.priceConversion", { amount: 7, symbol: "ETH", convert: "USD" });
  ask("no amount", version, "tools.priceConversion", { id: "1" });
}
ask("a page", "v1", "crypto.idMap", { limit: 50, sort: "cmc_rank" });
ask("by symbol", "v1", "crypto.idMap", { symbol: "BTC,USDT" });
ask("inactive", "v1", "crypto.idMap", { listingStatus: "inactive", limit: 20 });
ask("a page", "v1", "crypto.categories", { limit: 5 });
ask("of a coin", "v1", "crypto.categories", { id: "1" });
ask("a page", "v1", "exchange.idMap", { limit: 20 });
ask("by slug", "v1", "exchange.idMap", { slug: "binance" });
ask("by id", "v1", "exchange.info", { id: "270,89" });
ask("by slug", "v1", "exchange.info", { slug: "binance" });
ask("all", "v1", "fiat.idMap", {});
ask("with metals", "v1", "fiat.idMap", { includeMetals: true, sort: "name" });
ask("now", "v1", "global.latestQuotes", {});
ask("in euro", "v1", "global.latestQuotes", { convert: "EUR" });
add("js v1 crypto.category: of the first", async (base) => {
  const { data } = await rest("v1")(base).crypto.categories({ limit: 1 });
  return rest("v1")(base).crypto.category({ id: data[0].id, limit: 5 });
});

// --- coinmarketcap-api: every method
for (const version of ["v1", "v2", "v3"]) {
  const at = (base) =>
    new CoinMarketCap(key, {
      version,
      fetcher: (url, config) => fetch(url.replace(REAL_HOST, base), config),
    });
  // A method is asked where the API has that version of it.
  const has = (...versions) => versions.includes(version);
  add(`api ${version} getQuotes by id`, (base) => at(base).getQuotes({ id: [1, 2] }));
  add(`api ${version} getQuotes by symbol`, (base) =>
    at(base).getQuotes({ symbol: ["BTC", "ETH"], convert: ["USD", "EUR"] }));
  if (has("v1", "v2")) {
    add(`api ${version} getMetadata by id`, (base) => at(base).getMetadata({ id: "1,1027" }));
    add(`api ${version} getMetadata by symbol`, (base) => at(base).getMetadata({ symbol: "BTC" }));
  }
  if (has("v1", "v3")) {
    add(`api ${version} getTickers`, (base) => at(base).getTickers({ limit: 30 }));
    add(`api ${version} getTickers by name`, (base) =>
      at(base).getTickers({ limit: 5, sort: "name", convert: "EUR", cryptocurrencyType: "coins" }));
    add(`api ${version} getTickers, too many`, (base) => at(base).getTickers({ limit: 5001 }));
  }
  if (has("v1")) {
    add(`api ${version} getIdMap`, (base) => at(base).getIdMap({ limit: 20, sort: "cmc_rank" }));
    add(`api ${version} getGlobal`, (base) => at(base).getGlobal("GBP"));
  }
}

/** What the caller of a client sees: a document, or an error with the API's own words in it. */
async function seen(call, base) {
  try {
    return { document: timeless(await call(base)) };
  } catch (error) {
    if (!error.response) throw error;
    return { status: error.response.status, document: timeless(error.response.data) };
  }
}

function timeless(document) {
  const status = { ...document?.status };
  for (const name of OF_THE_MOMENT) delete status[name];
  return { ...document, status };
}

/** The first path at which two values differ. */
function difference(path, left, right) {
  const isNode = (value) => typeof value === "object" && value !== null;
  if (!isNode(left) || !isNode(right)) {
    return `${path}: ${JSON.stringify(left)} is not ${JSON.stringify(right)}`.slice(0, 300);
  }
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const name = [...names].find((name) => !isDeepStrictEqual(left[name], right[name]));
  return difference(`${path}.${name}`, left[name], right[name]);
}

let nEqual = 0;
let nServed = 0;
for (const { title, call } of cases) {
  try {
    const [ours, theirs] = [await seen(call, gateway), await seen(call, simulator)];
    const isEqual = isDeepStrictEqual(ours, theirs);
    nEqual += isEqual;
    nServed += ours.document.data !== undefined;
    console.log(`${isEqual ? "equal  " : "DIFFERS"} ${title}`);
    if (!isEqual) console.log(`        ${difference("$", ours, theirs)}`);
  } catch (error) {
    console.log(`DIFFERS ${title}\n        ${error}`);
  }
}
console.log(`${nEqual} of ${cases.length} calls equal, ${nServed} with data`);
process.exit(nEqual === cases.length ? 0 : 1);
