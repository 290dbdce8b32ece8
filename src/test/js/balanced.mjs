/**
 * Clients of the published SDK on every transport, behind a balancer, while nodes come and go.
 *
 * BALANCER=host:port TOKEN=… CHANNEL=… node balanced.mjs
 *
 * Prints `all subscribed` when that is so. A line on standard input says which number was published
 * last; then everybody must have heard all from 1 on, once and in order. What nodes must allow: see
 * BalancersIT.
 */
import readline from 'node:readline';
import { Centrifuge } from 'centrifuge';
import { EventSource } from 'eventsource';
import WebSocket from 'ws';

const { BALANCER, TOKEN, CHANNEL } = process.env;
const PATIENCE_MILLIS = 120_000;
const EACH = 4;
const ENDPOINTS = {
  websocket: `ws://${BALANCER}/connection/websocket`,
  http_stream: `http://${BALANCER}/connection/http_stream`,
  sse: `http://${BALANCER}/connection/sse`,
};

/** One client, and what it heard. */
function open(transport) {
  const client = new Centrifuge([{ transport, endpoint: ENDPOINTS[transport] }], {
    token: TOKEN,
    emulationEndpoint: `http://${BALANCER}/emulation`,
    websocket: WebSocket,
    eventsource: EventSource,
    fetch,
    readableStream: ReadableStream,
    minReconnectDelay: 50,
    maxReconnectDelay: 1000,
  });
  const subscription = client.newSubscription(CHANNEL, { minResubscribeDelay: 50, maxResubscribeDelay: 1000 });
  const one = { transport, subscription, heard: [], moves: 0, losses: 0 };
  subscription.on('publication', ({ data }) => one.heard.push(data));
  subscription.on('subscribed', ({ wasRecovering, recovered }) => { one.losses += wasRecovering && !recovered ? 1 : 0; });
  client.on('connecting', ({ code }) => { one.moves += code === 0 ? 0 : 1; });
  subscription.subscribe();
  client.connect();
  return one;
}

async function until(condition, sentence) {
  const end = Date.now() + PATIENCE_MILLIS;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`not ${sentence()}`);
    }
    await new Promise((next) => { setTimeout(next, 50); });
  }
}

const clients = Object.keys(ENDPOINTS).flatMap((transport) => Array.from({ length: EACH }, () => open(transport)));
await until(() => clients.every(({ subscription }) => subscription.state === 'subscribed'),
  () => `subscribed: ${clients.map(({ subscription }) => subscription.state)}`);
console.log('all subscribed');

const [line] = await new Promise((resolve) => {
  readline.createInterface({ input: process.stdin }).once('line', (...all) => resolve(all));
});
const last = Number(line);
const ends = () => clients.map(({ transport, heard }) => `${transport} ${heard.at(-1)}`);
await until(() => clients.every(({ heard }) => heard.at(-1) === last), () => `at ${last}: ${ends()}`);
const wanted = Array.from({ length: last }, (_, index) => index + 1).join();
for (const { transport, heard, losses } of clients) {
  if (heard.join() !== wanted || losses > 0) {
    throw new Error(`${transport} heard ${heard}, ${losses} losses`);
  }
}
for (const transport of Object.keys(ENDPOINTS)) {
  const moves = clients.filter((one) => one.transport === transport).map((one) => one.moves);
  console.log(`${transport}: connected again ${moves} times`);
}
console.log(`ok each of ${clients.length} heard 1 to ${last} once, in order`);
process.exit(0);
