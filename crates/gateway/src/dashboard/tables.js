// Rows of text. Nothing that came over the network is ever read as markup.

function cell(tag, value, { number = false, state = "" } = {}) {
  const element = document.createElement(tag);
  if (value instanceof Node) element.append(value);
  else element.append(...pieces(String(value ?? "–")));
  if (number) element.className = "number";
  if (state) element.dataset.state = state;
  return element;
}

/** Long names may break after what divides them, and nowhere else. */
function pieces(text) {
  return text.split(/(?<=[/:])/).flatMap((piece, at) => (at ? [document.createElement("wbr"), piece] : [piece]));
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
    title.setAttribute("role", "columnheader");
    titles.append(title);
  }
  head.append(titles);
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = document.createElement("tr");
    line.setAttribute("role", "row");
    for (const column of columns) {
      const one = cell("td", column.of(row), { number: column.number, state: column.state?.(row) });
      // On a phone a row is a card: each cell says whose it is, and stays what it was to a reader.
      one.dataset.title = column.title;
      one.setAttribute("role", "cell");
      one.classList.toggle("long", one.textContent.length > 14);
      line.append(one);
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
  table.classList.toggle("cards", columns.length > 3 && rows.length > 0);
  table.setAttribute("role", "table");
  titles.setAttribute("role", "row");
  for (const part of [head, body]) part.setAttribute("role", "rowgroup");
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
