/**
 * Presence with the published SDK on two nodes.
 *
 * NODES=first,second (WebSocket addresses) CLIENT_URL=… API_URL=… API_KEY=… TOKEN_SECRET=… TOKEN_AUDIENCE=… [ENCODING=json|protobuf] node presence.mjs
 *
 * What the nodes must allow: see SdkPresenceIT.
 */
import { encoding, run } from './sdk/kit.mjs';
import * as presence from './sdk/presence.mjs';

const outcomes = await Promise.all(
  Object.entries(presence).map(([name, play]) => run(name, play, name)));
const right = outcomes.every(Boolean);
console.log(right ? `${encoding} presence is right` : `${encoding} presence is wrong`);
process.exit(right ? 0 : 1);
