/** The nodes of the cluster, and the links of this one to the others. */
import { element, find, rewrite, write } from './dom.js';
import { bytes, count, DASH, seconds, uptime } from './format.js';

/** Owns the tables of nodes and links; a link is called by the name its node once had. */
export class Cluster {
  constructor() {
    this.names = new Map();
  }

  show(stats) {
    const nodes = [...(stats.nodes ?? [])].sort((one, other) => byPlace(one, other, stats.uid));
    nodes.forEach((node) => this.names.set(node.uid, node.name));
    write(find('nodes-count'), nodes.length > 0 ? String(nodes.length) : '');
    rewrite(find('nodes'), nodes.map((node) => nodeRow(node, stats.uid)), 'No list of nodes.');
    const links = stats.links ?? [];
    find('links-panel').hidden = stats.links === undefined;
    write(find('links-count'), links.length > 0 ? String(links.length) : '');
    rewrite(find('links'), links.map((link) => this.#linkRow(link)), 'This node is alone.');
  }

  #linkRow(link) {
    const state = link.open ? 'open' : 'greeting';
    return element('tr', {},
      element('th', { scope: 'row' }, this.names.get(link.uid) ?? link.uid ?? DASH),
      element('td', {}, element('span', { class: 'state', 'data-state': state }, state)),
      element('td', { class: 'dim' }, lease(link)),
      ...figures(count(link.interest), bytes(link.window_bytes), roundTrip(link)));
  }
}

/** This node first, the others by name. */
function byPlace(one, other, own) {
  return (other.uid === own) - (one.uid === own) || `${one.name}`.localeCompare(`${other.name}`);
}

function nodeRow(node, own) {
  const name = element('th', { scope: 'row' }, node.name ?? DASH);
  if (node.uid === own) {
    name.append(' ', element('span', { class: 'tally' }, 'this node'));
  }
  return element('tr', {}, name, ...figures(count(node.connections), count(node.users),
    count(node.channels), count(node.subscriptions), uptime(node.uptime_seconds),
    node.version ?? DASH));
}

/** Who relies on what the other one told. */
function lease({ lease_held: held, lease_granted: granted }) {
  if (held && granted) {
    return 'both ways';
  }
  return held ? 'only held' : granted ? 'only granted' : 'none';
}

/** Nothing was measured lately when it is zero. */
function roundTrip(link) {
  return link.round_trip_seconds > 0 ? seconds(link.round_trip_seconds) : DASH;
}

function figures(...texts) {
  return texts.map((text) => element('td', { class: 'num' }, text));
}
