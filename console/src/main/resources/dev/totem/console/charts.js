/* SPDX-License-Identifier: Apache-2.0 */
import {bytes, draw, find, make, millis, perSecond, say} from './parts.js';
import {levels, rates, samples} from './samples.js';

const CHARTS = [
  {title: 'Frames delivered', unit: perSecond, lines: [['', () => rates('messages-delivered')]]},
  {title: 'Rotation of the token', unit: millis, lines: [['', () => levels('rotation-nanos', 1e-6)]],
    note: 'A message takes about half of one, a safe one two more.'},
  {title: 'Network', note: 'In, and out dashed.', unit: bytes, lines: [['in', () => rates('link-read-bytes')], ['out', () => rates('link-frame-bytes-sent')]]},
  {title: 'Frames sent again', unit: perSecond, lines: [['', () => rates('messages-retransmitted')]]},
];

export function makeCharts() {
  CHARTS.forEach((chart, i) => {
    find('charts').append(make('figure', {},
        make('figcaption', {}, make('span', {}, chart.title),
            make('strong', {id: 'chart-now-' + i}, '–')),
        draw('svg', {id: 'chart-' + i, viewBox: '0 0 600 100', preserveAspectRatio: 'none', role: 'img',
          'aria-label': chart.title}),
        make('p', {class: 'quiet scale'}, make('span', {id: 'chart-from-' + i}), make('span', {id: 'chart-most-' + i})),
        ...(chart.note ? [make('p', {class: 'quiet'}, chart.note)] : [])));
  });
}

export function showCharts() {
  CHARTS.forEach((chart, i) => {
    const lines = chart.lines.map(([name, points]) => [name, points().filter(([, value]) => value !== null)]);
    const values = lines.flatMap(([, points]) => points.map(([, value]) => value));
    if (values.length === 0) {
      return;
    }
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    const end = samples[samples.length - 1].millis;
    const span = Math.max(60000, end - samples[0].millis);
    const line = points => points.map(([time, value], n) => (n === 0 ? 'M' : 'L')
        + (600 - 600 * (end - time) / span).toFixed(1) + ' ' + (97 - (most > 0 ? 92 * value / most : 0)).toFixed(1)).join('');
    find('chart-' + i).replaceChildren(
        draw('line', {class: 'grid', x1: 0, x2: 600, y1: 97, y2: 97}),
        draw('line', {class: 'grid', x1: 0, x2: 600, y1: 5, y2: 5}),
        ...lines.map(([, points], n) => draw('path', {class: n === 1 ? 'second' : '', d: line(points)})));
    const now = lines.map(([name, points]) => (name ? name + ' ' : '') + chart.unit(points[points.length - 1]?.[1] ?? 0))
        .join(', ');
    say('chart-now-' + i, now);
    say('chart-most-' + i, 'most ' + chart.unit(most));
    say('chart-from-' + i, span < 120000 ? 'the last minute' : 'the last ' + Math.round(span / 60000) + ' minutes');
    find('chart-' + i).setAttribute('aria-label', chart.title + ': now ' + now + ', most ' + chart.unit(most));
  });
}
