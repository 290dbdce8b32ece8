/**
 * Follows streams with the published SDK over three nodes, the first of which gets killed.
 *
 * HOSTS=first,second,third CLIENT_PORT=… INTERNAL_PORT=… API_KEY=… TOKEN_SECRET=… TOKEN_AUDIENCE=… [ENCODING=json|protobuf] node streams.mjs
 *
 * Prints `kill the first node` when that is due. What the nodes must allow: see SdkStreamsIT.
 */
import { encoding, run } from './sdk/kit.mjs';
import * as comebacks from './sdk/comebacks.mjs';
import * as streams from './sdk/streams.mjs';

/** One fault for all scenarios: due once each of them waits for it. */
class Fault {
  #missing;

  constructor(scenarios) {
    this.#missing = scenarios;
  }

  isAwaited() {
    this.#missing -= 1;
    if (this.#missing === 0) {
      console.log('kill the first node');
    }
  }
}

async function follow(scenarios) {
  const fault = new Fault(Object.keys(scenarios).length);
  const outcomes = await Promise.all(
    Object.entries(scenarios).map(([name, play]) => run(name, play, name, fault)));
  return outcomes.every(Boolean);
}

const followed = [await follow(streams), await follow(comebacks)].every(Boolean);
console.log(followed ? `${encoding} streams followed` : `${encoding} streams were not followed`);
process.exit(followed ? 0 : 1);
