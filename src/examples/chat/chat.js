/** A room: who is there, what was said, what is said, by whatever transport gets through. */
import { Account } from './account.js';
import { People } from './people.js';

const { Centrifuge } = globalThis;
const CHANNEL = 'room:lobby';
const HISTORY = 50;
const TRANSPORTS = { websocket: 'WebSocket', http_stream: 'HTTP streaming', sse: 'SSE' };
const element = (id) => document.getElementById(id);

/** What was said, oldest first. */
class Messages {
  #list = element('messages');
  #user;
  #oldest = Infinity;

  constructor(user) {
    this.#user = user;
  }

  /** Shows what is said now. */
  add(publication) {
    this.#oldest = Math.min(this.#oldest, publication.offset);
    this.#append(this.#item(publication));
  }

  /** Shows what was said before, above what came in while it was asked for. */
  addEarlier(publications) {
    const earlier = publications.filter(({ offset }) => offset < this.#oldest);
    this.#list.prepend(...earlier.map((publication) => this.#item(publication)));
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  note(text) {
    this.#append(paragraph('note', { text }));
  }

  clear() {
    this.#oldest = Infinity;
    this.#list.replaceChildren();
  }

  #item({ data, info }) {
    // What a service publishes comes from no client.
    const by = info?.user ?? 'Switchboard';
    const at = new Date(data.at ?? Date.now()).toLocaleTimeString([], { timeStyle: 'short' });
    return paragraph(by === this.#user ? 'mine' : 'other', { by: `${by}, ${at}`, text: data.text });
  }

  #append(item) {
    const isAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    this.#list.append(item);
    if (isAtEnd) {
      this.#list.scrollTop = this.#list.scrollHeight;
    }
  }
}

/** Others wrote it: it becomes text, never HTML. */
function paragraph(kind, parts) {
  const item = Object.assign(document.createElement('p'), { className: kind });
  for (const [className, textContent] of Object.entries(parts)) {
    item.append(Object.assign(document.createElement('span'), { className, textContent }));
  }
  return item;
}

function connect(account) {
  const { gateway } = account;
  // The first that gets through is kept.
  return new Centrifuge([
    { transport: 'websocket', endpoint: `${gateway.replace(/^http/, 'ws')}/connection/websocket` },
    { transport: 'http_stream', endpoint: `${gateway}/connection/http_stream` },
    { transport: 'sse', endpoint: `${gateway}/connection/sse` },
  ], {
    emulationEndpoint: `${gateway}/emulation`,
    getToken: () => account.token('connection'),
  });
}

function showState(text, isConnected = false) {
  element('state').textContent = text;
  element('state').classList.toggle('connected', isConnected);
}

function enter(account) {
  const client = connect(account);
  const room = client.newSubscription(CHANNEL, {
    getToken: () => account.token('subscription', { channel: CHANNEL }),
  });
  const messages = new Messages(account.user);
  const people = new People(element('people'), (user, does) => messages.note(`${user} ${does}`));

  client.on('connecting', () => showState('connecting …'));
  client.on('connected', ({ transport }) => showState(`connected by ${TRANSPORTS[transport]}`, true));
  client.on('disconnected', ({ reason }) => showState(`disconnected: ${reason}`));

  room.on('unsubscribed', ({ reason }) => showState(`not in the room: ${reason}`));
  room.on('publication', (publication) => messages.add(publication));
  room.on('join', ({ info }) => people.join(info));
  room.on('leave', ({ info }) => people.leave(info));
  room.on('subscribed', async ({ wasRecovering, recovered }) => {
    try {
      // What was missed while away comes by itself, unless it was too much or too long ago.
      if (!wasRecovering || !recovered) {
        messages.clear();
        const { publications } = await room.history({ limit: HISTORY, reverse: true });
        messages.addEarlier(publications.reverse());
      }
      await people.ask(room);
    } catch (error) {
      // A broken connection brings another `subscribed`.
      messages.note(`not all could be loaded: ${error.message}`);
    }
  });

  element('say').addEventListener('submit', async (event) => {
    event.preventDefault();
    const input = element('text');
    const text = input.value;
    input.value = '';
    try {
      await room.publish({ text, at: new Date().toISOString() });
    } catch (error) {
      input.value ||= text;
      messages.note(`not sent: ${error.message}`);
    }
  });
  room.subscribe();
  client.connect();
}

element('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const account = await Account.login(element('name').value.trim());
    element('login').hidden = true;
    element('room').hidden = false;
    element('text').focus();
    enter(account);
  } catch (error) {
    element('refused').textContent = error.message;
  }
});
