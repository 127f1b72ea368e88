/* SPDX-License-Identifier: Apache-2.0 */
'use strict';
(() => {
  const SAMPLES_MAX = 600; // ten minutes
  const RETRY_MILLIS = 10000;
  const CAUSES_MAX = 4; // what is shown at once
  const SVG = 'http://www.w3.org/2000/svg';
  const find = id => document.getElementById(id);
  const number = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
  const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
  const short = {format: value => (value < 10000 ? number : compact).format(value)};
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  const samples = []; // at most SAMPLES_MAX of {millis, stats}
  let latest = null;
  let shown = null;
  let isPaused = false;

  function make(name, attributes, ...content) {
    const made = document.createElement(name);
    return fill(made, attributes, content);
  }

  function draw(name, attributes, ...content) {
    return fill(document.createElementNS(SVG, name), attributes, content);
  }

  function fill(made, attributes, content) {
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(...content);
    return made;
  }

  function say(id, text) {
    const place = find(id);
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  /** In words, with runs of three and more as from and to. */
  function nodes(ids) {
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

  const ringName = ring => ring.rep + ':' + ring.seq;

  // --- what the samples say ---------------------------------------------------------------------------------------

  /** The growth of a counter in a second, between two samples; null if that cannot be said. */
  function rate(before, now, name) {
    const seconds = (now.millis - before.millis) / 1000;
    const grown = (now.stats[name] ?? 0) - (before.stats[name] ?? 0);
    return seconds > 0 && grown >= 0 ? grown / seconds : null;
  }

  function rateNow(name) {
    return samples.length < 2 ? null : rate(samples[samples.length - 2], samples[samples.length - 1], name);
  }

  const rates = name => samples.slice(1).map((now, i) => [now.millis, rate(samples[i], now, name)]);
  const levels = (name, scale) => samples.map(one => [one.millis, (one.stats[name] ?? 0) * scale]);

  function keep(status) {
    const before = samples[samples.length - 1];
    if (before && (status.millis < before.millis || status.stats.tokens < before.stats.tokens)) {
      samples.length = 0; // another life of the node, or another clock
    }
    if (samples.length > 0 && status.millis - samples[samples.length - 1].millis < 200) {
      samples.pop();
    }
    samples.push({millis: status.millis, stats: status.stats});
    if (samples.length > SAMPLES_MAX) {
      samples.shift();
    }
  }

  // --- head and health --------------------------------------------------------------------------------------------

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

  /** Leaves what is the same alone, so that nobody's selection or focus is lost. */
  function replaceIfOther(id, elements) {
    const place = find(id);
    const before = place.children;
    if (before.length !== elements.length || elements.some((one, i) => !one.isEqualNode(before[i]))) {
      place.replaceChildren(...elements);
    }
  }

  // --- the ring ---------------------------------------------------------------------------------------------------

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

  function showRing(status) {
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
    moveToken(0);
  }

  const nodesCount = count => count + (count === 1 ? ' member' : ' members');

  let turns = 0; // how far the token has gone
  let speed = 0; // turns a second, as drawn
  let lastFrame = 0;

  function showToken() {
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

  function moveToken(now) {
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

  /** Draws what has come since the last frame; nothing while nobody looks. */
  function frame(now) {
    if (latest !== shown && !isPaused) {
      shown = latest;
      show(latest);
    }
    if (lastFrame > 0 && !isPaused && !calm.matches) {
      turns = (turns + speed * Math.min(0.1, (now - lastFrame) / 1000)) % 1;
      moveToken(now);
    }
    lastFrame = now;
    requestAnimationFrame(frame);
  }

  // --- numbers and charts -----------------------------------------------------------------------------------------

  function size(value) {
    const step = value < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(value) / 3));
    const scaled = value / 1000 ** step;
    return (step > 0 && scaled < 100 ? scaled.toFixed(1) : number.format(scaled)) + ' ' + ['B', 'kB', 'MB', 'GB'][step];
  }

  const bytes = value => size(value) + '/s';
  const perSecond = value => short.format(value) + '/s';
  const millis = value => value.toFixed(value < 10 ? 2 : 0) + ' ms';

  const CHARTS = [
    {title: 'Frames delivered', unit: perSecond, lines: [['', () => rates('messages-delivered')]]},
    {title: 'Rotation of the token', unit: millis, lines: [['', () => levels('rotation-nanos', 1e-6)]],
      note: 'A message takes about half of one, a safe one two more.'},
    {title: 'Network', note: 'In, and out dashed.', unit: bytes, lines: [['in', () => rates('link-read-bytes')], ['out', () => rates('link-frame-bytes-sent')]]},
    {title: 'Frames sent again', unit: perSecond, lines: [['', () => rates('messages-retransmitted')]]},
  ];

  function makeCharts() {
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

  function showCharts() {
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

  // --- the order --------------------------------------------------------------------------------------------------

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

  // --- configurations ---------------------------------------------------------------------------------------------

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

  /** The same causes stand in both changes of a step; they are told once. */
  function because(causes) {
    const list = some => make('ul', {}, ...some.map(cause => make('li', {}, cause.text)));
    if (causes.length === 0) {
      return [];
    }
    const sorted = [...causes].sort((a, b) => (a.kind === 'token-lost') - (b.kind === 'token-lost')); // says least
    const more = sorted.slice(CAUSES_MAX);
    return [make('p', {class: 'quiet'}, 'because:'), list(sorted.slice(0, CAUSES_MAX)),
      ...(more.length ? [make('details', {}, make('summary', {}, 'and ' + more.length + ' more'), list(more))] : [])];
  }

  const changeKey = change => change.kind + ' ' + ringName(change.ring) + ' ' + change.millis;

  /** Adds what is new and removes what is too old; what is open stays open. */
  function showChanges(changes) {
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

  // --- all statistics ---------------------------------------------------------------------------------------------

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

  // --- the stream -------------------------------------------------------------------------------------------------

  function show(status) {
    showHead(status);
    showReasons(status.health);
    showRing(status);
    showToken();
    showNumbers(status);
    showOrder(status);
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
      speed = 0;
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
})();
