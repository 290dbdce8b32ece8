/** Publications, sends, calls and presence through the SDK. */
import { api, assert, failure, isProtobuf, packed, post, unpacked } from './kit.mjs';

const PUBLICATIONS = 50;
const LARGE_CHARS = 60_000;
const PAYLOADS = [
  { text: 'hello', nested: { list: [1, 2, { three: null }] } },
  { unicode: 'Grüße, 世界, 👩‍🚀, \u2028 and \u0000', 'clé': 'ключ' },
  [], {}, 'only text', 42, -0.5, true, null, 9007199254740991,
];

async function received(subscription) {
  return unpacked((await subscription.events.next('publication')).data);
}

export async function receivesWhatTheApiPublishes(t) {
  const client = await t.connected();
  const channel = t.own('news');
  const subscription = await t.subscribed(client, channel);
  for (const data of PAYLOADS) {
    await api('publish', { channel, data });
    assert.deepEqual(await received(subscription), data);
  }
  await api('publish', { channel, data: 1, tags: { kind: 'tagged' } });
  const publication = await subscription.events.next('publication');
  assert.deepEqual({ ...publication.tags }, { kind: 'tagged' });
  assert.ok(!publication.info, 'nobody published this, yet it carries somebody');
}

export async function everyChannelOfABroadcastGetsIt(t) {
  const client = await t.connected();
  const channels = [t.own('first'), t.own('second')];
  const subscriptions = await Promise.all(channels.map((name) => t.subscribed(client, name)));
  const result = await api('broadcast', { channels: [...channels, 'nobody:knows'], data: 'all' });
  assert.deepEqual(result.responses.map((part) => part.error?.code ?? 0), [0, 0, 102]);
  for (const subscription of subscriptions) {
    assert.equal(await received(subscription), 'all');
  }
}

export async function newlinesInsideAPayloadDoNotSplitTheFrame(t) {
  const client = await t.connected();
  const channel = t.own('pretty');
  const subscription = await t.subscribed(client, channel);
  await api('publish', `{"channel": "${channel}",\r\n "data": {\n  "a":\r\n [1,\n 2]\n }}`);
  assert.deepEqual(await received(subscription), { a: [1, 2] });
}

export async function keepsTheOrderOfSerialPublishes(t) {
  const client = await t.connected();
  const channel = t.own('order');
  const subscription = await t.subscribed(client, channel);
  for (let number = 0; number < PUBLICATIONS; number += 1) {
    await api('publish', { channel, data: { number } });
  }
  for (let number = 0; number < PUBLICATIONS; number += 1) {
    assert.deepEqual(await received(subscription), { number });
  }
}

export async function getsItsOwnPublicationWithInfo(t) {
  const client = await t.connected({ claims: { info: { name: 'Ada' } } });
  const other = await t.connected({ user: t.own('other') });
  const channel = t.own('chat');
  const own = await t.subscribed(client, channel);
  const others = await t.subscribed(other, channel);
  for (const data of PAYLOADS) {
    await own.sdk.publish(packed(data));
    for (const subscription of [own, others]) {
      const { info, ...publication } = await subscription.events.next('publication');
      assert.deepEqual(unpacked(publication.data), data);
      assert.equal(info.user, client.user);
      assert.equal(info.client, client.id);
      assert.deepEqual(unpacked(info.connInfo), { name: 'Ada' });
    }
  }
}

export async function largePayloadsPassBothWays(t) {
  const client = await t.connected();
  const channel = t.own('large');
  const subscription = await t.subscribed(client, channel);
  const large = 'x'.repeat(LARGE_CHARS);
  await subscription.sdk.publish(packed(large));
  assert.equal(await received(subscription), large);
  await api('publish', { channel, data: large });
  assert.equal(await received(subscription), large);
}

export async function bytesThatAreNotJsonReachProtobufOnly(t) {
  const client = await t.connected();
  const channel = t.own('binary');
  const subscription = await t.subscribed(client, channel);
  const bytes = Buffer.from([0, 255, 10, 123]);
  await api('publish', { channel, b64data: bytes.toString('base64') });
  if (isProtobuf) {
    const { data } = await subscription.events.next('publication');
    assert.deepEqual(Buffer.from(data), bytes);
  } else {
    assert.equal((await client.events.next('disconnected')).code, 3506);
  }
}

export async function aSendReachesEverySessionOfAUser(t) {
  const one = await t.connected();
  const two = await t.connected();
  const result = await api('send', { user: one.user, data: { to: 'user ✓' } });
  assert.deepEqual(new Set(result.deliveries.map((delivery) => delivery.client)),
    new Set([one.id, two.id]));
  for (const client of [one, two]) {
    assert.deepEqual(unpacked((await client.events.next('message')).data), { to: 'user ✓' });
  }
}

export async function aSendReachesOneClient(t) {
  const one = await t.connected();
  const two = await t.connected();
  await api('send', { client: one.id, data: 'first' });
  await api('send', { client: two.id, data: 'second' });
  assert.equal(unpacked((await one.events.next('message')).data), 'first');
  assert.equal(unpacked((await two.events.next('message')).data), 'second');
  assert.equal(one.events.count('message') + two.events.count('message'), 0);
}

export async function callsAreNotAvailable(t) {
  const client = await t.connected();
  assert.equal((await failure(client.sdk.rpc('any', packed({})))).code, 108);
}

export async function historyIsNotAvailable(t) {
  const client = await t.connected();
  const subscription = await t.subscribed(client, t.own('past'));
  assert.equal((await failure(subscription.sdk.history({ limit: 10 }))).code, 108);
}

export async function presenceFollowsTheSubscriptions(t) {
  const one = await t.connected({ claims: { info: { name: 'Ada' } } });
  const two = await t.connected();
  const channel = t.own('room');
  const subscription = await t.subscribed(one, channel);
  const second = await t.subscribed(two, channel);

  const { clients } = await subscription.sdk.presence();
  assert.deepEqual(new Set(Object.keys(clients)), new Set([one.id, two.id]));
  assert.equal(clients[one.id].user, one.user);
  assert.equal(clients[one.id].client, one.id);
  assert.deepEqual(unpacked(clients[one.id].connInfo), { name: 'Ada' });
  assert.deepEqual({ ...await subscription.sdk.presenceStats() }, { numClients: 2, numUsers: 1 });

  second.sdk.unsubscribe();
  // Commands of one client are answered in order: after this the unsubscribe has been done.
  await two.sdk.presenceStats(channel);
  assert.deepEqual(Object.keys((await subscription.sdk.presence()).clients), [one.id]);

  subscription.sdk.unsubscribe();
  assert.deepEqual({ ...await one.sdk.presenceStats(channel) }, { numClients: 0, numUsers: 0 });
  assert.deepEqual((await one.sdk.presence(channel)).clients, {});
}

export async function aClientThatLeavesIsNotPresent(t) {
  const one = await t.connected();
  const two = await t.connected();
  const channel = t.own('leaving');
  await t.subscribed(one, channel);
  await t.subscribed(two, channel);
  await api('disconnect', { client: two.id });
  await two.events.next('disconnected');
  assert.deepEqual(Object.keys((await one.sdk.presence(channel)).clients), [one.id]);
  assert.deepEqual(Object.keys((await api('presence', { channel })).presence), [one.id]);
}

export async function theApiKnowsNoUnknownNamespace(t) {
  const answer = await post('publish', { channel: t.own('nobody:knows'), data: 1 });
  assert.equal(answer.error.code, 102);
}
