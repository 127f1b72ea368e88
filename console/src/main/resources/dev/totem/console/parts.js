/* SPDX-License-Identifier: Apache-2.0 */
const SVG = 'http://www.w3.org/2000/svg';
export const find = id => document.getElementById(id);
export const number = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
export const short = {format: value => (value < 10000 ? number : compact).format(value)};

export function make(name, attributes, ...content) {
  const made = document.createElement(name);
  return fill(made, attributes, content);
}

export function draw(name, attributes, ...content) {
  return fill(document.createElementNS(SVG, name), attributes, content);
}

export function fill(made, attributes, content) {
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...content);
  return made;
}

export function say(id, text) {
  const place = find(id);
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

/** In words, with runs of three and more as from and to. */
export function nodes(ids) {
  const parts = [];
  for (let i = 0; i < ids.length;) {
    let end = i;
    while (ids[end + 1] === ids[end] + 1) {
      end++;
    }
    if (end - i > 1) {
      parts.push(ids[i] + ' to ' + ids[end]);
    } else {
      parts.push(...ids.slice(i, end + 1));
    }
    i = end + 1;
  }
  return (ids.length === 1 ? 'node ' : 'nodes ') + parts.join(', ');
}

export const nodesCount = count => count + (count === 1 ? ' member' : ' members');

export const ringName = ring => ring.rep + ':' + ring.seq;

/** Leaves what is the same alone, so that nobody's selection or focus is lost. */
export function replaceIfOther(id, elements) {
  const place = find(id);
  const before = place.children;
  if (before.length !== elements.length || elements.some((one, i) => !one.isEqualNode(before[i]))) {
    place.replaceChildren(...elements);
  }
}

export function size(value) {
  const step = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** step;
  return (step > 0 && scaled < 100 ? scaled.toFixed(1) : number.format(scaled)) + ' ' + ['B', 'kB', 'MB', 'GB'][step];
}

export const bytes = value => size(value) + '/s';
export const perSecond = value => short.format(value) + '/s';
export const millis = value => value.toFixed(value < 10 ? 2 : 0) + ' ms';
