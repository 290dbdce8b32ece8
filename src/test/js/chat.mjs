/**
 * People in the example `chat`: one with a WebSocket on one node, two on the other node in networks
 * that let only HTTP streaming through, or only SSE.
 *
 * PAGES=ada,bob,cy NODE_PORT=… RELAY_PORTS=bob,cy [CHROMIUM=…] node chat.mjs [shots]
 *
 * The pages of Bob and Cy lead to the relays, which this starts before NODE_PORT: see ChatIT.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { check, launch, ok, openTab } from './browser.mjs';
import { Relay } from './relay.mjs';

const { PAGES, NODE_PORT, RELAY_PORTS } = process.env;
const SHOTS = process.argv[2];
const WIDE = { viewport: { width: 1000, height: 640 } };
const NARROW = { viewport: { width: 390, height: 740 }, colorScheme: 'dark' };
const pages = PAGES.split(',');
const complaints = [];

/** Somebody at a page. */
class Person {
  static async enter(browser, page, name, options) {
    const person = new Person();
    person.name = name;
    person.tab = await openTab(browser, complaints, options);
    await person.tab.goto(page);
    await person.tab.getByLabel('Your name').fill(name);
    await person.tab.getByRole('button', { name: 'Enter' }).click();
    return person;
  }

  get log() {
    return this.tab.getByRole('log');
  }

  async says(text) {
    await this.tab.getByLabel('Message', { exact: true }).fill(text);
    await this.tab.getByRole('button', { name: 'Send' }).click();
  }

  /** Waits for a text, which must be there once. */
  async hears(...texts) {
    for (const text of texts) {
      await this.log.getByText(text, { exact: true }).waitFor();
    }
  }

  async isConnected(transport) {
    await this.tab.getByRole('status').getByText(`connected by ${transport}`).waitFor();
  }

  async sees(...names) {
    await this.tab.waitForFunction((wanted) =>
      [...document.querySelectorAll('#people li')].map((item) => item.textContent).join() === wanted,
    names.join());
  }

  /** What was said and is shown, in its order. */
  messages() {
    return this.log.locator('.mine .text, .other .text').allTextContents();
  }

  leave() {
    return this.tab.context().close();
  }

  async photograph(name) {
    if (SHOTS) {
      await this.tab.screenshot({ path: path.join(SHOTS, `chat-${name}.png`) });
    }
  }
}

const [bobsPort, cysPort] = RELAY_PORTS.split(',').map(Number);
const bobsNetwork = new Relay(NODE_PORT, /^$/);
const cysNetwork = new Relay(NODE_PORT, /http_stream/);
await bobsNetwork.listen(bobsPort);
await cysNetwork.listen(cysPort);
if (SHOTS) {
  await mkdir(SHOTS, { recursive: true });
}
const browser = await launch();
try {
  const ada = await Person.enter(browser, pages[0], 'Ada', WIDE);
  const bob = await Person.enter(browser, pages[1], 'Bob', NARROW);
  const cy = await Person.enter(browser, pages[2], 'Cy', WIDE);
  const everybody = [ada, bob, cy];
  const said = ['Good morning', 'Hello from <b>Bob</b> & co', 'Grüße aus Köln'];

  await ok('each takes what gets through', async () => {
    await ada.isConnected('WebSocket');
    await bob.isConnected('HTTP streaming');
    await cy.isConnected('SSE');
  });
  await ok('everybody sees who is there', () =>
    Promise.all(everybody.map((person) => person.sees('Ada', 'Bob', 'Cy'))));
  await ok('everybody hears everybody', async () => {
    for (const [index, person] of everybody.entries()) {
      await person.says(said[index]);
      await Promise.all(everybody.map((listener) => listener.hears(said[index])));
    }
  });
  await ada.photograph('wide');
  await bob.photograph('narrow');
  await ok('who leaves is seen to leave', async () => {
    await cy.leave();
    await ada.hears('Cy left');
    await Promise.all([ada, bob].map((person) => person.sees('Ada', 'Bob')));
  });
  await ok('who was away gets what was missed', async () => {
    bobsNetwork.cut();
    await bob.tab.getByRole('status').getByText('connecting').waitFor();
    await ada.hears('Bob left');
    for (const text of ['Bob is away', 'He is still away']) {
      await ada.says(text);
      said.push(text);
    }
    await ada.hears('He is still away');
    bobsNetwork.mend();
    await bob.hears('He is still away');
    await ada.sees('Ada', 'Bob');
  });
  await ok('who comes later reads what was said', async () => {
    const dora = await Person.enter(browser, pages[2], 'Dora', WIDE);
    await dora.hears(...said);
    await Promise.all([ada, bob, dora].map((person) => person.sees('Ada', 'Bob', 'Dora')));
    everybody.splice(2, 1, dora);
  });
  await ok('everybody heard all once', async () => {
    for (const person of everybody) {
      const heard = await person.messages();
      check(heard.join('|') === said.join('|'), `${person.name} heard ${heard.join('|')}`);
    }
    check(complaints.length === 0, complaints.join('\n'));
  });
} finally {
  await browser.close();
}
process.exit(0);
