/** What the playground's fields remember, and what a ready link brings along. */

const STORE_KEY = 'switchboard.playground';

/** Never the token and never the API key: secrets live as long as the page. */
export const REMEMBERED = ['url', 'channel', 'payload'];

/** Reads the remembered fields; storage may be blocked or hold anything at all. */
export function recall() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORE_KEY)) ?? {};
    return Object.fromEntries(REMEMBERED
      .filter((name) => typeof stored[name] === 'string')
      .map((name) => [name, stored[name]]));
  } catch {
    return {};
  }
}

/** Stores the remembered fields; a page without storage only forgets. */
export function remember(fields) {
  try {
    sessionStorage.setItem(STORE_KEY, JSON.stringify(fields, REMEMBERED));
  } catch {
    // Blocked or full: the fields stay usable.
  }
}

/** Takes `#token=…&channel=…` out of the address bar, so that no copy of the URL carries it. */
export function takeFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  if (!fragment.has('token') && !fragment.has('channel')) {
    return {};
  }
  window.history.replaceState(null, '', location.pathname + location.search);
  return { token: fragment.get('token'), channel: fragment.get('channel') };
}

/** Checks a client URL; returns a sentence, or null when it can be tried. */
export function urlProblem(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return 'Enter a URL such as ws://127.0.0.1:8000/connection/websocket.';
  }
  return url.protocol === 'ws:' || url.protocol === 'wss:'
    ? null
    : 'The playground speaks WebSocket: the URL begins with ws:// or wss://.';
}

/** Checks JSON; `problem` is a short sentence, with the place where the browser tells it. */
export function parsePayload(text) {
  if (text.trim() === '') {
    return { problem: 'Empty: enter a JSON value' };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `Not JSON: ${complaint(error.message)}` };
  }
}

/** The browser's own words without the quoted input, and with line and column first. */
function complaint(message) {
  const spot = /line (\d+) column (\d+)/.exec(message);
  const words = message
    .replace(/^JSON\.parse: /, '')
    .replace(/,? (\.\.\.)?".*is not valid JSON$/s, '')
    .replace(/ (in JSON )?at (position|line) .*$/, '')
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return spot ? `line ${spot[1]}, column ${spot[2]}, ${words}` : words;
}
