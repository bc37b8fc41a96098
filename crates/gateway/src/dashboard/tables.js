// Rows of text. Nothing that came over the network is ever read as markup.

function cell(tag, value, { number = false, state = "" } = {}) {
  const element = document.createElement(tag);
  if (value instanceof Node) element.append(value);
  else element.textContent = value ?? "–";
  if (number) element.className = "number";
  if (state) element.dataset.state = state;
  return element;
}

/**
 * Fills the table `id`. A column has a title, what it shows of a row, and may be a `number` or have
 * a `state` that colours it.
 */
function fill(id, columns, rows, nothing = "nothing yet") {
  const table = document.getElementById(id);
  const head = document.createElement("thead");
  const titles = document.createElement("tr");
  for (const column of columns) {
    const title = cell("th", column.title, column);
    title.scope = "col";
    titles.append(title);
  }
  head.append(titles);
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = document.createElement("tr");
    for (const column of columns) {
      line.append(cell("td", column.of(row), { number: column.number, state: column.state?.(row) }));
    }
    body.append(line);
  }
  if (!rows.length) {
    const line = document.createElement("tr");
    const only = cell("td", nothing);
    only.colSpan = columns.length;
    only.className = "quiet";
    line.append(only);
    body.append(line);
  }
  table.replaceChildren(head, body);
}

/** How much of a whole, as a bar with its words. */
function share(value, whole, words) {
  const box = document.createElement("span");
  const bar = document.createElement("meter");
  bar.max = Math.max(whole, 1);
  bar.value = value;
  bar.setAttribute("aria-label", words);
  box.append(bar, document.createTextNode(words));
  return box;
}

function tile(name, value, words, state = "") {
  const box = document.querySelector(`[data-tile="${name}"]`);
  const [shown, says] = box.querySelectorAll("dd");
  shown.textContent = value;
  if (state) shown.dataset.state = state;
  else delete shown.dataset.state;
  says.textContent = words;
}

const clock = (millis) => new Date(millis).toLocaleTimeString([], { hour12: false });

export { clock, fill, share, tile };
