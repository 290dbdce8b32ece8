/**
 * Three nodes under one name: where a client gets to, and what an application publishes on which of
 * them.
 */
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { assert, packed, post, unpacked } from './kit.mjs';

const { HOSTS, CLIENT_PORT, INTERNAL_PORT } = process.env;
const PATIENCE_MILLIS = 30_000;
// Errors that say so themselves to clients.
const TEMPORARY = [100, 111];
const PAUSE_MILLIS = 100;

export const [FIRST, SECOND, THIRD] = HOSTS.split(',');

/** What the name of the nodes stands for; the SDK itself knows one address only. */
export class Route {
  constructor(host) {
    this.host = host;
  }

  /** Options of a client that goes this way. */
  get options() {
    return {
      url: `ws://nodes.test:${CLIENT_PORT}/connection/websocket`,
      websocket: routed(this),
    };
  }
}

function routed(route) {
  const lookup = (_name, { all }, found) =>
    (all ? found(null, [{ address: route.host, family: 4 }]) : found(null, route.host, 4));
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { lookup });
    }
  };
}

/** A client that is connected to one node. */
export async function connected(t, host, options) {
  return t.connected({ ...new Route(host).options, ...options });
}

/**
 * Publishes to a stream on one node and returns its position. Just after a fault, or on a machine
 * so busy that the node had to catch up, that may take some tries; the key makes them one.
 */
export async function publish(host, channel, data) {
  const body = { channel, data, idempotency_key: randomUUID() };
  const until = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const answer = await post('publish', body, `http://${host}:${INTERNAL_PORT}/api`);
    if (answer.result) {
      return answer.result;
    }
    assert.ok(TEMPORARY.includes(answer.error.code) && Date.now() < until, JSON.stringify(answer));
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MILLIS); });
  }
}

/** Publishes data that tells its offset. */
export async function publishNumbers(host, channel, from, to) {
  let position;
  for (let number = from; number <= to; number += 1) {
    position = await publish(host, channel, { number });
    assert.equal(position.offset, number);
  }
  return position;
}

/** The offset of a publication that tells it. */
export function numberOf({ data, offset }) {
  assert.deepEqual(unpacked(data), { number: offset });
  return offset;
}

/** The next numbers a subscription gets, up to this one. */
export async function numbersUpTo(subscription, last) {
  const numbers = [];
  while (numbers.at(-1) !== last) {
    numbers.push(numberOf(await subscription.events.next('publication')));
  }
  return numbers;
}

/** Data that tells its offset, as the SDK of this encoding publishes it. */
export function packedNumber(number) {
  return packed({ number });
}
