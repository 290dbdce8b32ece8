/** The head of the page, the live counts and the charts. */
import { Chart, Cursor } from './chart.js';
import { element, find, write } from './dom.js';
import { bytes, count, DASH, seconds, short, uptime } from './format.js';

const STATES = new Set(['starting', 'serving', 'renewing', 'draining', 'stopped']);

const FACTS = [
  ['Version', (stats) => stats.version],
  ['Uptime', (stats) => uptime(stats.uptime_seconds)],
  ['Cores', (stats) => count(stats.cores)],
  ['Transport', (stats) => stats.transport],
];

const TILES = [
  ['connections', 'Connections', (stats) => count(stats.connections), (stats) =>
    stats.connections_max ? `of ${count(stats.connections_max)}` : ''],
  ['users', 'Users', (stats) => count(stats.users), (stats) =>
    ratio(stats.connections, stats.users, 'connection each', 'connections each')],
  ['channels', 'Channels', (stats) => count(stats.channels), (stats) =>
    ratio(stats.subscriptions, stats.channels, 'subscriber each', 'subscribers each')],
  ['subscriptions', 'Subscriptions', (stats) => count(stats.subscriptions), (stats) =>
    ratio(stats.subscriptions, stats.connections, 'per connection')],
  ['unauthenticated', 'Not yet authenticated', (stats) => count(stats.unauthenticated), () =>
    'open sockets, no session'],
  ['delivery', 'Delivery', (stats) => seconds(stats.delivery_seconds?.p99), (stats) =>
    `p99 · p50 ${seconds(stats.delivery_seconds?.p50)}`],
  ['ping', 'Ping round trip', (stats) => seconds(stats.ping_rtt_seconds?.p99), (stats) =>
    `p99 · p50 ${seconds(stats.ping_rtt_seconds?.p50)}`],
  ['lag', 'Loop lag', (stats) => seconds(worstLag(stats)), (stats) => {
    const loops = stats.loop_lag_seconds?.length;
    return loops ? `worst of ${loops} ${loops === 1 ? 'loop' : 'loops'}` : '';
  }],
];

const CHARTS = [
  { title: 'Messages', unit: 'per second', format: short, floor: 5, series: [
    { key: 'messages_out_total', label: 'out' }, { key: 'messages_in_total', label: 'in' }] },
  { title: 'Traffic', unit: 'per second', format: bytes, floor: 1024, step: 1024, series: [
    { key: 'bytes_out_total', label: 'out' }, { key: 'bytes_in_total', label: 'in' }] },
  { title: 'Connections', unit: 'open', format: short, floor: 5, series: [
    { key: 'connections', label: 'open' }] },
  { title: 'Sockets', unit: 'per second', format: short, floor: 5, series: [
    { key: 'opened_total', label: 'opened' }, { key: 'closed_total', label: 'closed' }] },
  { title: 'Commands', unit: 'per second', format: short, floor: 5, series: [
    { key: 'commands_total', label: 'all' }, { key: 'errors_total', label: 'errors' }] },
  { title: 'Delivery', unit: 'time', format: seconds, floor: 0.005, series: [
    { key: 'delivery_p99', label: 'p99' }, { key: 'delivery_p50', label: 'p50' }] },
];

/** Owns the upper half of the page; `show` draws an answer, `showOutage` its absence. */
export class Overview {
  constructor() {
    this.facts = FACTS.map(([label]) => term(find('node-facts'), label));
    this.tiles = TILES.map(([name, label]) => tile(name, label));
    const cursor = new Cursor();
    const reading = find('chart-reading');
    this.charts = CHARTS.map((spec) => new Chart(find('charts'), spec, cursor, reading));
    this.answeredAt = null;
  }

  show(stats, history) {
    this.answeredAt = performance.now();
    find('outage').hidden = true;
    find('monitor').classList.remove('stale');
    document.title = stats.node ? `${stats.node} · Switchboard` : 'Switchboard';
    write(find('node-name'), stats.node ?? DASH);
    this.#showState(stats.state ?? DASH, STATES.has(stats.state) ? stats.state : 'waiting');
    FACTS.forEach(([, read], index) => write(this.facts[index], read(stats) ?? DASH));
    TILES.forEach(([, , read, note], index) => {
      write(this.tiles[index].value, read(stats));
      write(this.tiles[index].note, note?.(stats) ?? '');
    });
    this.#drawCharts(history);
  }

  showOutage(error, history) {
    const seen = this.answeredAt === null
      ? 'It has not answered yet'
      : `Last answer ${uptime((performance.now() - this.answeredAt) / 1000)} ago`;
    const banner = find('outage');
    banner.hidden = false;
    write(banner, `Node unreachable, retrying. ${seen}: ${reason(error)}.`);
    find('monitor').classList.add('stale');
    this.#showState('unreachable', 'unreachable');
    this.#drawCharts(history);
  }

  #showState(text, state) {
    write(find('node-state'), text);
    find('node-state').dataset.state = state;
  }

  #drawCharts(history) {
    const now = performance.now();
    this.charts.forEach((chart) => chart.draw(history.samples, now));
  }
}

function worstLag(stats) {
  const lags = stats.loop_lag_seconds ?? [];
  return lags.length === 0 ? null : Math.max(...lags);
}

/** How many of one thing there are per other, once there are both. */
function ratio(part, whole, one, many = one) {
  if (!(part > 0 && whole > 0)) {
    return '';
  }
  return `${short(part / whole)} ${part === whole ? one : many}`;
}

function reason(error) {
  if (error.name === 'TimeoutError') {
    return 'no answer within 3 s';
  }
  if (error instanceof SyntaxError) {
    return 'the answer was not JSON';
  }
  return error instanceof TypeError ? 'the connection failed' : error.message;
}

function term(list, label) {
  const value = element('dd', {}, DASH);
  list.append(element('div', {}, element('dt', {}, label), value));
  return value;
}

function tile(name, label) {
  const value = element('dd', { class: 'value', 'data-tile': name }, DASH);
  const note = element('dd', { class: 'note' });
  find('tiles').append(element('div', { class: 'tile' }, element('dt', {}, label), value, note));
  return { value, note };
}
