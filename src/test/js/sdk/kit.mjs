/**
 * What every SDK scenario needs: clients that clean up after themselves, tokens as an application
 * would sign them, the HTTP API as curl would call it, and waiting with a deadline.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Centrifuge as JsonClient } from 'centrifuge';
import { Centrifuge as ProtobufClient } from 'centrifuge/build/protobuf';
import { EventSource } from 'eventsource';
import WebSocket from 'ws';

export { assert };

const { CLIENT_URL, API_URL, API_KEY, TOKEN_SECRET, TOKEN_AUDIENCE, ENCODING = 'json',
  TRANSPORT = 'websocket', EXTENSION = '' } = process.env;
const PATIENCE_MILLIS = Number(process.env.PATIENCE_MILLIS ?? 15_000);
const CLIENT_EVENTS = ['connecting', 'connected', 'disconnected', 'message', 'error',
  'subscribed', 'unsubscribed', 'publication', 'join', 'leave'];
const SUBSCRIPTION_EVENTS = ['subscribing', 'subscribed', 'unsubscribed', 'publication', 'join',
  'leave', 'error'];

export const encoding = ENCODING;
export const transport = TRANSPORT;
export const clientUrl = CLIENT_URL;
export const isProtobuf = ENCODING === 'protobuf';
const Centrifuge = isProtobuf ? ProtobufClient : JsonClient;
// Each build has an error of its own.
export const { UnauthorizedError } = Centrifuge;

/** Fails when the promise takes too long. */
export async function within(promise, sentence) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`within ${PATIENCE_MILLIS} ms not: ${sentence}`)),
      PATIENCE_MILLIS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Keeps what an emitter says, by kind, until somebody asks: nothing is missed between two lines. */
export class Events {
  #said = new Map();
  #waiting = new Map();

  constructor(emitter, kinds) {
    for (const kind of kinds) {
      this.#said.set(kind, []);
      this.#waiting.set(kind, []);
      emitter.on(kind, (event) => this.#onEvent(kind, event));
    }
  }

  #onEvent(kind, event) {
    const waiting = this.#waiting.get(kind).shift();
    if (waiting) {
      waiting(event);
    } else {
      this.#said.get(kind).push(event);
    }
  }

  /** The oldest event of a kind that nobody has taken yet. */
  next(kind) {
    const said = this.#said.get(kind);
    if (said.length > 0) {
      return Promise.resolve(said.shift());
    }
    return within(new Promise((taken) => this.#waiting.get(kind).push(taken)), `event ${kind}`);
  }

  /** How many of a kind nobody has taken. */
  count(kind) {
    return this.#said.get(kind).length;
  }
}

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a token as any application would; `claims` win over what is usual. */
export function token(user, ttlSeconds = 3600, claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const body = { sub: user, aud: TOKEN_AUDIENCE, iat: now, exp: now + ttlSeconds, ...claims };
  const unsigned = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(body)}`;
  return `${unsigned}.${createHmac('sha256', TOKEN_SECRET).update(unsigned).digest('base64url')}`;
}

/** Posts to the HTTP API and returns the whole answer; `body` may be text that is sent as it is. */
export async function post(method, body, url = API_URL) {
  const response = await fetch(`${url}/${method}`, {
    method: 'POST',
    headers: { 'X-API-Key': API_KEY, 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  assert.equal(response.status, 200, `API ${method}`);
  return response.json();
}

/** Posts to the HTTP API and returns the result. */
export async function api(method, body) {
  const answer = await post(method, body);
  assert.ok(answer.result, `API ${method} answered ${JSON.stringify(answer)}`);
  return answer.result;
}

/** A value as the SDK of this encoding wants it. */
export function packed(value) {
  return isProtobuf ? new TextEncoder().encode(JSON.stringify(value)) : value;
}

/** What the SDK of this encoding handed over, as a value. */
export function unpacked(data) {
  return isProtobuf ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) : data;
}

/** What went through the sockets of one client, as latin1 text. */
class Frames {
  sent = [];
  received = [];
  #wake = () => {};

  /** The next frame that comes. */
  next() {
    return new Promise((resolve) => { this.#wake = resolve; });
  }

  onReceived(bytes) {
    this.received.push(Buffer.from(bytes).toString('latin1'));
    this.#wake();
  }
}

/** A WebSocket that offers compression, and if the node agrees compresses all that it sends. */
class OfferingSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols ?? [], { perMessageDeflate: { threshold: 0 } });
    // Whatever else goes on, a scenario must not pass without what it is there to show.
    this.on('open', () => assert.equal(this.extensions, EXTENSION));
  }
}

/** A WebSocket that keeps what went through it. */
function recording(frames) {
  return class extends OfferingSocket {
    constructor(...given) {
      super(...given);
      this.on('message', (bytes) => frames.onReceived(bytes));
    }

    send(bytes, ...rest) {
      frames.sent.push(Buffer.from(bytes).toString('latin1'));
      super.send(bytes, ...rest);
    }
  };
}

/** Where the SDK finds a node by the transport that is asked for, and what it needs for that. */
function endpoint(url) {
  if (TRANSPORT === 'websocket') {
    return [url, {}];
  }
  const node = url.replace(/^ws/, 'http').replace(/[/]connection[/].*/, '');
  return [
    [{ transport: TRANSPORT, endpoint: `${node}/connection/${TRANSPORT}` }],
    { emulationEndpoint: `${node}/emulation`, eventsource: EventSource, fetch, readableStream: ReadableStream },
  ];
}

/** One scenario: its names are its own, so that all can run at once on one node. */
export class Scenario {
  #open = [];
  #name;

  constructor(index) {
    this.#name = `${encoding}-${TRANSPORT}-${index}`;
  }

  /** A name that no other scenario uses. */
  own(name) {
    return `${name}-${this.#name}`;
  }

  /** An SDK client that has not been told to connect. */
  client({ user = this.own('user'), ...options } = {}) {
    const frames = new Frames();
    const [address, given] = endpoint(options.url ?? CLIENT_URL);
    const sdk = new Centrifuge(address, {
      ...given,
      websocket: recording(frames),
      token: token(user, 3600, options.claims),
      minReconnectDelay: 20,
      maxReconnectDelay: 200,
      ...options,
    });
    this.#open.push(() => sdk.disconnect());
    return { sdk, user, frames, events: new Events(sdk, CLIENT_EVENTS) };
  }

  /** An SDK client that is connected. */
  async connected(options) {
    const client = this.client(options);
    client.sdk.connect();
    assert.equal((await client.events.next('connecting')).code, 0);
    client.id = (await client.events.next('connected')).client;
    assert.ok(client.id.length > 0, 'the client has no id');
    return client;
  }

  /** A subscription that has been asked for. */
  subscription(client, channel, options) {
    const sdk = client.sdk.newSubscription(channel,
      { minResubscribeDelay: 20, maxResubscribeDelay: 200, ...options });
    const events = new Events(sdk, SUBSCRIPTION_EVENTS);
    sdk.subscribe();
    return { sdk, channel, events };
  }

  /** A subscription that is there. */
  async subscribed(client, channel, options) {
    const subscription = this.subscription(client, channel, options);
    await subscription.events.next('subscribed');
    return subscription;
  }

  /** A WebSocket without an SDK. */
  async raw() {
    const socket = new OfferingSocket(CLIENT_URL, `centrifuge-${encoding}`);
    this.#open.push(() => socket.terminate());
    const failed = new Promise((_, reject) => { socket.on('error', reject); });
    const events = new Events(socket, ['open', 'message']);
    const closed = within(new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    }), 'the server closes');
    closed.catch(() => {});
    await Promise.race([events.next('open'), failed]);
    return { socket, events, closed };
  }

  /** Closes whatever the scenario opened. */
  end() {
    this.#open.forEach((close) => close());
  }
}

/** Plays one scenario to its end and says how it went: whether it passed. */
export async function run(name, play, index, ...given) {
  const scenario = new Scenario(index);
  try {
    await play(scenario, ...given);
    console.log(`ok ${encoding} ${name}`);
    return true;
  } catch (error) {
    console.error(`FAILED ${encoding} ${name}: ${error.stack}`);
    return false;
  } finally {
    scenario.end();
  }
}

/** The error of a promise that must fail. */
export async function failure(promise) {
  try {
    await within(promise, 'an answer');
  } catch (error) {
    return error;
  }
  throw new Error('this should have failed');
}
