/**
 * Opens the console in a real browser and uses it as a person would: link, connect, subscribe,
 * publish both ways, look at every size and scheme, lose the node and find it again.
 *
 * npm ci; CONSOLE_URL=… TOKEN=… API_KEY=… [CLIENT_URL=…] [CHANNEL=…] [CHROMIUM=…] node console.mjs [shots]
 * In a cluster, NODES=… names the nodes, comma-separated and by name, but this one first.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { check, launch, ok } from './browser.mjs';

const {
  CONSOLE_URL = 'http://127.0.0.1:9000/',
  CLIENT_URL = '',
  TOKEN = '',
  API_KEY = '',
  CHANNEL = 'console-test',
  NODES = '',
} = process.env;
const SHOTS = process.argv[2];
const PATIENCE_MILLIS = 10_000;

/** Everything a quiet page never does: errors, blocked loads, words with strangers. */
class Complaints {
  constructor() {
    this.heard = new Set();
    this.hosts = new Set([new URL(CONSOLE_URL).host]);
    this.networkBroken = false;
  }

  async watch(page) {
    await page.exposeFunction('reportViolation', (text) => this.heard.add(`CSP: ${text}`));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation',
      (event) => window.reportViolation(`${event.effectiveDirective} ${event.blockedURI}`)));
    page.on('pageerror', (error) => this.heard.add(`page error: ${error.stack}`));
    page.on('console', (message) => this.#onConsole(message));
    page.on('request', (request) => this.#onUrl(request.url()));
    page.on('websocket', (socket) => this.#onUrl(socket.url()));
  }

  #onConsole(message) {
    const expected = this.networkBroken && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !expected) {
      this.heard.add(`console error: ${message.text()} at ${message.location().url}`);
    }
  }

  #onUrl(text) {
    const url = new URL(text);
    if (url.protocol !== 'data:' && !this.hosts.has(url.host)) {
      this.heard.add(`request to a foreign host: ${url.host}`);
    }
  }
}

async function until(page, sentence, condition, argument) {
  await page.waitForFunction(condition, argument, { timeout: PATIENCE_MILLIS })
    .catch(() => { throw new Error(`within ${PATIENCE_MILLIS} ms not: ${sentence}`); });
}

function logged(page, kind, text) {
  return until(page, `a log line "${kind}" with ${text}`, ([wanted, part]) =>
    [...document.querySelectorAll(`#log [data-kind="${wanted}"]`)]
      .some((line) => line.textContent.includes(part)), [kind, text]);
}

function stateIs(page, id, state) {
  return until(page, `${id} is ${state}`, ([which, wanted]) =>
    document.getElementById(which).textContent === wanted, [id, state]);
}

async function openByLink(page) {
  const fragment = new URLSearchParams({ token: TOKEN, channel: CHANNEL });
  const answer = await page.goto(`${CONSOLE_URL}#${fragment}`);
  const policy = answer.headers()['content-security-policy'] ?? '';
  check(policy.includes("default-src 'none'"), `the page has no strict CSP: "${policy}"`);
  await until(page, 'the node has a name', () =>
    document.getElementById('node-name').textContent !== '–');
  check(!page.url().includes('#'), 'the token is still in the address bar');
  check(await page.inputValue('#token') === TOKEN, 'the token was not taken from the link');
  check(await page.inputValue('#channel') === CHANNEL, 'the channel was not taken from the link');
}

async function everythingIsLabelled(page) {
  const bare = await page.$$eval('input, textarea', (fields) =>
    fields.filter((field) => field.labels.length === 0).map((field) => field.id));
  check(bare.length === 0, `fields without a label: ${bare}`);
  const silent = await page.$$eval('.plot', (plots) =>
    plots.filter((plot) => !plot.getAttribute('aria-label')).length);
  check(silent === 0, `${silent} charts without a text alternative`);
}

async function connect(page, complaints) {
  await until(page, 'the SDK is there', () => !document.getElementById('connect').disabled);
  if (CLIENT_URL !== '') {
    await page.fill('#client-url', CLIENT_URL);
  }
  const url = await page.inputValue('#client-url');
  check(url.startsWith('ws'), `no client URL was suggested: "${url}"`);
  complaints.hosts.add(new URL(url).host);
  await page.click('#connect');
  await stateIs(page, 'client-state', 'connected');
  await until(page, 'the tile counts a connection', () => {
    const tile = document.querySelector('[data-tile="connections"]');
    return Number(tile.textContent.replaceAll(',', '')) >= 1;
  });
}

async function nodesAndLinksAreShown(page) {
  const all = NODES.split(',');
  const others = all.slice(1);
  await until(page, `the nodes are ${all}, this one first`, (names) =>
    [...document.querySelectorAll('#nodes th')].map((cell) => cell.firstChild.textContent)
      .join() === names.join(), all);
  check((await page.textContent('#nodes tr:first-child')).includes('this node'),
    'this node is not marked');
  await until(page, `links to ${others} are open, with leases both ways`, (names) => {
    const rows = [...document.querySelectorAll('#links tr')].map((row) => row.textContent);
    return !document.getElementById('links-panel').hidden && rows.length === names.length
      && names.every((name) => rows.some((row) => row.startsWith(`${name}openboth ways`)));
  }, others);
}

async function badJsonIsRefused(page) {
  await page.fill('#payload', '{"text": }');
  const verdict = await page.textContent('#payload-verdict');
  check(verdict === "Not JSON: unexpected token '}'", `the verdict says "${verdict}"`);
  check(await page.isDisabled('#publish-api'), 'bad JSON can still be published');
}

async function publishBothWays(page) {
  await page.click('#subscribe');
  await logged(page, 'channel', `subscribed ${CHANNEL}`);
  const mark = Date.now();
  await page.fill('#payload', `{"by": "client", "mark": ${mark}}`);
  await page.focus('#payload');
  await page.keyboard.press('Control+Enter');
  await logged(page, 'sent', 'accepted');
  await logged(page, 'publication', `{"by":"client","mark":${mark}}`);
  await page.fill('#payload', `{"by": "api", "mark": ${mark}}`);
  await page.fill('#api-key', API_KEY);
  await page.click('#publish-api');
  await logged(page, 'api', 'accepted');
  await logged(page, 'publication', `{"by":"api","mark":${mark}}`);
}

async function secretsAreForgotten(page) {
  const stored = await page.evaluate(() =>
    JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage }));
  check(stored.includes(CHANNEL), 'the channel is not remembered');
  check(!stored.includes(TOKEN), 'the token is in the storage');
  check(API_KEY === '' || !stored.includes(API_KEY), 'the API key is in the storage');
}

async function chartsReadByKeyboard(page) {
  await page.focus('.plot');
  await page.keyboard.press('ArrowLeft');
  const reading = await page.textContent('#chart-reading');
  check(/^1 s ago: out .+, in /.test(reading), `the reading says "${reading}"`);
  await page.keyboard.press('Escape');
}

async function fitsAndShows(page) {
  for (const [width, height] of [[1280, 900], [400, 860]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => new Promise((settled) =>
        requestAnimationFrame(() => requestAnimationFrame(settled))));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      check(wide <= width, `at ${width} px the page is ${wide} px wide`);
      if (SHOTS) {
        const file = path.join(SHOTS, `console-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
      }
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function outageIsSaid(page, complaints) {
  complaints.networkBroken = true;
  await page.route('**/console/stats', (route) => route.abort());
  await until(page, 'the banner says unreachable', () => {
    const banner = document.getElementById('outage');
    return !banner.hidden && banner.textContent.includes('Node unreachable, retrying');
  });
  if (SHOTS) {
    await page.screenshot({ path: path.join(SHOTS, 'console-outage.png') });
  }
  await page.unroute('**/console/stats');
  await until(page, 'the banner is gone', () => document.getElementById('outage').hidden);
  complaints.networkBroken = false;
}

async function leave(page) {
  await page.click('#subscribe');
  await logged(page, 'channel', `unsubscribed ${CHANNEL}`);
  await page.click('#connect');
  await stateIs(page, 'client-state', 'disconnected');
}

async function logStaysShort(page) {
  const shown = await page.evaluate(async () => {
    const { Log } = await import(new URL('console/log.js', document.baseURI));
    const log = new Log();
    for (let line = 0; line < 150; line += 1) {
      log.add('sent', `first ${line}`);
    }
    await new Promise(requestAnimationFrame);
    for (let line = 0; line < 150; line += 1) {
      log.add('sent', `second ${line}`);
    }
    await new Promise(requestAnimationFrame);
    const lines = [...document.querySelectorAll('#log li')];
    return { lines: lines.length, newest: lines[0].textContent };
  });
  check(shown.lines === 200, `the log holds ${shown.lines} lines`);
  check(shown.newest.includes('second 149'), `the newest line is "${shown.newest}"`);
}

async function worksWithoutSdk(context, complaints) {
  const page = await context.newPage();
  await complaints.watch(page);
  complaints.networkBroken = true;
  await page.route('**/console/sdk/centrifuge.js', (route) => route.fulfill({ status: 404 }));
  await page.goto(CONSOLE_URL);
  await until(page, 'the notice about the SDK', () =>
    !document.getElementById('sdk-missing').hidden);
  check(await page.isDisabled('#connect'), 'Connect is offered without the SDK');
  await until(page, 'the node has a name', () =>
    document.getElementById('node-name').textContent !== '–');
  await page.close();
  complaints.networkBroken = false;
}

async function bearsAnEmptyAnswer(context, complaints) {
  const page = await context.newPage();
  await complaints.watch(page);
  await page.route('**/console/stats', (route) => route.fulfill({ json: {} }));
  await page.goto(CONSOLE_URL);
  await until(page, 'the monitor has drawn', () =>
    document.querySelector('#closes .empty') && document.querySelector('.meter'));
  const values = await page.$$eval('.tile .value, #totals td, .meter-value, #node-facts dd',
    (cells) => cells.map((cell) => cell.textContent));
  check(values.every((value) => value === '–'), `not all dashes: ${values}`);
  await page.close();
}

async function run() {
  check(TOKEN !== '', 'TOKEN is empty: give a connection token');
  if (SHOTS) {
    await mkdir(SHOTS, { recursive: true });
  }
  const browser = await launch();
  const complaints = new Complaints();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await complaints.watch(page);
    await ok('opens by link and hides the token', () => openByLink(page));
    await ok('labels every field and chart', () => everythingIsLabelled(page));
    await ok('connects and is counted', () => connect(page, complaints));
    if (NODES !== '') {
      await ok('shows all nodes and links', () => nodesAndLinksAreShown(page));
    }
    await ok('refuses bad JSON', () => badJsonIsRefused(page));
    await ok('publishes by client and by API', () => publishBothWays(page));
    await ok('remembers no secret', () => secretsAreForgotten(page));
    await ok('reads charts by keyboard', () => chartsReadByKeyboard(page));
    await ok('fits 1280 and 400 px, light and dark', () => fitsAndShows(page));
    await ok('says when the node is away', () => outageIsSaid(page, complaints));
    await ok('unsubscribes and disconnects', () => leave(page));
    await ok('keeps the log short', () => logStaysShort(page));
    await ok('works without the SDK', () => worksWithoutSdk(context, complaints));
    await ok('shows dashes for what is missing', () => bearsAnEmptyAnswer(context, complaints));
    await ok('never complained', () => check(complaints.heard.size === 0,
      'the page complained'));
  } catch (error) {
    const heard = [...complaints.heard].map((complaint) => `\n  ${complaint}`).join('');
    throw new Error(error.message + heard, { cause: error });
  } finally {
    await browser.close();
  }
}

run().catch((error) => {
  console.error(`FAILED ${error.message}`);
  process.exitCode = 1;
});
