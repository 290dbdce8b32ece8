/** The console's entry: one poll feeds the monitor, the playground lives beside it. */
import { Cluster } from './cluster.js';
import { Details } from './details.js';
import { History } from './history.js';
import { Overview } from './overview.js';
import { Playground } from './playground.js';
import { poll } from './poll.js';

const history = new History();
const overview = new Overview();
const details = new Details();
const cluster = new Cluster();
const playground = new Playground();

function onStats(stats) {
  history.add(performance.now(), stats);
  overview.show(stats, history);
  details.show(stats, history);
  cluster.show(stats);
  playground.suggestUrl(stats.client_url);
}

function onFailure(error) {
  history.addGap(performance.now());
  overview.showOutage(error, history);
}

playground.start();
poll(onStats, onFailure);
