/**
 * Uses the published SDK, and now and then a bare socket, against a node; several scenarios at once.
 *
 * CLIENT_URL=… API_URL=… API_KEY=… TOKEN_SECRET=… TOKEN_AUDIENCE=… [ENCODING=json|protobuf] [TRANSPORT=websocket|http_stream|sse] node sdk.mjs [part of a name]
 *
 * The node must allow subscribe, publish and presence to clients, have a namespace `limited` with
 * user-limited channels, one `wild` with wildcards, and short timeouts: see JsSdkIT.
 */
import { encoding, run, transport } from './sdk/kit.mjs';
import * as breaches from './sdk/breaches.mjs';
import * as connections from './sdk/connections.mjs';
import * as messages from './sdk/messages.mjs';
import * as subscriptions from './sdk/subscriptions.mjs';

const wanted = process.argv[2] ?? '';
// Most of a scenario is waiting; but a hundred handshakes at once would be a test of patience.
const AT_ONCE = 8;
// What looks at frames or opens a bare socket.
const OF_WEBSOCKETS = [...Object.keys(breaches), 'connectsOverEveryAddressFamily', 'answersPingsAndStays',
  'subscriptionsQueuedBeforeConnectAreOneFrame', 'nothingOfAFrameIsDoneAfterAFailedConnect',
  // Over HTTP a request is refused, of whose session nothing was read.
  'messagesTooLongAreTheEnd',
  // These count on the order of commands, which requests do not keep.
  'presenceFollowsTheSubscriptions', 'unsubscribingEndsTheFlow'];
const scenarios = Object.entries({ ...breaches, ...connections, ...subscriptions, ...messages })
  .filter(([name]) => name.includes(wanted))
  .filter(([name]) => transport === 'websocket' || !OF_WEBSOCKETS.includes(name));

const queue = [...scenarios.entries()];
const outcomes = [];

async function work() {
  while (queue.length > 0) {
    const [index, [name, play]] = queue.shift();
    outcomes.push(await run(name, play, index));
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${outcomes.filter(Boolean).length} of ${outcomes.length} ${encoding} scenarios passed over ${transport}`);
process.exit(outcomes.length > 0 && outcomes.every(Boolean) ? 0 : 1);
