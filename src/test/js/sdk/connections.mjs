/** How connections of the SDK begin, live and end. */
import { networkInterfaces } from 'node:os';
import { api, assert, clientUrl, packed, token, UnauthorizedError, within } from './kit.mjs';

const REFRESHES = 3;
const SHORT_SECONDS = 3;
const PINGS = 2;
const EMPTY_REPLIES = ['{}', '\0'];
const pings = (frames) => frames.received.filter((frame) => EMPTY_REPLIES.includes(frame)).length;
const pongs = (frames) => frames.sent.filter((frame) => EMPTY_REPLIES.includes(frame)).length;

export async function connectsOverEveryAddressFamily(t) {
  const addresses = Object.values(networkInterfaces()).flat().map(({ address }) => address);
  for (const [host, address] of [['127.0.0.1', '127.0.0.1'], ['[::1]', '::1']]) {
    if (addresses.includes(address)) {
      await t.connected({ url: clientUrl.replace('localhost', host) });
    }
  }
}

export async function answersPingsAndStays(t) {
  const client = await t.connected();
  while (pings(client.frames) < PINGS) {
    await within(client.frames.next(), 'a ping');
  }
  // Commands are answered in order: once this one is, the pongs have been judged.
  await client.sdk.presenceStats(t.own('quiet'));
  assert.equal(pongs(client.frames), pings(client.frames));
  assert.equal(client.sdk.state, 'connected');
  assert.equal(client.events.count('connecting'), 0);
}

export async function aWrongTokenIsTheEnd(t) {
  const forged = token('mallory').replace(/.{8}$/, 'AAAAAAAA');
  for (const bad of [forged, 'no.token.atall', token('mallory', 3600, { aud: 'elsewhere' })]) {
    const client = t.client({ token: bad });
    client.sdk.connect();
    assert.equal((await client.events.next('disconnected')).code, 3500);
    assert.equal(client.sdk.state, 'disconnected');
    assert.equal(client.events.count('connected'), 0);
  }
}

export async function withoutATokenNobodyGetsIn(t) {
  const client = t.client({ token: '' });
  client.sdk.connect();
  assert.equal((await client.events.next('disconnected')).code, 3501);
}

async function isReplaced(t, expired) {
  let asked = 0;
  const client = t.client({
    token: expired,
    getToken: async () => {
      asked += 1;
      return token(t.own('user'));
    },
  });
  const subscription = t.subscription(client, t.own('news'));
  client.sdk.connect();
  await client.events.next('connected');
  await subscription.events.next('subscribed');
  assert.equal(asked, 1);
  assert.equal(client.events.count('disconnected'), 0);
}

export async function anExpiredTokenIsReplaced(t) {
  await isReplaced(t, token(t.own('user'), -60));
}

export async function aTokenThatExpiredJustNowIsReplaced(t) {
  // Within `token.skew` the signature still holds, but there is no time left to serve.
  await isReplaced(t, token(t.own('user'), -1));
}

export async function whoMayNotHaveATokenIsOut(t) {
  const client = t.client({
    token: token('leaver', -60),
    getToken: async () => { throw new UnauthorizedError('you left'); },
  });
  client.sdk.connect();
  assert.equal((await client.events.next('disconnected')).code, 1);
}

export async function tokensAreRefreshedInTime(t) {
  const user = t.own('user');
  let refreshed;
  const enough = new Promise((resolve) => { refreshed = resolve; });
  let asked = 0;
  const client = await t.connected({
    user,
    token: token(user, SHORT_SECONDS),
    getToken: async () => {
      asked += 1;
      if (asked === REFRESHES) {
        refreshed();
      }
      return token(user, asked < REFRESHES ? SHORT_SECONDS : 3600);
    },
  });
  // The node would have closed the first token's connection before the last refresh is asked for.
  await within(enough, `${REFRESHES} refreshes`);
  await client.sdk.presenceStats(t.own('news'));
  assert.equal(client.events.count('connecting'), 0, 'the connection was lost');
}

export async function aRefreshForAnotherUserIsTheEnd(t) {
  const user = t.own('user');
  const client = await t.connected({
    user,
    token: token(user, SHORT_SECONDS),
    getToken: async () => token('mallory'),
  });
  assert.equal((await client.events.next('disconnected')).code, 3500);
}

export async function theApiDisconnectsAllOfAUser(t) {
  const user = t.own('user');
  const one = await t.connected({ user });
  const two = await t.connected({ user });
  const spared = await t.connected({ user });
  await api('disconnect', { user, whitelist: [spared.id] });
  for (const client of [one, two]) {
    const event = await client.events.next('disconnected');
    assert.deepEqual({ ...event }, { code: 3503, reason: 'force disconnect' });
    assert.equal(client.sdk.state, 'disconnected');
  }
  await spared.sdk.presenceStats(t.own('news'));
  assert.equal(spared.sdk.state, 'connected');
}

export async function codesDecideWhetherTheClientComesBack(t) {
  const user = t.own('user');
  const client = await t.connected({ user });
  const channel = t.own('news');
  const subscription = await t.subscribed(client, channel);
  // 3000 drops the connection without a word, so the SDK sees the transport close.
  for (const [code, seen] of [[3001, 3001], [3012, 3012], [4000, 4000], [3000, 1]]) {
    await api('disconnect', { user, disconnect: { code, reason: 'again' } });
    assert.equal((await client.events.next('connecting')).code, seen);
    await client.events.next('connected');
    await subscription.events.next('subscribed');
    await api('publish', { channel, data: code });
    await subscription.events.next('publication');
  }
  await api('disconnect', { user, disconnect: { code: 4500, reason: 'for good' } });
  const event = await client.events.next('disconnected');
  assert.deepEqual({ ...event }, { code: 4500, reason: 'for good' });
}

export async function aClientDisconnectsAndConnectsAgain(t) {
  const client = await t.connected();
  const subscription = await t.subscribed(client, t.own('news'));
  client.sdk.disconnect();
  assert.equal((await client.events.next('disconnected')).code, 0);
  client.sdk.connect();
  await client.events.next('connected');
  await subscription.events.next('subscribed');
}

export async function messagesTooLongAreTheEnd(t) {
  const client = await t.connected();
  client.sdk.publish(t.own('large'), packed('x'.repeat(70_000))).catch(() => {});
  // 1009 on the wire; the SDK makes it its own code 3, which ends the connection for good.
  assert.equal((await client.events.next('disconnected')).code, 3);
}

export async function nobodyTakesWhatAClientSends(t) {
  const client = await t.connected();
  client.sdk.send(packed({ any: 'thing' })).catch(() => {});
  assert.equal((await client.events.next('disconnected')).code, 3508);
}
