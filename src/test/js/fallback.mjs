/**
 * A page in a real browser that talks by WebSocket, HTTP streaming and server-sent events at once,
 * through a balancer that hands connections out in turn, while nodes die under it.
 *
 * NODES=host:port,host:port PAGE_PORT=… TOKEN=… [CHROMIUM=…] node fallback.mjs [shots]
 *
 * Prints `kill the first node`, then `kill the second node` when that is due; the first one must be
 * back by then. What nodes must allow: see FallbackIT.
 */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { launch } from './browser.mjs';

const { NODES, PAGE_PORT, TOKEN } = process.env;
const SHOTS = process.argv[2];
const PATIENCE_MILLIS = 60_000;
const TRANSPORTS = ['websocket', 'http_stream', 'sse'];

/** Hands connections out in turn, and knows nothing of sessions. */
class Balancer {
  #nodes = NODES.split(',').map((node) => ({ node, taken: 0 }));
  #turn = 0;

  async listen() {
    const server = net.createServer((client) => this.#onClient(client, this.#nodes.length));
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return server.address().port;
  }

  #onClient(client, tries) {
    const chosen = this.#nodes[this.#turn++ % this.#nodes.length];
    const [host, port] = chosen.node.split(':');
    const node = net.connect(Number(port), host);
    let open = false;
    client.on('error', () => node.destroy());
    client.on('close', () => node.destroy());
    node.on('connect', () => {
      open = true;
      chosen.taken += 1;
      client.pipe(node).pipe(client);
    });
    node.on('close', () => {
      if (!open && tries > 1) {
        this.#onClient(client, tries - 1);
      } else {
        client.destroy();
      }
    });
    node.on('error', () => {});
  }

  /** How many connections each node took. */
  taken() {
    return this.#nodes.map(({ taken }) => taken);
  }
}

const page = (port) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Fallback</title>
<style>body { font: 16px sans-serif; margin: 2rem } td { padding: .3rem 1rem }</style>
<h1>One room, three transports</h1><table><tbody></tbody></table>
<script src="/centrifuge.js"></script><script>
const host = '127.0.0.1:${port}';
const addresses = {
  websocket: 'ws://' + host + '/connection/websocket',
  http_stream: [{ transport: 'http_stream', endpoint: 'http://' + host + '/connection/http_stream' }],
  sse: [{ transport: 'sse', endpoint: 'http://' + host + '/connection/sse' }],
};
const heard = {};
const subscriptions = {};
for (const [name, address] of Object.entries(addresses)) {
  const row = document.querySelector('tbody').insertRow();
  const cells = [name, '', ''].map((text) => { const cell = row.insertCell(); cell.textContent = text; return cell; });
  const client = new Centrifuge(address, { token: '${TOKEN}', emulationEndpoint: 'http://' + host + '/emulation',
    minReconnectDelay: 50, maxReconnectDelay: 500, timeout: 5000 });
  heard[name] = [];
  const subscription = client.newSubscription('room:fallback', { minResubscribeDelay: 50, maxResubscribeDelay: 500 });
  subscription.on('publication', ({ data }) => { heard[name].push(data); cells[2].textContent = heard[name].join(', '); });
  client.on('connecting', ({ code }) => { cells[1].textContent = 'connecting ' + code; });
  client.on('connected', ({ transport }) => { cells[1].textContent = 'connected by ' + transport; });
  subscription.subscribe();
  client.connect();
  subscriptions[name] = subscription;
}
async function say(name, text) {
  for (;;) {
    try { await subscriptions[name].publish(text); return; } catch (error) { await new Promise((next) => setTimeout(next, 100)); }
  }
}
</script></html>`;

async function serve(balancer) {
  const sdk = await readFile(path.join(import.meta.dirname, 'node_modules/centrifuge/dist/centrifuge.js'));
  const server = http.createServer((request, response) => {
    const isSdk = request.url === '/centrifuge.js';
    response.setHeader('content-type', isSdk ? 'text/javascript' : 'text/html');
    response.end(isSdk ? sdk : page(balancer));
  });
  await new Promise((resolve) => { server.listen(Number(PAGE_PORT), '127.0.0.1', resolve); });
  return `http://127.0.0.1:${PAGE_PORT}/`;
}

/** Whoever subscribes later does not hear what was said before. */
function allSubscribed(tab) {
  return tab.waitForFunction((names) => names.every((name) => subscriptions[name].state === 'subscribed'),
    TRANSPORTS, { timeout: PATIENCE_MILLIS });
}

/** Everybody says something, and everybody hears it all. */
async function talk(tab, round) {
  const words = TRANSPORTS.map((name) => `${round} ${name}`);
  await Promise.all(TRANSPORTS.map((name, index) =>
    tab.evaluate(([speaker, text]) => window.say(speaker, text), [name, words[index]])));
  try {
    await tab.waitForFunction(
      ([names, all]) => names.every((name) => all.every((text) => heard[name].includes(text))),
      [TRANSPORTS, words], { timeout: PATIENCE_MILLIS });
  } catch (error) {
    const rows = await tab.evaluate(() => document.querySelector('tbody').innerText + JSON.stringify(
      Object.entries(subscriptions).map(([name, { state }]) => `${name} ${state}`)));
    throw new Error(`not all heard round ${round}: ${rows}`, { cause: error });
  }
  if (SHOTS) {
    await tab.screenshot({ path: path.join(SHOTS, `fallback-${round}.png`) });
  }
  console.log(`ok all heard round ${round}`);
}

/** Has a node killed, and waits until the page has lost connections and has them all again. */
async function outlive(tab, balancer, sentence) {
  const connections = () => balancer.taken().reduce((sum, one) => sum + one);
  const before = connections();
  console.log(sentence);
  const end = Date.now() + PATIENCE_MILLIS;
  while (connections() === before) {
    if (Date.now() > end) {
      throw new Error(`nobody lost a connection: ${sentence}`);
    }
    await tab.waitForTimeout(100);
  }
  await allSubscribed(tab);
  console.log(`ok after ${connections() - before} new connections`);
}

const balancer = new Balancer();
const url = await serve(await balancer.listen());
const browser = await launch();
try {
  const tab = await browser.newPage();
  await tab.goto(url);
  await allSubscribed(tab);
  await talk(tab, 1);
  await talk(tab, 2);
  if (balancer.taken().some((count) => count === 0)) {
    throw new Error(`only one node was used: ${balancer.taken()}`);
  }
  await outlive(tab, balancer, 'kill the first node');
  await talk(tab, 3);
  await outlive(tab, balancer, 'kill the second node');
  await talk(tab, 4);
  const heard = await tab.evaluate(() => window.heard ?? heard);
  for (const name of TRANSPORTS) {
    if (new Set(heard[name]).size !== 12 || heard[name].length !== 12) {
      throw new Error(`${name} heard ${heard[name]}`);
    }
  }
  console.log('ok each heard all once');
} finally {
  await browser.close();
}
process.exit(0);
