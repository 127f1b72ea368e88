/* SPDX-License-Identifier: Apache-2.0 */
import {makeCharts, showCharts} from './charts.js';
import {showChanges} from './changes.js';
import {find, make, number, perSecond, nodesCount, replaceIfOther, say, size} from './parts.js';
import {showRing, showToken, stopToken, turnToken} from './ring.js';
import {keep, rateNow} from './samples.js';

const RETRY_MILLIS = 10000;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

let latest = null;
let shown = null;
let isPaused = false;
let lastFrame = 0;

// --- head and health ----------------------------------------------------------------------------------------------

function showHead(status) {
  say('node', 'Node ' + status.node);
  say('cluster', 'of ' + status.cluster);
  say('version', 'Totem ' + status.version);
  document.title = 'Node ' + status.node + ' of ' + status.cluster + ' – Totem';
  const health = status.health;
  showState(health.ready ? 'ready' : health.live ? 'waits' : 'ended',
      health.ready ? 'ready' : health.live ? 'not ready' : 'not live');
}

function showState(state, text) {
  find('state').dataset.state = state;
  say('state', text);
}

function showReasons(health) {
  const lines = health.reasons.map(reason => make('li', {'data-weight': reason.weight},
      make('p', {}, make('code', {}, reason.code), ' ' + reason.text),
      make('p', {class: 'quiet'}, reason.remedy)));
  if (lines.length === 0) {
    lines.push(make('li', {'data-weight': 'none'}, 'Nothing is wrong.'));
  }
  replaceIfOther('reasons', lines);
}

// --- numbers ------------------------------------------------------------------------------------------------------

function showNumbers(status) {
  const stats = status.stats;
  const rows = [
    ['members', number.format(status.membership.members.length)],
    ['primary', status.membership.primary ? 'yes' : 'no'],
    ['lease', status.lease.held ? 'held, ' + number.format(status.lease.millis) + ' ms left' : 'not held'],
    ['frames delivered', number.format(stats['messages-delivered'] ?? 0)],
    ['frames received', number.format(stats['messages-received'] ?? 0)],
    ['frames of this node', number.format(stats['messages-originated'] ?? 0)],
    ['found missing', number.format(stats['retransmits-requested'] ?? 0)],
    ['waiting for the token', number.format(stats['send-backlog'] ?? 0)],
    ['waiting for subscribers', size(stats['delivery-bytes'] ?? 0)],
    ['groups', number.format(stats.groups ?? 0)],
    ['configurations', number.format(stats['rings-installed'] ?? 0)],
    ['sealing key', number.format(stats['sealing-key'] ?? 0)],
  ];
  replaceIfOther('numbers', rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

// --- the order ----------------------------------------------------------------------------------------------------

function showOrder(status) {
  const progress = status.progress;
  if (!progress) {
    say('order-words', status.health.live ? 'There is no ring at the moment.' : 'The node has ended.');
    find('order').replaceChildren();
    return;
  }
  say('order-words', 'Highest number ' + number.format(progress.highest) + ': here everything is received up to '
      + number.format(progress.received) + ', known to be with all members up to ' + number.format(progress.safe)
      + ', and delivered up to ' + number.format(progress.delivered) + '.');
  const sent = new Map(progress.sent.map(one => [one.node, one.seq]));
  replaceIfOther('order', status.membership.members.map(id => {
    const seq = sent.get(id);
    return make('tr', {}, make('td', {}, id + (id === status.node ? ' (this node)' : '')),
        make('td', {}, seq === undefined ? 'none yet' : number.format(seq)),
        make('td', {}, seq === undefined ? '' : number.format(progress.highest - seq)));
  }));
}

// --- groups and blocks --------------------------------------------------------------------------------------------

function showGroups(status) {
  const groups = Object.entries(status.groups ?? {});
  const all = status.stats.groups ?? 0;
  say('groups-words', !status.groups ? 'The node does not tell at the moment.'
      : groups.length === 0 ? 'Nobody is in a group.'
      : number.format(all) + (all === 1 ? ' group' : ' groups') + ' with members'
        + (all > groups.length ? ', of which the first ' + number.format(groups.length) + ' are shown.' : '.'));
  replaceIfOther('groups', groups.flatMap(([name, members]) => [make('dt', {}, name), make('dd', {}, nodesCount(members))]));
  const blocks = Object.entries(status.blocks ?? {});
  find('blocks-part').hidden = blocks.length === 0;
  replaceIfOther('blocks', blocks.flatMap(([name, state]) => [make('dt', {}, name), make('dd', {}, state)]));
}

// --- all statistics -----------------------------------------------------------------------------------------------

function showAll(stats) {
  if (!find('all').closest('details').open) {
    return;
  }
  const wanted = find('filter').value.trim().toLowerCase();
  const rows = Object.entries(stats).filter(([name]) => name.includes(wanted)).map(([name, value]) => {
    const grows = rateNow(name);
    return make('tr', {}, make('td', {}, name), make('td', {}, number.format(value)),
        make('td', {}, grows ? perSecond(grows) : ''));
  });
  find('all').replaceChildren(...rows);
}

// --- the stream ---------------------------------------------------------------------------------------------------

/** Draws what has come since the last frame; nothing while nobody looks. */
function frame(now) {
  if (latest !== shown && !isPaused) {
    shown = latest;
    show(latest);
  }
  if (lastFrame > 0 && !isPaused && !calm.matches) {
    turnToken(Math.min(0.1, (now - lastFrame) / 1000));
  }
  lastFrame = now;
  requestAnimationFrame(frame);
}

function show(status) {
  showHead(status);
  showReasons(status.health);
  showRing(status);
  showToken();
  showNumbers(status);
  showOrder(status);
  showGroups(status);
  showCharts();
  showChanges(status.changes);
  showAll(status.stats);
}

function listen() {
  const stream = new EventSource('events');
  stream.addEventListener('status', event => {
    latest = JSON.parse(event.data);
    keep(latest);
  });
  stream.addEventListener('error', () => {
    stopToken();
    showState('lost', latest && !latest.health.live ? 'not live, not connected' : 'not connected');
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(listen, RETRY_MILLIS);
    }
  });
}

find('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  find('pause').setAttribute('aria-pressed', String(isPaused));
});
find('filter').addEventListener('input', () => latest && showAll(latest.stats));
find('all').closest('details').addEventListener('toggle', () => latest && showAll(latest.stats));
makeCharts();
listen();
requestAnimationFrame(frame);
