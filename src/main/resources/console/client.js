/** One connection of the playground, through the published browser SDK. */

const SDK_URL = new URL('sdk/centrifuge.js', import.meta.url);
const API_URL = new URL('../api/publish', import.meta.url);

/** Loads the SDK as a classic script; false when this build was made without it. */
export function loadSdk() {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = SDK_URL;
    script.addEventListener('load', () => resolve(typeof globalThis.Centrifuge === 'function'));
    script.addEventListener('error', () => resolve(false));
    document.head.append(script);
  });
}

/** Wraps the SDK's client: events become log lines, a new state calls `onChange`. */
export class Client {
  constructor(log, onChange) {
    this.log = log;
    this.onChange = onChange;
    this.sdk = null;
  }

  get state() {
    return this.sdk?.state ?? 'disconnected';
  }

  /** Opens a new connection; channels of the one before are subscribed again. */
  connect(url, token) {
    const channels = this.subscriptions().map(({ channel }) => channel);
    this.disconnect();
    const sdk = new globalThis.Centrifuge(url, token === '' ? {} : { token });
    this.sdk = sdk;
    sdk.on('connecting', ({ code, reason }) =>
      this.#tell('connection', code === 0 ? 'connecting' : `reconnecting: ${code} ${reason}`));
    sdk.on('connected', ({ client, transport, data }) =>
      this.#tell('connection', `connected over ${transport} as ${client}`, data));
    sdk.on('disconnected', ({ code, reason }) =>
      this.#tell('connection', `disconnected: ${code} ${reason}`));
    sdk.on('error', ({ type, error }) => this.#tell('error', sentence(type, error)));
    sdk.on('message', ({ data }) => this.#tell('message', 'sent to this client', data));
    sdk.on('subscribed', ({ channel }) => this.#tell('channel', `server subscribed ${channel}`));
    sdk.on('unsubscribed', ({ channel }) =>
      this.#tell('channel', `server unsubscribed ${channel}`));
    this.#hearChannel(sdk);
    channels.forEach((channel) => this.subscribe(channel));
    sdk.connect();
  }

  disconnect() {
    this.sdk?.disconnect();
  }

  /** Channel names with their states, in the order they were asked for. */
  subscriptions() {
    return Object.entries(this.sdk?.subscriptions() ?? {})
      .map(([channel, { state }]) => ({ channel, state }));
  }

  subscribe(channel) {
    const sdk = this.sdk;
    const subscription = sdk.newSubscription(channel);
    subscription.on('subscribing', ({ code, reason }) =>
      this.#tell('channel', code === 0 ? `subscribing ${channel}`
        : `subscribing ${channel} again: ${code} ${reason}`));
    subscription.on('subscribed', ({ recoverable, streamPosition, wasRecovering, recovered }) =>
      this.#tell('channel', `subscribed ${channel}`, recoverable || wasRecovering
        ? { ...streamPosition, recovered } : undefined));
    subscription.on('unsubscribed', ({ code, reason }) => {
      sdk.removeSubscription(subscription);
      this.#tell('channel', `unsubscribed ${channel}: ${code} ${reason}`);
    });
    subscription.on('error', ({ type, error }) =>
      this.#tell('error', `${channel}: ${sentence(type, error)}`));
    this.#hearChannel(subscription);
    subscription.subscribe();
  }

  unsubscribe(channel) {
    this.sdk?.getSubscription(channel)?.unsubscribe();
  }

  publish(channel, value) {
    this.sdk.publish(channel, value).then(
      () => this.#tell('sent', `${channel}, accepted`),
      (error) => this.#tell('error', `publishing to ${channel}: ${sentence('', error)}`));
  }

  #hearChannel(source) {
    source.on('publication', ({ channel, data, offset, info }) =>
      this.#tell('publication', [channel ?? source.channel, offset ? `#${offset}` : '',
        info?.user ? `by ${info.user}` : ''].filter(Boolean).join(' '), data));
    source.on('join', ({ channel, info }) =>
      this.#tell('channel', `${info.user || info.client} joined ${channel ?? source.channel}`));
    source.on('leave', ({ channel, info }) =>
      this.#tell('channel', `${info.user || info.client} left ${channel ?? source.channel}`));
  }

  #tell(kind, text, body) {
    this.log.add(kind, text, body);
    if (kind === 'connection' || kind === 'channel') {
      this.onChange();
    }
  }
}

/** Publishes as a back end would; the payload's text goes out as it was typed. */
export async function publishByApi(key, channel, payload, log) {
  try {
    const answer = await fetch(API_URL, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
      body: `{"channel":${JSON.stringify(channel)},"data":${payload}}`,
    });
    const body = await answer.json().catch(() => undefined);
    const accepted = answer.ok && body !== undefined && !body.error;
    log.add(accepted ? 'api' : 'error', accepted
      ? `${channel}, accepted` : apiProblem(answer.status, body), body);
  } catch {
    log.add('error', 'API: the node did not answer');
  }
}

function apiProblem(status, body) {
  const error = body?.error;
  return error?.code ? `API: ${error.code} ${error.message}` : `API: status ${status}`;
}

function sentence(type, error) {
  return [type, error?.code ?? '', error?.message ?? String(error)].filter(Boolean).join(' ');
}
