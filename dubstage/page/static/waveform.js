/** Waveforms: drawn take by take, dark sounds blue and bright ones yellow. */

import {get} from "./api.js";

// A footstep at -45 LUFS is seen beside a gunshot, and is still the smaller one.
const TALL = Float32Array.from({length: 129}, (_, level) => (Math.max(0, Math.min(127, level) - 1) / 126) ** 0.6);
const REST = "#5d6675"; // between takes
const AGAIN_MS = 10_000, MOST_AT_ONCE = 60;
export const PAIRS = 400; // of a whole sound, in the list and where it is chosen
const kept = new Map(), coming = new Map(); // by id and pairs; what comes is a promise
const gathered = new Map(); // by pairs: ids of the request that is sent next

/** Peaks of many sounds at once; what is known, or on its way, is not asked again. */
export async function peaksOf(ids, pairs) {
  await Promise.all(ids.filter(id => !kept.has(`${id}/${pairs}`)).map(id => coming.get(`${id}/${pairs}`) ?? gather(id, pairs)));
  return ids.map(id => kept.get(`${id}/${pairs}`));
}

/** All that is asked for in one turn goes into one request. */
function gather(id, pairs) {
  if (!gathered.has(pairs)) {
    const all = [];
    gathered.set(pairs, {all, sent: new Promise(done => setTimeout(done)).then(() => { gathered.delete(pairs); return fetched(all, pairs); })});
  }
  const {all, sent} = gathered.get(pairs);
  all.push(id);
  coming.set(`${id}/${pairs}`, sent);
  return sent;
}

async function fetched(ids, pairs) {
  const found = {};
  try {
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE) Object.assign(found, await get("/api/peaks", {ids: ids.slice(at, at + MOST_AT_ONCE).join(","), pairs}));
  } catch (problem) {
    // Who paints asks again with every picture: what cannot be had is left alone for a while.
    setTimeout(() => { for (const id of ids) kept.delete(`${id}/${pairs}`); }, AGAIN_MS);
    throw problem;
  } finally {
    for (const id of ids) { kept.set(`${id}/${pairs}`, decoded(found[id])); coming.delete(`${id}/${pairs}`); }
    while (kept.size > 3000) kept.delete(kept.keys().next().value);
  }
}

export const known = (id, pairs) => kept.get(`${id}/${pairs}`);

function decoded(drawn) {
  if (!drawn) return null;
  const text = atob(drawn.pairs), pairs = new Int8Array(text.length);
  for (let at = 0; at < text.length; at += 1) pairs[at] = text.charCodeAt(at);
  return {...drawn, pairs};
}

/** Hue of a spectral centroid: 200 Hz is blue, 8 kHz yellow. */
export function colour(hz) {
  if (!hz) return "#8b95a5";
  const place = Math.min(1, Math.max(0, Math.log2(hz / 200) / Math.log2(40)));
  return `hsl(${225 - 175 * place} 70% 66%)`;
}

/** @param chosen [from, to] seconds, shown as a band @param at seconds, shown as a line
 *  @param size [wide, tall] of the canvas in CSS pixels; who knows it spares the page a layout */
export function draw(canvas, drawn, duration, chosen, at, size = [canvas.clientWidth, canvas.clientHeight]) {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(size[0] * ratio), height = Math.round(size[1] * ratio);
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  const paint = canvas.getContext("2d");
  paint.clearRect(0, 0, width, height);
  if (!drawn || !width) return;
  const x = seconds => seconds / duration * width;
  if (chosen) {
    paint.fillStyle = "#ffffff1c";
    paint.fillRect(x(chosen[0]), 0, Math.max(2, x(chosen[1]) - x(chosen[0])), height);
  }
  const n = drawn.pairs.length / 2, span = drawn.duration_samples / drawn.samples_per_pair;
  const strip = drawn.takes.length > 1 ? 7 * ratio : 0, middle = (height - strip) / 2;
  drawn.colours ??= drawn.takes.map(each => colour(each[3]));
  let take = 0, brush = "";
  for (let column = 0; column < width; column += 1) {
    const first = Math.floor(column / width * span), last = Math.max(first + 1, Math.floor((column + 1) / width * span));
    let low = 0, high = 0;
    for (let pair = first; pair < Math.min(last, n); pair += 1) {
      low = Math.min(low, drawn.pairs[2 * pair]);
      high = Math.max(high, drawn.pairs[2 * pair + 1]);
    }
    const seconds = column / width * duration;
    while (take < drawn.takes.length && seconds >= drawn.takes[take][1]) take += 1;
    const wanted = take < drawn.takes.length && seconds >= drawn.takes[take][0] ? drawn.colours[take] : REST;
    if (wanted !== brush) paint.fillStyle = brush = wanted;
    const up = TALL[Math.max(0, high)], down = TALL[Math.max(0, -low)];
    paint.fillRect(column, middle - up * middle, 1, Math.max(1, (up + down) * middle));
  }
  if (strip) {
    for (const each of drawn.takes) {
      const own = chosen && each[0] < chosen[1] - 1e-4 && each[1] > chosen[0] + 1e-4;
      paint.fillStyle = own ? "#6cb6ff" : "#788396";
      paint.fillRect(x(each[0]), height - 4 * ratio, Math.max(ratio, x(each[1]) - x(each[0]) - 1.5 * ratio), 4 * ratio);
    }
  }
  if (at !== null && at !== undefined) {
    paint.fillStyle = "#fff";
    paint.fillRect(x(at), 0, ratio, height);
  }
}
