/** The chosen sound: what it is, why it was found, its waveform to drag a region on, its marks. */

import {get, send} from "./api.js";
import {position} from "./player.js";
import {seconds, stars} from "./rows.js";
import {draw, peaksOf} from "./waveform.js";

const PAIRS = 600;
let shown = null, drawn = null, region = null;

export const chosenRegion = () => region;

/** @param acts {play(hit, from, to), like(reference, name), unlike(reference, name)} */
export async function showOne(box, hit, acts) {
  shown = hit;
  region = null;
  box.replaceChildren();
  if (!hit) return;
  const title = document.createElement("h2"), canvas = document.createElement("canvas"), facts = document.createElement("dl");
  title.textContent = hit.name;
  canvas.setAttribute("aria-label", "Waveform; drag to choose a region");
  const rows = [
    ["Why", hit.why], ["Category", [hit.category, hit.subcategory].filter(Boolean).join(" ")], ["CatID", hit.cat_id],
    ["Length", seconds(hit.duration_s)], ["Format", `${hit.format} ${hit.sample_rate_hz} Hz, ${hit.bits ? `${hit.bits} bit, ` : ""}${hit.channels} ch`],
    ["Loudness", hit.loudness_lufs === null ? "" : `${hit.loudness_lufs.toFixed(1)} LUFS`],
    ...Object.entries(hit.facets), ["Licence", hit.licence], ["File", `${hit.root}/${hit.path}`],
  ];
  for (const [name, value] of rows.filter(row => row[1])) {
    const term = document.createElement("dt"), told = document.createElement("dd");
    term.textContent = name;
    told.textContent = value;
    facts.append(term, told);
  }
  const buttons = document.createElement("div");
  buttons.className = "acts";
  const act = (text, does) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", does);
    buttons.append(button);
  };
  const reference = () => region ? `${hit.asset_id}@${region[0].toFixed(3)}-${region[1].toFixed(3)}` : String(hit.asset_id);
  act("More like this", () => acts.like(reference(), hit.name));
  act("Less like this", () => acts.unlike(reference(), hit.name));
  box.append(title, canvas, buttons, facts, await marks(hit));
  dragging(canvas, hit, acts);
  [drawn] = await peaksOf([hit.asset_id], PAIRS);
  repaint(canvas);
}

function dragging(canvas, hit, acts) {
  let begun = null;
  const at = event => {
    const inside = canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - inside.left) / inside.width)) * hit.duration_s;
  };
  canvas.addEventListener("pointerdown", event => { begun = at(event); canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", event => {
    if (begun === null) return;
    region = [Math.min(begun, at(event)), Math.max(begun, at(event))];
    repaint(canvas);
  });
  canvas.addEventListener("pointerup", event => {
    const from = begun, to = at(event);
    begun = null;
    if (Math.abs(to - from) * canvas.clientWidth / hit.duration_s < 4) {
      const take = drawn?.takes.find(each => each[0] <= to && to < each[1]);
      region = take && drawn.takes.length > 1 ? [take[0], take[1]] : null;
    }
    repaint(canvas);
    acts.play(hit, ...(region ?? [to, hit.duration_s]));
  });
}

function repaint(canvas) { if (shown) draw(canvas, drawn, shown.duration_s, region, position()); }

export function follow(box) {
  const canvas = box.querySelector("canvas");
  if (canvas) repaint(canvas);
}

async function marks(hit) {
  const box = document.createElement("div"), label = document.createElement("label");
  const known = await get(`/api/sound/${hit.asset_id}`);
  const rating = document.createElement("select"), note = document.createElement("textarea"), keep = document.createElement("button");
  rating.setAttribute("aria-label", "Rating");
  for (let n = 0; n <= 5; n += 1) rating.add(new Option(n ? stars(n) : "not rated", n, false, n === (known.rating ?? 0)));
  rating.addEventListener("change", () => { hit.rating = Number(rating.value); send("PUT", `/api/marks/${hit.asset_id}`, {rating: hit.rating}); });
  note.value = known.note ?? "";
  note.setAttribute("aria-label", "Note");
  note.placeholder = "A note";
  note.addEventListener("change", () => send("PUT", `/api/marks/${hit.asset_id}`, {note: note.value}));
  keep.type = "button";
  keep.textContent = "Keep";
  keep.addEventListener("click", async () => { keep.textContent = `Kept (${(await send("POST", `/api/keep/${hit.asset_id}`, {collection: "kept"})).sounds})`; });
  label.append(rating, " ", keep);
  box.append(label, note);
  return box;
}
