/** A small chart of the last two minutes: an area, perhaps a second line, a shared cursor. */
import { element, shape, write } from './dom.js';
import { DASH, isNumber } from './format.js';
import { WINDOW_MILLIS } from './history.js';
import { areaPath, linePath, place, range, roundUp, runs, sampleAt } from './plot.js';

const HEIGHT = 104;
const LEFT = 54;
const TOP = 8;
const BOTTOM = 18;

/** One moment for all charts, as an age: pointing at one chart reads every chart. */
export class Cursor {
  constructor() {
    this.age = null;
    this.charts = [];
  }

  set(age) {
    this.age = age === null ? null : Math.min(WINDOW_MILLIS, Math.max(0, age));
    this.charts.forEach((chart) => chart.redraw());
  }
}

/** `spec` is {title, unit, format, floor, step, series: [{key, label}]}. */
export class Chart {
  constructor(parent, spec, cursor, reading) {
    this.spec = spec;
    this.cursor = cursor;
    this.reading = reading;
    this.samples = [];
    this.now = 0;
    this.width = 0;
    this.#build(parent);
    cursor.charts.push(this);
    new ResizeObserver(() => this.redraw()).observe(this.plot);
  }

  draw(samples, now) {
    this.samples = samples;
    this.now = now;
    this.redraw();
  }

  redraw() {
    const width = this.plot.clientWidth;
    if (width === 0) {
      return;
    }
    if (width !== this.width) {
      this.width = width;
      this.#frame(width);
    }
    const ranges = this.spec.series.map(({ key }) => range(this.samples, key));
    const high = Math.max(0, ...ranges.map((each) => each?.high ?? 0));
    this.frame.max = roundUp(high, this.spec.floor, this.spec.step);
    this.frame.now = this.now;
    write(this.maxLabel, this.spec.format(this.frame.max));
    this.spec.series.forEach(({ key }, index) => this.#drawSeries(key, index));
    this.#drawCursor();
    this.plot.setAttribute('aria-label', this.#describe(ranges));
  }

  #build(parent) {
    this.values = this.spec.series.map(() => element('b', {}, DASH));
    this.when = element('span', { class: 'when' });
    const legend = this.spec.series.map(({ label }, index) =>
      element('span', { class: `key key-${index}` }, label, ' ', this.values[index]));
    this.svg = shape('svg', { 'aria-hidden': 'true', height: HEIGHT, focusable: 'false' });
    this.plot = element('div', { class: 'plot', role: 'img', tabindex: '0' }, this.svg);
    parent.append(element('figure', { class: 'chart' },
      element('figcaption', {},
        element('h3', {}, this.spec.title, ' ', element('small', {}, this.spec.unit)),
        element('p', { class: 'legend' }, this.when, ...legend)),
      this.plot));
    this.plot.addEventListener('pointermove', (event) => this.#onPoint(event));
    this.plot.addEventListener('pointerleave', () => this.cursor.set(null));
    this.plot.addEventListener('blur', () => this.cursor.set(null));
    this.plot.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** Lays out axes and empty marks for a width; values only move the marks afterwards. */
  #frame(width) {
    const floor = HEIGHT - BOTTOM;
    this.frame = { left: LEFT, right: width - 6, top: TOP, floor, max: 1, now: 0 };
    this.maxLabel = shape('text', { x: LEFT - 6, y: TOP + 4, class: 'end' });
    this.marks = this.spec.series.map((_, index) => ({
      area: shape('path', { class: `area area-${index}` }),
      line: shape('path', { class: `line line-${index}` }),
      dot: shape('circle', { class: `dot dot-${index}`, r: 3 }),
    }));
    this.hair = shape('path', { class: 'hair' });
    const right = this.frame.right;
    this.svg.setAttribute('width', width);
    this.svg.replaceChildren(
      ...[TOP, (TOP + floor) / 2, floor].map((y) =>
        shape('path', { class: y === floor ? 'axis' : 'rule', d: `M${LEFT} ${y}H${right}` })),
      this.maxLabel,
      shape('text', { x: LEFT - 6, y: floor + 3, class: 'end' }, '0'),
      shape('text', { x: LEFT, y: HEIGHT - 4 }, '2 min ago'),
      shape('text', { x: (LEFT + right) / 2, y: HEIGHT - 4, class: 'middle' }, '1 min'),
      shape('text', { x: right, y: HEIGHT - 4, class: 'end' }, 'now'),
      ...this.marks.map(({ area }) => area),
      ...this.marks.map(({ line }) => line),
      this.hair,
      ...this.marks.map(({ dot }) => dot));
  }

  #drawSeries(key, index) {
    const found = runs(this.samples, key, this.frame);
    const { area, line } = this.marks[index];
    line.setAttribute('d', found.map(linePath).join(''));
    if (index === 0) {
      area.setAttribute('d', found.map((run) => areaPath(run, this.frame.floor)).join(''));
    }
  }

  #drawCursor() {
    const age = this.cursor.age;
    const sample = age === null ? this.samples.at(-1) : sampleAt(this.samples, this.now, age);
    const [x] = place(sample?.at ?? this.now - (age ?? 0), 0, this.frame);
    this.hair.setAttribute('d', age === null ? '' : `M${x} ${this.frame.top}V${this.frame.floor}`);
    write(this.when, age === null ? '' : `${Math.round(age / 1000)} s ago`);
    this.spec.series.forEach(({ key }, index) => {
      const value = sample?.values[key];
      const { dot } = this.marks[index];
      const shown = age !== null && isNumber(value);
      const [dotX, dotY] = shown ? place(sample.at, value, this.frame) : [-9, -9];
      dot.setAttribute('cx', dotX);
      dot.setAttribute('cy', dotY);
      write(this.values[index], this.spec.format(value));
    });
  }

  #onPoint(event) {
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    const part = (this.frame.right - x) / (this.frame.right - this.frame.left);
    this.cursor.set(part * WINDOW_MILLIS);
  }

  #onKey(event) {
    const step = { ArrowLeft: 1000, ArrowRight: -1000, PageUp: 10_000, PageDown: -10_000 };
    if (event.key === 'Escape') {
      this.cursor.set(null);
    } else if (event.key in step) {
      event.preventDefault();
      this.cursor.set((this.cursor.age ?? 0) + step[event.key]);
      write(this.reading, `${this.when.textContent}: ${this.#values()}`);
    }
  }

  #values() {
    return this.spec.series
      .map(({ label }, index) => `${label} ${this.values[index].textContent}`)
      .join(', ');
  }

  #describe(ranges) {
    const { title, unit, series, format } = this.spec;
    const parts = series.map(({ label, key }, index) => {
      const latest = format(this.samples.at(-1)?.values[key]);
      const span = ranges[index];
      return span === null
        ? `${label}: nothing known`
        : `${label}: now ${latest}, lowest ${format(span.low)}, highest ${format(span.high)}`;
    });
    return `${title} ${unit}, last two minutes. ${parts.join('. ')}. Arrow keys read values.`;
  }
}
