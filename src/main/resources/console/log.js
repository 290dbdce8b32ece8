/** The playground's log: newest first, never more than 200 lines, drawn once per frame. */
import { element, find, write } from './dom.js';

const LINES_MAX = 200;
const BODY_CHARS_MAX = 4000;
const ONE_LINE_CHARS_MAX = 56;

/** Lines wait for the next frame, so a flood of publications costs one layout per frame. */
export class Log {
  constructor() {
    this.list = find('log');
    this.waiting = [];
    this.heard = 0;
    find('log-clear').addEventListener('click', () => this.clear());
    this.clear();
  }

  /** `kind` is one of the words styled in playground.css; `body` is any JSON value or missing. */
  add(kind, text, body) {
    this.heard += 1;
    this.waiting.push({ kind, text, body, at: new Date() });
    if (this.waiting.length > LINES_MAX) {
      this.waiting.shift();
    }
    // A hidden page draws no frames; the lines wait, bounded, until it is seen again.
    this.frame ??= requestAnimationFrame(() => this.#draw());
  }

  clear() {
    this.waiting = [];
    this.heard = 0;
    this.list.replaceChildren();
    this.#count();
  }

  #draw() {
    this.frame = undefined;
    this.list.prepend(...this.waiting.reverse().map(line));
    this.waiting = [];
    while (this.list.children.length > LINES_MAX) {
      this.list.lastChild.remove();
    }
    this.#count();
  }

  #count() {
    const shown = this.list.children.length;
    write(find('log-count'), this.heard > shown
      ? `newest ${shown} of ${this.heard}`
      : shown > 0 ? String(shown) : '');
  }
}

function line({ kind, text, body, at }) {
  const head = element('p', { class: 'line-head' },
    element('time', { datetime: at.toISOString() }, clock(at)),
    element('span', { class: 'kind' }, kind),
    element('span', { class: 'text' }, text));
  const item = element('li', { class: 'line', 'data-kind': kind }, head);
  if (body !== undefined) {
    item.append(element('pre', {}, pretty(body)));
  }
  return item;
}

function clock(at) {
  const two = (number) => String(number).padStart(2, '0');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** Small values on one line, others indented, huge ones cut. */
function pretty(body) {
  const flat = JSON.stringify(body) ?? String(body);
  const text = flat.length <= ONE_LINE_CHARS_MAX ? flat : JSON.stringify(body, null, 2);
  return text.length <= BODY_CHARS_MAX
    ? text
    : `${text.slice(0, BODY_CHARS_MAX)}\n… ${text.length - BODY_CHARS_MAX} more characters`;
}
