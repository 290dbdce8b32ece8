/** Numbers as people read them; anything that is not a finite number is a dash. */

export const DASH = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

export function count(value) {
  return isNumber(value) ? whole.format(value) : DASH;
}

/** A count for a narrow place: 12.3K. */
export function short(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  return value < 1000 ? trim(value) : compact.format(value);
}

export function bytes(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** A short duration: 180 µs, 4.2 ms, 1.3 s. */
export function seconds(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  if (value === 0) {
    return '0 ms';
  }
  if (value < 0.001) {
    return `${Math.round(value * 1e6)} µs`;
  }
  return value < 1 ? `${trim(value * 1000)} ms` : `${trim(value)} s`;
}

/** A long duration, its two largest units: 3 d 4 h. */
export function uptime(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  const total = Math.floor(value);
  const parts = [
    [Math.floor(total / 86400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first < 0 ? 3 : first, first < 0 ? 4 : first + 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** A part as people say it: nothing known is not zero, and a little is not nothing. */
export function percentText(share) {
  return share > 0 && share < 1 ? '<1 %' : `${Math.round(share)} %`;
}

export function percent(part, total) {
  return isNumber(part) && isNumber(total) && total > 0 ? (100 * part) / total : null;
}

function trim(value) {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
