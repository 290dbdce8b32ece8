/**
 * The example `angular` in a real browser: two guests on two nodes, one of whom loses the connection.
 *
 * PAGES=first,second API_URL=… API_KEY=… [CHROMIUM=…] node angular.mjs [shots]
 *
 * API_URL is that of any node of the cluster.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { check, launch, ok, openTab } from './browser.mjs';

const { PAGES, API_URL, API_KEY } = process.env;
const SHOTS = process.argv[2];
const complaints = [];

async function api(method, body) {
  const response = await fetch(`${API_URL}/${method}`, {
    method: 'POST', headers: { 'X-API-Key': API_KEY }, body: JSON.stringify(body) });
  const { result } = await response.json();
  check(result, `API ${method} failed`);
}

const publish = (text) => api('publish', { channel: 'room:lobby', data: { text } });
const says = (tab, state) => tab.getByRole('status').getByText(state).waitFor();
const shows = (tab, text) => tab.getByRole('log').getByText(text, { exact: true }).waitFor();

async function say(tab, text) {
  await tab.getByLabel('Message', { exact: true }).fill(text);
  await tab.getByRole('button', { name: 'Send' }).click();
}

const browser = await launch();
try {
  await publish('from before');
  const tabs = [];
  for (const page of PAGES.split(',')) {
    const tab = await openTab(browser, complaints, { viewport: { width: 900, height: 600 } });
    await tab.goto(page);
    tabs.push(tab);
  }
  const [first, second] = tabs;
  await ok('the state is shown', () =>
    Promise.all(tabs.map((tab) => says(tab, /^connected as guest/))));
  await ok('the history is shown', () => Promise.all(tabs.map((tab) => shows(tab, 'from before'))));
  await ok('what one says all see', async () => {
    await say(first, 'from <i>the first</i>');
    await say(second, 'from the second');
    for (const tab of tabs) {
      await shows(tab, 'from <i>the first</i>');
      await shows(tab, 'from the second');
    }
  });
  await ok('a lost connection is shown, and what was missed', async () => {
    const user = (await first.getByRole('status').textContent()).replace('connected as ', '');
    await first.evaluate(() => {
      window.states = [];
      new MutationObserver(() => window.states.push(document.querySelector('[role=status]').textContent))
        .observe(document.querySelector('[role=status]'), { characterData: true, subtree: true, childList: true });
    });
    await api('disconnect', { user, disconnect: { code: 3001, reason: 'elsewhere, please' } });
    await publish('while the first was away');
    await first.waitForFunction(() => /^connected/.test(window.states.at(-1)));
    check((await first.evaluate(() => window.states.at(0))).startsWith('connecting'),
      'the loss was not shown');
    await Promise.all(tabs.map((tab) => shows(tab, 'while the first was away')));
  });
  if (SHOTS) {
    await mkdir(SHOTS, { recursive: true });
    await first.screenshot({ path: path.join(SHOTS, 'angular.png') });
  }
  await ok('each saw all once', async () => {
    for (const tab of tabs) {
      await tab.getByRole('heading', { name: '4 messages' }).waitFor();
    }
    check(complaints.length === 0, complaints.join('\n'));
  });
} finally {
  await browser.close();
}
process.exit(0);
