/**
 * Many clients of the published SDK in one process, which write down all that happens to them.
 *
 * HOSTS=host PORT=… node fleet.mjs
 *
 * Standard input says who connects, a line each: `NAME HOME TOKEN CHANNEL,...`; its end ends this
 * program. Standard output is a line per event: `MILLIS NAME EVENT ...`. The same as
 * `src/test/sdk-java/SdkFleet.java`, which takes three threads a client: this takes thousands.
 */
import readline from 'node:readline';
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';

const { HOSTS, PORT } = process.env;
const ENDPOINT = `ws://${HOSTS.split(',')[0]}:${PORT}/connection/websocket`;
const STREAMS = 'kept:';
const DELAYS = { min: 100, max: 2000 };

const waiting = [];
function write(line) {
  if (waiting.push(line) === 1) {
    setImmediate(() => process.stdout.write(waiting.splice(0).join('')));
  }
}

function launch([name, , token, channels]) {
  const say = (event) => write(`${Date.now()} ${name} ${event}\n`);
  const client = new Centrifuge(ENDPOINT, {
    token, websocket: WebSocket, minReconnectDelay: DELAYS.min, maxReconnectDelay: DELAYS.max });
  client.on('connecting', ({ code }) => say(`connecting ${code}`));
  client.on('connected', ({ client: id }) => say(`connected ${id}`));
  client.on('disconnected', ({ code }) => say(`disconnected ${code}`));
  for (const channel of channels.split(',')) {
    const isStream = channel.startsWith(STREAMS);
    const subscription = client.newSubscription(channel, {
      positioned: isStream,
      recoverable: isStream,
      minResubscribeDelay: DELAYS.min,
      maxResubscribeDelay: DELAYS.max,
    });
    subscription.on('unsubscribed', ({ code }) => say(`unsubscribed ${channel} ${code}`));
    if (isStream) {
      subscription.on('subscribing', ({ code }) => say(`interrupted ${channel} ${code}`));
      subscription.on('subscribed', ({ streamPosition, wasRecovering, recovered }) => say(
        `positioned ${channel} ${streamPosition?.offset ?? 0} ${wasRecovering} ${recovered} ${streamPosition?.epoch ?? ''}`));
      subscription.on('publication', ({ offset, data }) => say(`numbered ${channel} ${offset} ${JSON.stringify(data)}`));
    } else {
      subscription.on('subscribed', () => say(`subscribed ${channel}`));
      subscription.on('publication', ({ data }) => say(`received ${channel} ${JSON.stringify(data)}`));
    }
    subscription.subscribe();
  }
  client.connect();
}

readline.createInterface({ input: process.stdin })
  .on('line', (line) => launch(line.split(' ')))
  .on('close', () => process.exit(0));
