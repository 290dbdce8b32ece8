/** What clients see of streams on another node than it was published on. */
import { assert, failure } from './kit.mjs';
import {
  connected, FIRST, numberOf, numbersUpTo, packedNumber, publishNumbers, SECOND, THIRD,
} from './nodes.mjs';

export async function historyIsTheSameOnEveryNode(t) {
  const channel = t.own('kept:past');
  const { epoch } = await publishNumbers(SECOND, channel, 1, 5);
  for (const host of [FIRST, SECOND, THIRD]) {
    const subscription = await t.subscribed(await connected(t, host), channel);
    const read = async (options) => {
      const result = await subscription.sdk.history(options);
      assert.deepEqual({ epoch: result.epoch, offset: result.offset }, { epoch, offset: 5 });
      return result.publications.map(numberOf);
    };
    assert.deepEqual(await read({ limit: 0 }), []);
    assert.deepEqual(await read({ limit: 2 }), [1, 2]);
    assert.deepEqual(await read({ limit: 2, since: { offset: 2, epoch } }), [3, 4]);
    assert.deepEqual(await read({ limit: 2, since: { offset: 4, epoch } }), [5]);
    assert.deepEqual(await read({ limit: -1, since: { offset: 5, epoch } }), []);
    assert.deepEqual(await read({ limit: -1 }), [1, 2, 3, 4, 5]);
    assert.deepEqual(await read({ limit: 2, reverse: true }), [5, 4]);
    assert.deepEqual(await read({ limit: 2, reverse: true, since: { offset: 4, epoch } }), [3, 2]);
    assert.deepEqual(await read({ limit: -1, reverse: true, since: { offset: 3, epoch } }), [2, 1]);
    const refusal = async (options) => (await failure(subscription.sdk.history(options))).code;
    assert.equal(await refusal({ limit: 1, since: { offset: 1, epoch: 'other' } }), 112);
    assert.equal(await refusal({ limit: 1, reverse: true, since: { offset: 0, epoch } }), 107);
  }
}

export async function publicationsOfClientsAreNumberedOnAllNodes(t) {
  const channel = t.own('kept:chat');
  const clients = await Promise.all([FIRST, SECOND, THIRD].map((host) =>
    connected(t, host, { user: t.own(host) })));
  const subscriptions = await Promise.all(clients.map((client) =>
    t.subscribed(client, channel, { positioned: true })));
  for (let number = 1; number <= 9; number += 1) {
    const turn = number % clients.length;
    await subscriptions[turn].sdk.publish(packedNumber(number));
    for (const subscription of subscriptions) {
      const publication = await subscription.events.next('publication');
      assert.equal(numberOf(publication), number);
      assert.equal(publication.info.client, clients[turn].id);
    }
  }
}

export async function comesBackToAPositionItWasGiven(t) {
  const channel = t.own('kept:since');
  const { epoch } = await publishNumbers(SECOND, channel, 1, 4);
  const client = await connected(t, THIRD);
  const subscription = t.subscription(client, channel,
    { recoverable: true, since: { offset: 2, epoch } });
  const subscribed = await subscription.events.next('subscribed');
  assert.deepEqual([subscribed.wasRecovering, subscribed.recovered], [true, true]);
  await publishNumbers(FIRST, channel, 5, 5);
  assert.deepEqual(await numbersUpTo(subscription, 5), [3, 4, 5]);
}

export async function aCacheGivesItsNewestAtOnce(t) {
  const channel = t.own('newest:price');
  await publishNumbers(SECOND, channel, 1, 4);
  const client = await connected(t, THIRD);
  const subscription = t.subscription(client, channel, { recoverable: true, since: {} });
  const subscribed = await subscription.events.next('subscribed');
  assert.deepEqual([subscribed.wasRecovering, subscribed.recovered], [true, true]);
  await publishNumbers(FIRST, channel, 5, 5);
  assert.deepEqual(await numbersUpTo(subscription, 5), [4, 5]);
}

export async function loadsItsStateAgainWhenTheStreamIsGone(t) {
  const channel = t.own('short:state');
  const { epoch } = await publishNumbers(SECOND, channel, 1, 5);
  const positions = [{ offset: 1, epoch }, { offset: 4, epoch }];
  const client = await connected(t, THIRD);
  const subscription = t.subscription(client, channel,
    { recoverable: true, getState: async () => positions.shift() });
  await subscription.events.next('subscribed');
  assert.equal(positions.length, 0, 'the state was not loaded again');
  await publishNumbers(FIRST, channel, 6, 6);
  assert.deepEqual(await numbersUpTo(subscription, 6), [5, 6]);
}
