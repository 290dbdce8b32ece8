/** What every script that drives a page needs: a browser, its tabs, and steps that say how they went. */
import { chromium } from 'playwright-core';

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const PATIENCE_MILLIS = 30_000;
// Nothing of the browser's own may look for the outside: the machine's network can be closed.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export function check(holds, sentence) {
  if (!holds) {
    throw new Error(sentence);
  }
}

/** One step of a story, and that it went well. */
export async function ok(name, step) {
  try {
    await step();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
  console.log(`ok ${name}`);
}

/** A tab that nobody shares anything with; `complaints` are the page's errors and broken policies. */
export async function openTab(browser, complaints, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const tab = await context.newPage();
  tab.on('pageerror', (error) => complaints.push(error.stack));
  await tab.exposeFunction('reportViolation', (text) => complaints.push(`CSP: ${text}`));
  await tab.addInitScript(() => document.addEventListener('securitypolicyviolation',
    (event) => window.reportViolation(`${event.effectiveDirective} ${event.blockedURI}`)));
  return tab;
}
