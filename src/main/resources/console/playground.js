/** The playground's form: fields in, buttons that say what they would do now. */
import { Client, loadSdk, publishByApi } from './client.js';
import { element, find, write } from './dom.js';
import { parsePayload, recall, remember, takeFragment, urlProblem } from './fields.js';
import { Log } from './log.js';

const FIELDS = { url: 'client-url', token: 'token', channel: 'channel', payload: 'payload',
  key: 'api-key' };
const FIRST_PAYLOAD = '{"text": "hello"}';

export class Playground {
  constructor() {
    this.log = new Log();
    this.client = new Client(this.log, () => this.#refresh());
    this.inputs = Object.fromEntries(
      Object.entries(FIELDS).map(([name, id]) => [name, find(id)]));
    this.suggested = null;
    this.sdk = false;
  }

  /** Fills the fields, wires the buttons, then fetches the SDK. */
  start() {
    const recalled = { channel: 'news', payload: FIRST_PAYLOAD, ...recall() };
    for (const [name, value] of Object.entries(recalled)) {
      this.inputs[name].value = value;
    }
    this.#takeLink();
    window.addEventListener('hashchange', () => this.#takeLink());
    document.addEventListener('securitypolicyviolation', (event) => this.#onBlocked(event));
    this.#wire();
    this.#refresh();
    loadSdk().then((present) => {
      this.sdk = present;
      find('sdk-missing').hidden = present;
      this.#refresh();
    });
  }

  /** Offers the node's own client URL until somebody types another. */
  suggestUrl(url) {
    const field = this.inputs.url;
    if (typeof url === 'string' && url !== this.suggested) {
      if (field.value === '' || field.value === this.suggested) {
        field.value = url;
      }
      this.suggested = url;
      this.#refresh();
    }
  }

  #wire() {
    const { url, channel, payload } = this.inputs;
    find('connection-form').addEventListener('submit', (event) => this.#onConnect(event));
    find('channel-form').addEventListener('submit', (event) => this.#onSubscribe(event));
    find('publish-form').addEventListener('submit', (event) => this.#onPublish(event));
    find('publish-api').addEventListener('click', () => this.#onPublishByApi());
    find('tidy').addEventListener('click', () => this.#onTidy());
    for (const field of [url, channel, payload]) {
      field.addEventListener('input', () => this.#onInput());
    }
    payload.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        find('publish-client').click();
      }
    });
    for (const button of document.querySelectorAll('[data-reveals]')) {
      button.addEventListener('click', () => reveal(button));
    }
  }

  #takeLink() {
    const { token, channel } = takeFragment();
    if (token) {
      this.inputs.token.value = token;
      this.log.add('connection', 'token taken from the link; press Connect');
    }
    if (channel) {
      this.inputs.channel.value = channel;
    }
    this.#refresh();
  }

  #onInput() {
    const { url, channel, payload } = this.inputs;
    const typed = url.value === this.suggested ? undefined : url.value;
    remember({ url: typed, channel: channel.value, payload: payload.value });
    this.#refresh();
  }

  #onConnect(event) {
    event.preventDefault();
    if (!this.sdk) {
      return;
    }
    if (this.client.state !== 'disconnected') {
      this.client.disconnect();
      return;
    }
    const url = this.inputs.url.value.trim();
    const problem = urlProblem(url);
    this.#showUrlProblem(problem);
    if (problem === null) {
      this.client.connect(url, this.inputs.token.value.trim());
    }
  }

  #onSubscribe(event) {
    event.preventDefault();
    const channel = this.#channel();
    if (this.#subscribed(channel)) {
      this.client.unsubscribe(channel);
    } else if (channel !== '' && this.client.state !== 'disconnected') {
      this.client.subscribe(channel);
    }
  }

  #onPublish(event) {
    event.preventDefault();
    const { value, problem } = parsePayload(this.inputs.payload.value);
    if (!problem && this.#channel() !== '' && this.client.state === 'connected') {
      this.client.publish(this.#channel(), value);
    }
  }

  #onPublishByApi() {
    const { key, payload } = this.inputs;
    publishByApi(key.value.trim(), this.#channel(), payload.value, this.log);
  }

  #onTidy() {
    const { value, problem } = parsePayload(this.inputs.payload.value);
    if (!problem) {
      this.inputs.payload.value = JSON.stringify(value, null, 2);
      this.#onInput();
    }
  }

  #onBlocked({ effectiveDirective, blockedURI }) {
    if (effectiveDirective === 'connect-src') {
      this.log.add('error', `this page may not connect to ${blockedURI}`);
    }
  }

  #refresh() {
    const { state } = this.client;
    const channel = this.#channel();
    const { problem } = parsePayload(this.inputs.payload.value);
    const live = state !== 'disconnected';
    write(find('client-state'), state);
    find('client-state').dataset.state = state;
    setButton('connect', live ? 'Disconnect' : 'Connect', this.sdk);
    find('connect').classList.toggle('primary', !live);
    const subscribed = this.#subscribed(channel);
    setButton('subscribe', subscribed ? 'Unsubscribe' : 'Subscribe',
      subscribed || (live && channel !== ''));
    setButton('publish-client', 'Publish as client',
      state === 'connected' && channel !== '' && !problem);
    setButton('publish-api', 'Publish by API', channel !== '' && !problem);
    setButton('tidy', 'Tidy', !problem);
    this.#showVerdict(problem);
    this.#showSubscriptions();
    if (urlProblem(this.inputs.url.value.trim()) === null) {
      this.#showUrlProblem(null);
    }
  }

  #showVerdict(problem) {
    write(find('payload-verdict'), problem ?? 'Valid');
    find('payload-verdict').dataset.valid = problem ? 'no' : 'yes';
    this.inputs.payload.setAttribute('aria-invalid', problem ? 'true' : 'false');
  }

  #showUrlProblem(problem) {
    write(find('url-problem'), problem ?? '');
    this.inputs.url.setAttribute('aria-invalid', problem ? 'true' : 'false');
  }

  /** One chip per subscription; pressing it brings the channel back into the field. */
  #showSubscriptions() {
    const subscriptions = this.client.subscriptions();
    const list = find('subscriptions');
    const wanted = JSON.stringify(subscriptions);
    if (list.dataset.shown === wanted) {
      return;
    }
    list.dataset.shown = wanted;
    list.replaceChildren(...subscriptions.map(({ channel, state }) => {
      const chip = element('button', { type: 'button', class: 'chip', 'data-state': state },
        channel, element('span', { class: 'unseen' }, `, ${state}`));
      chip.addEventListener('click', () => {
        this.inputs.channel.value = channel;
        this.#onInput();
      });
      return element('li', {}, chip);
    }));
  }

  #channel() {
    return this.inputs.channel.value.trim();
  }

  #subscribed(channel) {
    return this.client.subscriptions().some((each) => each.channel === channel);
  }
}

function setButton(id, text, enabled) {
  write(find(id), text);
  find(id).disabled = !enabled;
}

function reveal(button) {
  const field = find(button.dataset.reveals);
  const shown = field.type === 'text';
  field.type = shown ? 'password' : 'text';
  button.setAttribute('aria-pressed', String(!shown));
  write(button.firstChild, shown ? 'Show' : 'Hide');
}
