/* SPDX-License-Identifier: Apache-2.0 */
import {draw, find, nodes, nodesCount, number, ringName, say, short} from './parts.js';
import {rateNow} from './samples.js';

const MIDDLE = 160;
const RADIUS = 118;
let path = []; // the angles of the members, in the order of the token
let drawn = '';

function gone(status) {
  const known = new Set();
  for (const change of status.changes) {
    [change.members, change.left].forEach(ids => ids.forEach(id => known.add(id)));
  }
  status.membership.members.forEach(id => known.delete(id));
  return known;
}

export function showRing(status) {
  const members = status.membership.members;
  const away = gone(status);
  const all = [...members, ...away].sort((a, b) => a - b);
  const key = JSON.stringify([status.node, members, [...away]]);
  if (key !== drawn) {
    drawn = key;
    drawRing(status.node, all, away);
    const others = [...away].sort((a, b) => a - b);
    say('ring-words', 'Ring ' + ringName(status.membership.ring) + ' of ' + nodes(members)
        + (status.membership.primary ? '' : ', not primary')
        + (others.length === 0 ? '.' : '. No longer in it: ' + nodes(others) + '.'));
  }
}

const at = (angle, radius) => [MIDDLE + radius * Math.sin(angle), MIDDLE - radius * Math.cos(angle)];

function drawRing(own, all, away) {
  const angle = i => 2 * Math.PI * i / all.length;
  const size = Math.max(3, Math.min(20, 2.4 * RADIUS / all.length));
  const step = Math.ceil(all.length / 48);
  path = [];
  const circles = all.map((id, i) => {
    const [x, y] = at(angle(i), RADIUS);
    const kind = away.has(id) ? 'gone' : id === own ? 'own' : 'member';
    if (kind !== 'gone') {
      path.push(angle(i));
    }
    const group = draw('g', {}, draw('circle', {class: kind, cx: x, cy: y, r: size}));
    const isInside = size >= 9;
    if (isInside || i % step === 0 || id === own) {
      const [tx, ty] = isInside ? [x, y] : at(angle(i), RADIUS + size + 11);
      group.append(draw('text', {x: tx, y: ty, class: isInside ? kind + '-label' : ''}, String(id)));
    }
    return group;
  });
  find('ring').replaceChildren(
      draw('circle', {class: 'path', cx: MIDDLE, cy: MIDDLE, r: RADIUS}),
      draw('g', {class: size < 14 ? 'small' : ''}, ...circles),
      draw('circle', {class: 'token', id: 'token', r: 6}),
      draw('text', {class: 'middle', id: 'members', x: MIDDLE, y: MIDDLE - 10}, nodesCount(all.length - away.size)),
      draw('text', {class: 'below', id: 'rotations', x: MIDDLE, y: MIDDLE + 12}));
  moveToken();
}

let turns = 0; // how far the token has gone
let speed = 0; // turns a second, as drawn

export function showToken() {
  const perSecond = rateNow('tokens');
  if (perSecond === null) {
    return;
  }
  find('token')?.classList.toggle('away', perSecond === 0);
  speed = perSecond === 0 ? 0 : Math.min(0.7, 0.08 + 0.14 * Math.log10(1 + perSecond));
  const held = rateNow('tokens-held') > 0;
  const text = perSecond === 0 ? 'no token' : short.format(perSecond) + ' rotations/s';
  if (find('rotations')) {
    say('rotations', text);
  }
  say('token-words', perSecond === 0
      ? 'No token came here in the last second.'
      : 'The token came here ' + number.format(perSecond) + ' times in the last second'
        + (held ? ', and was held, as there was nothing to send' : '')
        + '; it is drawn slower than it goes.');
}

function moveToken() {
  const token = find('token');
  if (!token || path.length === 0) {
    return;
  }
  const place = (turns % 1) * path.length;
  const i = Math.floor(place) % path.length;
  const from = path[i];
  const to = i + 1 < path.length ? path[i + 1] : path[0] + 2 * Math.PI;
  const [x, y] = at(from + (to - from) * (place - Math.floor(place)), RADIUS - 27);
  token.setAttribute('cx', x.toFixed(1));
  token.setAttribute('cy', y.toFixed(1));
}

/** The token goes on, as far as it does in so many seconds. */
export function turnToken(seconds) {
  turns = (turns + speed * seconds) % 1;
  moveToken();
}

/** Nothing is known of it any more. */
export function stopToken() {
  speed = 0;
}
