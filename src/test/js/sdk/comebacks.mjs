/** What clients of a killed node get on another one, of what was published on a third meanwhile. */
import { assert } from './kit.mjs';
import { FIRST, numbersUpTo, publishNumbers, Route, SECOND, THIRD } from './nodes.mjs';

const TRANSPORT_CLOSED = 1;

/** A client of the first node; `route` is its way back. */
async function onTheFirstNode(t, options) {
  const route = new Route(FIRST);
  const client = await t.connected({ ...route.options, ...options });
  return { ...client, route };
}

async function comesBack(client, fault, publishMissed) {
  fault.isAwaited();
  assert.equal((await client.events.next('connecting')).code, TRANSPORT_CLOSED);
  await publishMissed();
  assert.equal(client.events.count('connected'), 0, 'it is back before anything was missed');
  client.route.host = THIRD;
  await client.events.next('connected');
}

/** Misses 3 to 5 of a stream, and gets what is expected of them before 6. */
async function missesThree(t, fault, channel, { recovered, numbers }) {
  const client = await onTheFirstNode(t);
  const subscription = await t.subscribed(client, channel, { positioned: true, recoverable: true });
  const { epoch } = await publishNumbers(SECOND, channel, 1, 2);
  assert.deepEqual(await numbersUpTo(subscription, 2), [1, 2]);
  await comesBack(client, fault, () => publishNumbers(SECOND, channel, 3, 5));
  const subscribed = await subscription.events.next('subscribed');
  assert.equal(subscribed.wasRecovering, true);
  assert.equal(subscribed.recovered, recovered);
  assert.equal(subscribed.streamPosition.epoch, epoch);
  await publishNumbers(SECOND, channel, 6, 6);
  assert.deepEqual(await numbersUpTo(subscription, 6), [...numbers, 6]);
}

export async function getsTheThreeItMissed(t, fault) {
  await missesThree(t, fault, t.own('kept:news'), { recovered: true, numbers: [3, 4, 5] });
}

export async function isToldThatTheFirstOfThreeIsGone(t, fault) {
  await missesThree(t, fault, t.own('short:news'), { recovered: false, numbers: [] });
}

export async function getsTheNewestOfACache(t, fault) {
  await missesThree(t, fault, t.own('newest:news'), { recovered: true, numbers: [5] });
}

export async function missesNothingWhenNothingWasPublished(t, fault) {
  const channel = t.own('kept:quiet');
  const client = await onTheFirstNode(t);
  const subscription = await t.subscribed(client, channel, { positioned: true, recoverable: true });
  await comesBack(client, fault, async () => {});
  const subscribed = await subscription.events.next('subscribed');
  assert.deepEqual([subscribed.wasRecovering, subscribed.recovered], [true, true]);
  await publishNumbers(SECOND, channel, 1, 1);
  assert.deepEqual(await numbersUpTo(subscription, 1), [1]);
}

export async function getsWhatTheServerSubscribedItTo(t, fault) {
  const channel = t.own('forced:news');
  const client = await onTheFirstNode(t, { claims: { channels: [channel] } });
  assert.equal((await client.events.next('subscribed')).wasRecovering, false);
  await publishNumbers(SECOND, channel, 1, 2);
  assert.deepEqual(await numbersUpTo(client, 2), [1, 2]);
  await comesBack(client, fault, () => publishNumbers(SECOND, channel, 3, 5));
  const subscribed = await client.events.next('subscribed');
  assert.deepEqual([subscribed.wasRecovering, subscribed.recovered], [true, true]);
  await publishNumbers(SECOND, channel, 6, 6);
  assert.deepEqual(await numbersUpTo(client, 6), [3, 4, 5, 6]);
}
