/** SMPTE labels of picture frames: drop-frame skips labels, never frames (ST 12-1). */

/** @param {number} frame @param {{fps: [number, number], drop: boolean}} rate */
export function label(frame, rate) {
  const nominal = Math.round(rate.fps[0] / rate.fps[1]);
  let number = frame;
  if (rate.drop) {
    const skipped = nominal / 15, minute = nominal * 60 - skipped, ten = minute * 10 + skipped;
    const tens = Math.floor(number / ten), rest = number % ten;
    number += 9 * skipped * tens + (rest >= nominal * 60 ? skipped * (1 + Math.floor((rest - nominal * 60) / minute)) : 0);
  }
  number %= 24 * 3600 * nominal;
  const two = value => String(value).padStart(2, "0");
  const s = Math.floor(number / nominal);
  return [two(Math.floor(s / 3600)), two(Math.floor(s / 60) % 60), two(s % 60)].join(":") + (rate.drop ? ";" : ":") + two(number % nominal);
}

/** The frame in which a sample lies. */
export const frameOf = (samples, session) => Math.floor(samples * session.fps[0] / session.fps[1] / session.sample_rate_hz);
