/** SMPTE timecode (ST 12-1) in the browser: the exact arithmetic of audio/timecode.py, in whole
 * numbers. Every product below stays under 2^53 for a day at 384 kHz. */

/** @typedef {{fps: [number, number], drop: boolean}} Rate */

const divide = (a, b) => {
  let whole = Math.floor(a / b);
  while (whole * b > a) whole -= 1;
  while ((whole + 1) * b <= a) whole += 1;
  return [whole, a - whole * b];
};

/** Labels in a second: 30 at 29.97. @param {Rate} rate */
export const labelsPerSecond = rate => Math.ceil(rate.fps[0] / rate.fps[1]);
const skippedIn = rate => rate.drop ? labelsPerSecond(rate) / 15 : 0;
const perDay = rate => 144 * (10 * (60 * labelsPerSecond(rate) - skippedIn(rate)) + skippedIn(rate));

/** HH:MM:SS:FF of a frame; after midnight it begins again. @param {number} frame @param {Rate} rate */
export function label(frame, rate) {
  const base = labelsPerSecond(rate), skipped = skippedIn(rate), minute = 60 * base - skipped, day = perDay(rate);
  const ofDay = ((frame % day) + day) % day;
  const [tens, rest] = divide(ofDay, 10 * minute + skipped);
  const number = ofDay + skipped * (9 * tens + divide(Math.max(0, rest - skipped), minute)[0]);
  const [seconds, frames] = divide(number, base), [minutes, s] = divide(seconds, 60), [hours, m] = divide(minutes, 60);
  const two = value => String(value).padStart(2, "0");
  return `${two(hours)}:${two(m)}:${two(s)}${rate.drop ? ";" : ":"}${two(frames)}`;
}

/** The first sample of a frame: to the nearest, a tie to the even one. */
export function samplesOf(frame, rate, hz) {
  const [n, d] = rate.fps, [whole, rest] = divide(frame * d * hz, n);
  if (2 * rest === n) return whole % 2 ? whole + 1 : whole;
  return 2 * rest > n ? whole + 1 : whole;
}

/** The frame in which a sample lies: undoes `samplesOf`. */
export function frameOf(samples, rate, hz) {
  const [n, d] = rate.fps, [frame] = divide((2 * samples + 1) * n, 2 * hz * d);
  return samplesOf(frame, rate, hz) > samples ? frame - 1 : frame;
}

export const timecode = (samples, rate, hz) => label(frameOf(samples, rate, hz), rate);

/** How long a hundredth of a frame is, in samples; at least one. */
export const subframe = (rate, hz) => Math.max(1, Math.round(hz * rate.fps[1] / rate.fps[0] / 100));
