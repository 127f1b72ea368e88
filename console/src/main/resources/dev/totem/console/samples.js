/* SPDX-License-Identifier: Apache-2.0 */
/** What has come of late: at most SAMPLES_MAX of {millis, stats}. */
const SAMPLES_MAX = 600; // ten minutes
export const samples = [];

/** The growth of a counter in a second, between two samples; null if that cannot be said. */
export function rate(before, now, name) {
  const seconds = (now.millis - before.millis) / 1000;
  const grown = (now.stats[name] ?? 0) - (before.stats[name] ?? 0);
  return seconds > 0 && grown >= 0 ? grown / seconds : null;
}

export function rateNow(name) {
  return samples.length < 2 ? null : rate(samples[samples.length - 2], samples[samples.length - 1], name);
}

export const rates = name => samples.slice(1).map((now, i) => [now.millis, rate(samples[i], now, name)]);
export const levels = (name, scale) => samples.map(one => [one.millis, (one.stats[name] ?? 0) * scale]);

export function keep(status) {
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
