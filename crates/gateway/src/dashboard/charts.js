// Curves over time, drawn by uPlot in the page's own colours, with the same figures as a table for
// those who do not see them.

/* global uPlot */

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** No chart shows less time than this: the first moments would fill it with nothing. */
const SPAN_MIN_S = 60;
const PALETTE = ["--s1", "--s2", "--s3", "--s4", "--s5"];

const LINEAR = { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? high * 1.08 : 1] };
/** Whole powers of ten, so that the curves do not touch the edges. */
const LOG = { distr: 3, range: (_, low, high) => [10 ** Math.floor(Math.log10(low || 0.001)), 10 ** Math.ceil(Math.log10((high || 1) * 1.01))] };
/** A line for each of them: what lies between would be a grey wall. */
const powers = (_, __, low, high) => {
  const [first, last] = [low, high].map((edge) => Math.round(Math.log10(edge)));
  return Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step));
};

const drawn = new Map();

/**
 * Draws `series` over `times` (seconds since 1970) into the figure `id`. A series has a label,
 * values, and may be `fill`ed, `dash`ed, or the upper edge of a `band` over the one before it. On a
 * `log` scale what is a thousand times as much still leaves the rest to be seen.
 */
function draw(id, times, series, { unit = "", height = 200, log = false } = {}) {
  const figure = document.getElementById(id);
  const shape = JSON.stringify([series.map((one) => one.label), document.documentElement.dataset.theme]);
  const data = [times, ...series.map((one) => one.values)];
  const known = drawn.get(id);
  if (known?.shape === shape) {
    known.plot.setData(data);
  } else {
    known?.plot.destroy();
    known?.watch.disconnect();
    figure.replaceChildren();
    const plot = new uPlot(options(figure, series, { unit, height, log }), data, figure);
    const watch = new ResizeObserver(() => plot.setSize({ width: figure.clientWidth, height }));
    watch.observe(figure);
    drawn.set(id, { shape, plot, watch });
  }
  describe(figure, times, series, unit);
}

/**
 * Where nobody points, the legend tells what the first curve said last, and of the others what they
 * say then, or at their end.
 */
function latest(plot) {
  if (plot.cursor.idx != null || !plot.data[0].length) return;
  const end = (values) => values.findLastIndex((value) => value != null);
  const now = Math.max(end(plot.data[1] ?? []), 0) || plot.data[0].length - 1;
  const idxs = plot.data.map((values) => (values[now] == null ? Math.max(end(values), 0) : now));
  plot.setLegend({ idxs }, false);
}

function options(figure, series, { unit, height, log }) {
  const told = (plot) => Object.assign(figure.dataset, { from: plot.scales.x.min, until: plot.scales.x.max });
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const bands = [];
  const lines = series.map((one, index) => {
    const stroke = colour(one.colour ?? PALETTE[index % PALETTE.length]);
    if (one.band) bands.push({ series: [index + 1, index], fill: colour("--band") });
    return {
      label: one.label,
      stroke,
      width: one.thin ? 1 : 2,
      dash: one.dash ? [6, 4] : undefined,
      fill: one.fill ? `${stroke}22` : undefined,
      spanGaps: Boolean(one.dash || one.band),
      // A line needs two of them.
      points: { show: (plot) => plot.data[0].length < 3 },
      value: (_, value) => (value == null ? "–" : `${short(value)}${unit}`),
    };
  });
  return {
    width: Math.max(figure.clientWidth, 200),
    height,
    series: [{ value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" }, ...lines],
    bands,
    axes: [{ ...axis, space: 80 }, { ...axis, size: 62, ...(log ? { splits: powers } : {}), values: (_, splits) => splits.map((value) => (value == null ? "" : `${short(value)}${unit}`)) }],
    // By the moments themselves: of a single one uPlot makes years.
    scales: { x: { range: (plot) => span(plot.data[0]?.[0], plot.data[0]?.at(-1)) }, y: log ? LOG : LINEAR },
    cursor: { drag: { x: false, y: false } },
    legend: { live: true, markers: { dash: (plot, at) => (plot.series[at].dash ? "dashed" : "solid") } },
    hooks: { draw: [latest, told], setCursor: [latest] },
  };
}

function span(low, high) {
  const until = high ?? Date.now() / 1_000;
  return [Math.min(low ?? until, until - SPAN_MIN_S), until];
}

/** What the curve says, in words: its latest values. */
function describe(figure, times, series, unit) {
  const canvas = figure.querySelector("canvas");
  if (!canvas) return;
  const latest = series.map((one) => {
    const known = one.values.filter((value) => value != null);
    return `${one.label} ${known.length ? `${short(known.at(-1))}${unit}` : "unknown"}`;
  });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${times.length} points; latest: ${latest.join(", ")}`);
}

/** A number as short as it can be told. */
function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return `${(value / 1e6).toFixed(size >= 1e7 ? 0 : 1)}M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(0)}k`;
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return size >= 1 ? value.toFixed(1) : value.toPrecision(2);
}

/** Colours are read when a chart is made: a new theme makes them anew. */
function forget() {
  for (const { plot, watch } of drawn.values()) {
    watch.disconnect();
    plot.destroy();
  }
  drawn.clear();
}

export { PALETTE, draw, forget, short };
