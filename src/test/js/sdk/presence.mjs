/** Who is there, who comes and who goes, through the SDK on two nodes. */
import { api, assert, unpacked } from './kit.mjs';

const [FIRST, SECOND] = (process.env.NODES ?? '').split(',');
const HEARING = { joinLeave: true };

async function named(t, name, url) {
  return t.connected({ user: t.own(name), url, claims: { info: { name } } });
}

async function heard(subscription, kind) {
  const { info } = await subscription.events.next(kind);
  return [info.client, info.user, unpacked(info.connInfo).name];
}

function whole(client, name) {
  return [client.id, client.user, name];
}

/** Whoever leaves is gone for itself at once, for others soon. */
async function until(read, expected) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (JSON.stringify(await read()) === JSON.stringify(expected)) {
      return;
    }
    await new Promise((later) => { setTimeout(later, 25); });
  }
  assert.deepEqual(await read(), expected);
}

export async function joinsAndLeavesAreHeardOnBothNodesInOrder(t) {
  const channel = t.own('room');
  const ada = await named(t, 'ada', FIRST);
  const here = await t.subscribed(ada, channel, HEARING);
  assert.deepEqual(await heard(here, 'join'), whole(ada, 'ada'));
  const bob = await named(t, 'bob', SECOND);
  const there = await t.subscribed(bob, channel, HEARING);
  assert.deepEqual(await heard(there, 'join'), whole(bob, 'bob'));
  assert.deepEqual(await heard(here, 'join'), whole(bob, 'bob'));
  for (let times = 0; times < 10; times += 1) {
    there.sdk.unsubscribe();
    assert.deepEqual(await heard(here, 'leave'), whole(bob, 'bob'));
    there.sdk.subscribe();
    assert.deepEqual(await heard(here, 'join'), whole(bob, 'bob'));
  }
  bob.sdk.disconnect();
  assert.deepEqual(await heard(here, 'leave'), whole(bob, 'bob'));
  assert.equal(here.events.count('join') + here.events.count('leave'), 0);
}

export async function presenceIsTheSameOnBothNodes(t) {
  const channel = t.own('room');
  const ada = await named(t, 'ada', FIRST);
  const again = await t.connected({ user: ada.user, url: SECOND });
  const bob = await named(t, 'bob', SECOND);
  const subscriptions = [];
  for (const client of [ada, again, bob]) {
    subscriptions.push(await t.subscribed(client, channel));
  }
  const ids = [ada.id, again.id, bob.id].sort();
  for (const subscription of subscriptions) {
    const read = async () => Object.keys((await subscription.sdk.presence()).clients).sort();
    await until(read, ids);
    const { clients } = await subscription.sdk.presence();
    assert.equal(clients[ada.id].user, ada.user);
    assert.deepEqual(unpacked(clients[bob.id].connInfo), { name: 'bob' });
    const stats = await subscription.sdk.presenceStats();
    assert.deepEqual([stats.numClients, stats.numUsers], [3, 2]);
  }
  subscriptions[1].sdk.unsubscribe();
  const count = async () => (await subscriptions[0].sdk.presenceStats()).numClients;
  await until(count, 2);
  bob.sdk.disconnect();
  await until(count, 1);
}

export async function theApiSubscribesAndEverybodyHears(t) {
  const channel = `forced:${t.own('room')}`;
  const ada = await named(t, 'ada', FIRST);
  const here = await t.subscribed(ada, channel);
  assert.deepEqual(await heard(here, 'join'), whole(ada, 'ada'));
  const bob = await named(t, 'bob', SECOND);
  await api('subscribe', { user: bob.user, channel });
  assert.equal((await bob.events.next('subscribed')).channel, channel);
  assert.equal((await bob.events.next('join')).info.client, bob.id);
  assert.deepEqual(await heard(here, 'join'), whole(bob, 'bob'));
  await api('unsubscribe', { user: bob.user, channel });
  assert.deepEqual(await heard(here, 'leave'), whole(bob, 'bob'));
}

export async function whoDoesNotAskHearsNothing(t) {
  const channel = t.own('room');
  const ada = await named(t, 'ada', FIRST);
  const quiet = await t.subscribed(ada, channel);
  const bob = await named(t, 'bob', SECOND);
  const there = await t.subscribed(bob, channel, HEARING);
  await heard(there, 'join');
  await api('publish', { channel, data: 'after' });
  await quiet.events.next('publication');
  assert.equal(quiet.events.count('join'), 0);
}
