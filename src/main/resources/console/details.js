/** The lower half of the monitor: totals, headroom and closes. */
import { clientAfter, closeReason } from './codes.js';
import { element, find, rewrite, write } from './dom.js';
import {
  bytes, count, DASH, isNumber, percent, percentText, seconds, short,
} from './format.js';

const TOTALS = [
  ['messages_in_total', 'Messages in', count, short],
  ['messages_out_total', 'Messages out', count, short],
  ['bytes_in_total', 'Bytes in', bytes, bytes],
  ['bytes_out_total', 'Bytes out', bytes, bytes],
  ['commands_total', 'Commands', count, short],
  ['errors_total', 'Error replies', count, short],
  ['opened_total', 'Sockets opened', count, short],
  ['closed_total', 'Sockets closed', count, short],
];

/** A lag of a tenth of a second fills the bar: by then every socket of the loop feels it. */
const LAG_FULL_SECONDS = 0.1;

/** Owns the tables and bars; rows are kept and rewritten, so nothing jumps under the pointer. */
export class Details {
  constructor() {
    this.totals = TOTALS.map(([, label]) => {
      const cells = [element('td', { class: 'num' }, DASH), element('td', { class: 'num' }, DASH)];
      find('totals').append(
        element('tr', {}, element('th', { scope: 'row' }, label), ...cells));
      return cells;
    });
    this.meters = new Map();
  }

  show(stats, history) {
    TOTALS.forEach(([key, , total, rate], index) => {
      write(this.totals[index][0], total(stats[key]));
      write(this.totals[index][1], rate(history.rate(key)));
    });
    this.#showMeters(stats);
    rewrite(find('closes'), closeRows(stats.closes ?? {}), 'No socket has closed yet.');
  }

  #showMeters(stats) {
    const { connections, connections_max: most, heap_used_bytes: heap } = stats;
    this.#meter('Connections', percent(connections, most), share(connections, most, count));
    this.#meter('Java heap', percent(heap, stats.heap_max_bytes),
      share(heap, stats.heap_max_bytes, bytes));
    this.#meter('Descriptors', percent(stats.descriptors_open, stats.descriptors_max),
      share(stats.descriptors_open, stats.descriptors_max, count));
    (stats.loop_lag_seconds ?? [null]).forEach((lag, index) =>
      this.#meter(`Loop ${index + 1} lag`, percent(lag, LAG_FULL_SECONDS), seconds(lag)));
  }

  #meter(label, filled, text) {
    if (!this.meters.has(label)) {
      this.meters.set(label, meter(label));
    }
    const { bar, fill, value } = this.meters.get(label);
    const shown = Math.min(100, filled ?? 0);
    write(value, text);
    fill.style.width = `${shown}%`;
    bar.dataset.level = shown >= 90 ? 'high' : shown >= 75 ? 'raised' : 'calm';
    bar.setAttribute('aria-valuenow', shown.toFixed(0));
    bar.setAttribute('aria-valuetext', text);
  }
}

function meter(label) {
  const value = element('span', { class: 'meter-value' }, DASH);
  const fill = element('span', { class: 'meter-fill' });
  const bar = element('div', { class: 'meter-bar', role: 'meter', 'aria-label': label,
    'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-valuenow': '0' }, fill);
  find('meters').append(element('div', { class: 'meter' },
    element('span', { class: 'meter-label' }, label), value, bar));
  return { bar, fill, value };
}

function share(part, total, format) {
  return isNumber(part) ? `${format(part)} of ${format(total)}` : DASH;
}

function closeRows(closes) {
  const entries = Object.entries(closes).sort((one, other) => other[1] - one[1]);
  const all = entries.reduce((sum, [, closed]) => sum + closed, 0);
  return entries.map(([code, closed]) => {
    const part = percent(closed, all) ?? 0;
    const fill = element('span', { class: 'meter-fill' });
    fill.style.width = `${part}%`;
    return element('tr', {},
      element('td', { class: 'num code' }, code),
      element('td', {}, closeReason(code) ?? DASH),
      element('td', { class: 'dim' }, clientAfter(Number(code)) ?? DASH),
      element('td', { class: 'num' }, count(closed)),
      element('td', { class: 'share' }, element('span', { class: 'meter-bar' }, fill),
        element('span', { class: 'share-text' }, percentText(part))));
  });
}
