/** Small ways to build and fill elements; text only ever enters as text nodes. */

export function find(id) {
  return document.getElementById(id);
}

/** Builds an element: `properties` holds attributes, `children` are nodes or strings. */
export function element(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG, whose elements live in a namespace of their own. */
export function shape(tag, properties = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

/** Sets the text only when it differs, so that a selection or a focus survives the tick. */
export function write(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Replaces a table's rows only when a word differs, so that selected text stays selected. */
export function rewrite(body, rows, empty) {
  const columns = body.closest('table').tHead.rows[0].cells.length;
  const shown = rows.length > 0 ? rows
    : [element('tr', {}, element('td', { colspan: columns, class: 'empty' }, empty))];
  const text = shown.map((row) => row.outerHTML).join('\n');
  if (body.dataset.text !== text) {
    body.dataset.text = text;
    body.replaceChildren(...shown);
  }
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
