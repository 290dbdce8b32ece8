/** Who may subscribe to what, and how subscriptions end. */
import { api, assert, failure, packed, token, unpacked, within } from './kit.mjs';

const REFRESHES = 3;
const SHORT_SECONDS = 3;

async function refused(t, client, channel, options) {
  const subscription = t.subscription(client, channel, options);
  return (await subscription.events.next('unsubscribed')).code;
}

export async function subscriptionsQueuedBeforeConnectAreOneFrame(t) {
  const client = t.client();
  const subscriptions = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    t.subscription(client, t.own(name)));
  const unknown = t.subscription(client, t.own('nobody:knows'));
  client.sdk.connect();
  await client.events.next('connected');
  for (const subscription of subscriptions) {
    await subscription.events.next('subscribed');
  }
  assert.equal((await unknown.events.next('unsubscribed')).code, 102);
  const subscribing = client.frames.sent.filter((frame) => frame.includes(t.own('')));
  assert.equal(subscribing.length, 1, 'the SDK no longer sends one frame');
  for (const subscription of subscriptions) {
    await api('publish', { channel: subscription.channel, data: subscription.channel });
    const { data } = await subscription.events.next('publication');
    assert.equal(unpacked(data), subscription.channel);
  }
}

export async function nothingOfAFrameIsDoneAfterAFailedConnect(t) {
  const client = t.client({ token: 'no.token.atall' });
  const subscription = t.subscription(client, t.own('news'));
  client.sdk.connect();
  assert.equal((await client.events.next('disconnected')).code, 3500);
  assert.equal(subscription.events.count('subscribed'), 0);
  assert.equal(client.frames.received.length, 0, 'something was answered');
}

export async function privateChannelsNeedAToken(t) {
  const client = await t.connected();
  const channel = t.own('$private');
  const good = token(client.user, 3600, { channel, info: { seat: 7 } });
  assert.equal(await refused(t, client, channel), 103);
  client.sdk.removeSubscription(client.sdk.getSubscription(channel));
  assert.equal(await refused(t, client, channel, { token: 'no.token.atall' }), 103);
  client.sdk.removeSubscription(client.sdk.getSubscription(channel));
  const subscription = await t.subscribed(client, channel, { token: good });
  await subscription.sdk.publish(packed('psst'));
  const { data, info } = await subscription.events.next('publication');
  assert.equal(unpacked(data), 'psst');
  assert.deepEqual(unpacked(info.chanInfo), { seat: 7 });
}

export async function aTokenMeantForSomethingElseIsTheEnd(t) {
  const channel = t.own('$private');
  const user = t.own('user');
  const strangers = {
    channel: token(user, 3600, { channel: `${channel}-other` }),
    user: token('mallory', 3600, { channel }),
    client: token(user, 3600, { channel, client: 'another' }),
  };
  for (const [what, bad] of Object.entries(strangers)) {
    const client = await t.connected({ user });
    t.subscription(client, channel, { token: bad });
    assert.equal((await client.events.next('disconnected')).code, 3500, what);
  }
}

export async function anExpiredSubscriptionTokenIsReplaced(t) {
  const client = await t.connected();
  const channel = t.own('$private');
  const asked = [];
  // The second is within `token.skew`: its signature still holds, but no time is left to serve.
  for (const ago of [-60, -1]) {
    const subscription = await t.subscribed(client, channel, {
      token: token(client.user, ago, { channel }),
      getToken: async (context) => {
        asked.push(context.channel);
        return token(client.user, 3600, { channel });
      },
    });
    subscription.sdk.unsubscribe();
    client.sdk.removeSubscription(subscription.sdk);
  }
  assert.deepEqual(asked, [channel, channel]);
}

export async function subscriptionTokensAreRefreshedInTime(t) {
  const client = await t.connected();
  const channel = t.own('$private');
  let refreshed;
  const enough = new Promise((resolve) => { refreshed = resolve; });
  let asked = 0;
  const subscription = await t.subscribed(client, channel, {
    token: token(client.user, SHORT_SECONDS, { channel }),
    getToken: async () => {
      asked += 1;
      if (asked === REFRESHES) {
        refreshed();
      }
      return token(client.user, asked < REFRESHES ? SHORT_SECONDS : 3600, { channel });
    },
  });
  assert.equal((await subscription.events.next('subscribing')).code, 0);
  await within(enough, `${REFRESHES} refreshes`);
  await subscription.sdk.publish(packed(1));
  await subscription.events.next('publication');
  assert.equal(subscription.events.count('subscribing'), 0, 'the subscription was lost');
}

export async function userLimitedChannelsAreForTheirUsers(t) {
  const client = await t.connected({ user: '42' });
  await t.subscribed(client, `limited:${t.own('x')}#42`);
  await t.subscribed(client, `limited:${t.own('x')}#41,42`);
  assert.equal(await refused(t, client, `limited:${t.own('x')}#41`), 103);
  assert.equal(await refused(t, client, `limited:${t.own('x')}#4,2`), 103);
}

export async function namesAreJudged(t) {
  const client = await t.connected();
  assert.equal(await refused(t, client, t.own('nobody:knows')), 102);
  assert.equal(await refused(t, client, t.own('канал')), 107);
  assert.equal(await refused(t, client, 'x'.repeat(256)), 107);
  assert.equal((await failure(client.sdk.publish(t.own('nobody:knows'), packed(1)))).code, 102);
  assert.equal((await failure(client.sdk.publish(t.own('limited:x'), packed(1)))).code, 103);
  assert.equal((await failure(client.sdk.presence(t.own('limited:x')))).code, 108);
}

export async function theApiUnsubscribesAllOfAUser(t) {
  const user = t.own('user');
  const channel = t.own('news');
  const one = await t.connected({ user });
  const two = await t.connected({ user });
  const subscriptions = [await t.subscribed(one, channel), await t.subscribed(two, channel)];
  const other = await t.subscribed(one, t.own('other'));
  await api('unsubscribe', { user, channel });
  for (const subscription of subscriptions) {
    assert.equal((await subscription.events.next('unsubscribed')).code, 2000);
    assert.equal(subscription.sdk.state, 'unsubscribed');
  }
  assert.equal(other.sdk.state, 'subscribed');
  assert.deepEqual(await api('presence_stats', { channel }), { num_clients: 0, num_users: 0 });
}

export async function unsubscribingEndsTheFlow(t) {
  const client = await t.connected();
  const channel = t.own('news');
  const subscription = await t.subscribed(client, channel);
  subscription.sdk.unsubscribe();
  await client.sdk.presenceStats(channel);
  await api('publish', { channel, data: 'late' });
  subscription.sdk.subscribe();
  await subscription.events.next('subscribed');
  await api('publish', { channel, data: 'again' });
  assert.equal(unpacked((await subscription.events.next('publication')).data), 'again');
}

/** The SDK says which subscription it is for, not which channel it comes from. */
export async function aWildcardHearsEveryChannelThatBeginsLikeIt(t) {
  const client = await t.connected();
  const room = `wild:${t.own('room')}`;
  const wide = await t.subscribed(client, `${room}.*`);
  const narrow = await t.subscribed(client, `${room}.one`);
  await api('publish', { channel: `${room}.one`, data: 1 });
  await api('publish', { channel: `${room}.two.deep`, data: 2 });
  for (const [subscription, expected] of [[wide, 1], [wide, 2], [narrow, 1]]) {
    const publication = await subscription.events.next('publication');
    assert.equal(unpacked(publication.data), expected);
    assert.equal(publication.channel, subscription.channel);
  }
  assert.equal(narrow.events.count('publication'), 0);
}

export async function serverSideSubscriptionsComeWithTheToken(t) {
  const channels = [t.own('one'), t.own('two')];
  const client = await t.connected({ claims: { channels } });
  const events = [await client.events.next('subscribed'), await client.events.next('subscribed')];
  assert.deepEqual(new Set(events.map((event) => event.channel)), new Set(channels));
  await api('publish', { channel: channels[1], data: 'for you' });
  const publication = await client.events.next('publication');
  assert.equal(publication.channel, channels[1]);
  assert.equal(unpacked(publication.data), 'for you');
  assert.equal(await refused(t, client, channels[0]), 105);
}

export async function theApiSubscribesAndUnsubscribesAClient(t) {
  const client = await t.connected();
  const channel = t.own('granted');
  await api('subscribe', { user: client.user, channel, data: { welcome: true } });
  const event = await client.events.next('subscribed');
  assert.equal(event.channel, channel);
  assert.deepEqual(unpacked(event.data), { welcome: true });
  await api('publish', { channel, data: 1 });
  assert.equal((await client.events.next('publication')).channel, channel);
  assert.equal(await refused(t, client, channel), 105);
  await api('unsubscribe', { user: client.user, channel });
  assert.equal((await client.events.next('unsubscribed')).channel, channel);
}
