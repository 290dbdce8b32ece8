/** The geometry of a chart: pure functions from samples to numbers and path texts. */
import { isNumber } from './format.js';
import { WINDOW_MILLIS } from './history.js';

/** Two answers further apart than this are not joined: the node was away in between. */
const JOIN_MILLIS = 2600;

/** The next round number at or above `value`; `step` is 1024 for bytes, else 1. */
export function roundUp(value, floor, step = 1) {
  const wanted = Math.max(value, floor);
  const scale = step > 1 ? step ** Math.max(0, Math.floor(Math.log(wanted) / Math.log(step))) : 1;
  const size = wanted / scale;
  const power = 10 ** Math.floor(Math.log10(size));
  const round = [1, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= size * 0.9999);
  return round * power * scale;
}

/** Lowest and highest known value of one series, or null when there is none. */
export function range(samples, key) {
  const known = samples.map((sample) => sample.values[key]).filter(isNumber);
  return known.length === 0 ? null : { low: Math.min(...known), high: Math.max(...known) };
}

/** Cuts a series where values are missing; each run becomes points inside `frame`. */
export function runs(samples, key, frame) {
  const found = [];
  let previousAt = -Infinity;
  for (const sample of samples) {
    const value = sample.values[key];
    if (!isNumber(value)) {
      previousAt = -Infinity;
      continue;
    }
    if (sample.at - previousAt > JOIN_MILLIS) {
      found.push([]);
    }
    found.at(-1).push(place(sample.at, value, frame));
    previousAt = sample.at;
  }
  return found;
}

export function linePath(points) {
  const steps = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
  return points.length === 1 ? `M${steps[0]}h0.1` : `M${steps.join('L')}`;
}

export function areaPath(points, floor) {
  const first = points[0][0].toFixed(1);
  const last = points.at(-1)[0].toFixed(1);
  return `${linePath(points)}L${last} ${floor}L${first} ${floor}Z`;
}

/** Where a value stands: time runs to the right edge, zero is the floor. */
export function place(at, value, frame) {
  const x = frame.right - ((frame.now - at) / WINDOW_MILLIS) * (frame.right - frame.left);
  const y = frame.floor - (Math.min(value, frame.max) / frame.max) * (frame.floor - frame.top);
  return [Math.max(frame.left, x), y];
}

/** The sample nearest to `age` milliseconds ago, if there is one within a second or so. */
export function sampleAt(samples, now, age) {
  let best = null;
  for (const sample of samples) {
    const distance = Math.abs(now - age - sample.at);
    if (distance < 1200 && (best === null || distance < Math.abs(now - age - best.at))) {
      best = sample;
    }
  }
  return best;
}
