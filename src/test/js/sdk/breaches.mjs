/** What no SDK does: a bare socket breaks the rules, and the node says with which code. */
import { assert, encoding, isProtobuf, token } from './kit.mjs';

/** A Protobuf field that holds bytes or text of less than 16 kB. */
function field(number, content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number << 3 | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value) {
  return value < 128 ? [value] : [value & 127 | 128, value >> 7];
}

const FIELDS = { connect: 4, subscribe: 5, send: 12 };

/** One command by hand, for either encoding; the parameters are those whose field number is 1. */
function command(id, name, parameters) {
  if (!isProtobuf) {
    return JSON.stringify({ id, [name]: parameters });
  }
  const inside = Object.values(parameters).map((value) => field(1, value));
  const body = Buffer.concat([Buffer.from([8, id]), field(FIELDS[name], Buffer.concat(inside))]);
  return Buffer.concat([Buffer.from(varint(body.length)), body]);
}

const EMPTY = isProtobuf ? Buffer.from([0]) : '{}';
const connect = (t) => command(1, 'connect', { token: token(t.own('user')) });

async function closedWith(t, ...messages) {
  const { socket, closed } = await t.raw();
  messages.forEach((message) => socket.send(message));
  return (await closed).code;
}

export async function theSubprotocolIsEchoed(t) {
  const { socket } = await t.raw();
  assert.equal(socket.protocol, `centrifuge-${encoding}`);
}

export async function whoSaysNothingIsStale(t) {
  const { closed } = await t.raw();
  assert.deepEqual(await closed, { code: 3502, reason: 'stale' });
}

export async function whoNeverAnswersAPingIsClosed(t) {
  const { socket, events, closed } = await t.raw();
  socket.send(connect(t));
  assert.notEqual(String(await events.next('message')), String(EMPTY));
  assert.equal(String(await events.next('message')), String(EMPTY));
  assert.deepEqual(await closed, { code: 3012, reason: 'no pong' });
}

export async function commandsBeforeConnectAreABreach(t) {
  assert.equal(await closedWith(t, command(1, 'subscribe', { channel: 'news' })), 3501);
}

export async function garbageIsABreach(t) {
  assert.equal(await closedWith(t, isProtobuf ? Buffer.from([200, 1, 8]) : '{"id":1,'), 3501);
  assert.equal(await closedWith(t, isProtobuf ? Buffer.alloc(0) : ''), 3501);
  // The other kind of frame.
  assert.equal(await closedWith(t, isProtobuf ? '{}' : Buffer.from('{}')), 1003);
}

export async function connectingTwiceIsABreach(t) {
  assert.equal(await closedWith(t, connect(t), connect(t)), 3501);
}

export async function aPongThatNobodyAskedForIsABreach(t) {
  assert.equal(await closedWith(t, connect(t), EMPTY), 3501);
}

export async function afterAFailedConnectNothingIsTaken(t) {
  const expired = command(1, 'connect', { token: token(t.own('user'), -60) });
  assert.equal(await closedWith(t, expired, connect(t)), 3501);
  // One that stays silent instead is reaped like any stale socket.
  assert.equal(await closedWith(t, expired), 3502);
}
