/**
 * Wakes up, sends one reading, sleeps: exit code 0 when the gateway has it, in a cluster on two nodes.
 *
 * TOKEN=… [TIME_MILLIS=…] node sensor.mjs CHANNEL READING ADDRESS...
 *
 * Of several addresses, such as ws://localhost:8000/connection/websocket, the first that answers
 * is taken.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';

const { TOKEN, TIME_MILLIS = '15000' } = process.env;
const [channel, reading, ...addresses] = process.argv.slice(2);
const PAUSE_MILLIS = 200;
// The SDK's own errors: no answer or no connection. Below 100; those of the gateway follow.
const SDK_ERROR_MAX = 99;

/** Sends until the gateway says that it has it, or that it does not want it. */
async function send(client, message) {
  for (;;) {
    try {
      await client.publish(channel, message);
      return;
    } catch (error) {
      if (!error.temporary && error.code > SDK_ERROR_MAX) {
        throw error;
      }
      await pause(PAUSE_MILLIS);
    }
  }
}

const client = new Centrifuge(
  addresses.map((endpoint) => ({ transport: 'websocket', endpoint })),
  { token: TOKEN, websocket: WebSocket, timeout: 3_000, minReconnectDelay: 50, maxReconnectDelay: 1_000 },
);
// A token that is not good, or expired: the SDK does not try again.
const refused = new Promise((_, reject) => { client.on('disconnected', reject); });
const late = pause(Number(TIME_MILLIS), undefined, { ref: false }).then(() => {
  throw new Error(`no success within ${TIME_MILLIS} ms`);
});

// A try without an answer may have been kept, and so may the next: `id` tells that both are one.
const message = { id: randomUUID(), at: new Date().toISOString(), reading: Number(reading) };
client.connect();
try {
  await Promise.race([send(client, message), refused, late]);
} catch (failure) {
  console.error(`sensor: ${failure.message ?? failure.reason}`);
  process.exit(1);
}
// Says goodbye; nothing else keeps the process, which ends once the socket is closed.
client.disconnect();
