/** Asks the node for its numbers once a second, never twice at a time. */

const PERIOD_MILLIS = 1000;
const PATIENCE_MILLIS = 3000;
const STATS_URL = new URL('stats', import.meta.url);

/** Calls `onStats(stats)` or `onFailure(error)` after each try, for as long as the page lives. */
export async function poll(onStats, onFailure) {
  const startedAt = performance.now();
  const outcome = await ask().then((stats) => ({ stats }), (error) => ({ error }));
  const wait = Math.max(0, PERIOD_MILLIS - (performance.now() - startedAt));
  // The next try is set first: a fault in drawing must not stop the page from asking.
  setTimeout(() => poll(onStats, onFailure), wait);
  if (outcome.error) {
    onFailure(outcome.error);
  } else {
    onStats(outcome.stats);
  }
}

async function ask() {
  const answer = await fetch(STATS_URL, {
    cache: 'no-store',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(PATIENCE_MILLIS),
  });
  if (!answer.ok) {
    throw new Error(`it answered with status ${answer.status}`);
  }
  return answer.json();
}
