/**
 * A client whose tokens come from the example `token-endpoint` and end every two seconds.
 *
 * ENDPOINT=… node tokens.mjs
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { Centrifuge, UnauthorizedError } from 'centrifuge';
import WebSocket from 'ws';

const { ENDPOINT } = process.env;
const CHANNEL = 'room:tokens';
const REFRESHES = 3;
const PATIENCE_MILLIS = 40_000;

function post(path, body, session) {
  const headers = session ? { authorization: `Bearer ${session}` } : {};
  return fetch(ENDPOINT + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Status of a GET whose path goes out as it stands: `fetch` would tidy it up. */
function statusOf(path) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port: new URL(ENDPOINT).port, path },
      (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });
}

async function strangersGetNothing() {
  const { session } = await (await post('/login', {})).json();
  assert.equal((await post('/login', { name: '<b>' })).status, 400);
  assert.equal((await post('/login', 'x'.repeat(2000))).status, 413);
  assert.equal((await post('/tokens/connection', {})).status, 401);
  assert.equal((await post('/tokens/connection', {}, 'guessed')).status, 401);
  assert.equal((await post('/tokens/subscription', { channel: CHANNEL })).status, 401);
  assert.equal((await post('/tokens/subscription', { channel: 'other:1' }, session)).status, 403);
  assert.equal((await post('/constructor', {}, session)).status, 404);
  assert.equal(await statusOf('/'), 200);
  assert.equal(await statusOf('/../token-endpoint/server.mjs'), 404);
  assert.equal(await statusOf('/../chat-of-somebody-else/chat.js'), 404);
  assert.equal(await statusOf('/%2e%2e/chat/chat.js'), 404);
  assert.equal(await statusOf('/chat.js?version=1'), 200);
}

/** A client in a room, which counts what happens to it. */
class Guest {
  tokens = { connection: 0, subscription: 0 };
  seen = { connecting: 0, connected: 0, disconnected: 0, subscribing: 0, subscribed: 0, error: 0 };
  #session;

  async enter() {
    const { session, gateway } = await (await post('/login', { name: 'guest of tests' })).json();
    this.#session = session;
    this.client = new Centrifuge(`${gateway.replace(/^http/, 'ws')}/connection/websocket`,
      { websocket: WebSocket, getToken: () => this.#token('connection') });
    this.room = this.client.newSubscription(CHANNEL,
      { getToken: ({ channel }) => this.#token('subscription', { channel }) });
    for (const [emitter, kinds] of [[this.client, ['connecting', 'connected', 'disconnected', 'error']],
      [this.room, ['subscribing', 'subscribed', 'error']]]) {
      for (const kind of kinds) {
        emitter.on(kind, () => { this.seen[kind] += 1; });
      }
    }
    this.room.subscribe();
    this.client.connect();
    await this.room.ready(PATIENCE_MILLIS);
  }

  logOut() {
    this.#session = 'of yesterday';
  }

  async #token(kind, body = {}) {
    this.tokens[kind] += 1;
    const response = await post(`/tokens/${kind}`, body, this.#session);
    if (response.status === 401) {
      throw new UnauthorizedError('logged out');
    }
    return (await response.json()).token;
  }
}

async function oneConnectionOutlivesItsTokens(guest) {
  const heard = [];
  guest.room.on('publication', ({ data }) => heard.push(data.n));
  let n = 0;
  while (Math.min(guest.tokens.connection, guest.tokens.subscription) <= REFRESHES) {
    // Answered only by a connection that is there.
    await guest.room.publish({ n });
    n += 1;
    await new Promise((next) => setTimeout(next, 100));
  }
  await guest.room.publish({ n });
  assert.deepEqual(heard, [...Array(n + 1).keys()]);
  assert.deepEqual(guest.seen,
    { connecting: 1, connected: 1, disconnected: 0, subscribing: 1, subscribed: 1, error: 0 });
}

async function whoIsLoggedOutIsOut(guest) {
  const out = new Promise((resolve) => { guest.client.on('disconnected', resolve); });
  guest.logOut();
  assert.equal((await out).reason, 'unauthorized');
}

const late = setTimeout(() => {
  console.error(`nothing after ${PATIENCE_MILLIS} ms`);
  process.exit(1);
}, PATIENCE_MILLIS);
await strangersGetNothing();
console.log('ok strangers get nothing');
const guest = new Guest();
await guest.enter();
await oneConnectionOutlivesItsTokens(guest);
console.log('ok one connection outlived its tokens');
await whoIsLoggedOutIsOut(guest);
console.log('ok who is logged out is out');
clearTimeout(late);
