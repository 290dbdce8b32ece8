/** Two minutes of samples: gauges as they came, rates from the difference of totals. */
import { isNumber } from './format.js';

export const WINDOW_MILLIS = 120_000;

const TOTALS = [
  'opened_total', 'closed_total', 'messages_in_total', 'messages_out_total',
  'bytes_in_total', 'bytes_out_total', 'commands_total', 'errors_total',
];

/** Keeps the samples; `rate(name)` of a total is known from the second answer in a row. */
export class History {
  constructor() {
    this.samples = [];
    this.last = null;
  }

  /** Takes one answer of the node, received `at` milliseconds on the page's own clock. */
  add(at, stats) {
    const values = { connections: stats.connections };
    values.delivery_p50 = stats.delivery_seconds?.p50;
    values.delivery_p99 = stats.delivery_seconds?.p99;
    for (const name of TOTALS) {
      values[name] = this.#rate(name, at, stats);
    }
    this.last = { at, stats };
    this.#keep({ at, values });
  }

  /** Remembers that the node did not answer: the charts break there. */
  addGap(at) {
    this.last = null;
    this.#keep({ at, values: {} });
  }

  rate(name) {
    return this.samples.at(-1)?.values[name] ?? null;
  }

  /** A total that went down means another process answered: no rate for that step. */
  #rate(name, at, stats) {
    const before = this.last?.stats[name];
    const now = stats[name];
    if (!isNumber(before) || !isNumber(now) || now < before || at <= this.last.at) {
      return null;
    }
    return ((now - before) * 1000) / (at - this.last.at);
  }

  #keep(sample) {
    this.samples.push(sample);
    while (this.samples[0].at < sample.at - WINDOW_MILLIS - 2000) {
      this.samples.shift();
    }
  }
}
