/* SPDX-License-Identifier: Apache-2.0 */
import {find, make, nodes, ringName} from './parts.js';

const CAUSES_MAX = 4; // what is shown at once
const clock = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});

function changeLine(change) {
  const isRegular = change.kind === 'regular';
  const news = [
    change.joined.length ? nodes(change.joined) + ' joined' : '',
    change.left.length ? nodes(change.left) + ' left' : '',
  ].filter(text => text !== '').join(', ');
  const text = (isRegular ? 'Ring ' + ringName(change.ring) + ' of ' : 'End of ring ' + ringName(change.ring) + ', together go on ')
      + nodes(change.members) + (news ? ': ' + news : '') + (change.primary ? '' : ', not primary');
  return make('li', {'data-kind': change.kind, 'data-primary': String(change.primary)},
      make('p', {}, make('time', {datetime: new Date(change.millis).toISOString()}, clock.format(change.millis))),
      make('p', {}, text),
      ...(isRegular ? because(change.causes ?? []) : []));
}

/** Those that say most come first. The same stand in both changes of a step: they are told once. */
function because(causes) {
  const list = some => make('ul', {}, ...some.map(cause => make('li', {}, cause.text)));
  if (causes.length === 0) {
    return [];
  }
  const more = causes.slice(CAUSES_MAX);
  return [make('p', {class: 'quiet'}, 'because:'), list(causes.slice(0, CAUSES_MAX)),
    ...(more.length ? [make('details', {}, make('summary', {}, 'and ' + more.length + ' more'), list(more))] : [])];
}

const changeKey = change => change.kind + ' ' + ringName(change.ring) + ' ' + change.millis;

/** Adds what is new and removes what is too old; what is open stays open. */
export function showChanges(changes) {
  const list = find('changes');
  const known = new Map([...list.children].map(line => [line.dataset.key, line]));
  const lines = changes.map(change => {
    const key = changeKey(change);
    const line = known.get(key) ?? changeLine(change);
    line.dataset.key = key;
    return line;
  }).reverse();
  if (lines.length !== known.size || lines.some(line => !line.isConnected)) {
    list.replaceChildren(...lines);
  }
}
