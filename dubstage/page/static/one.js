/** The chosen sound: what it is, why it was found, its waveform to drag a region on. */

import {categoryOf, format, level, seconds} from "./facts.js";
import {showMarks} from "./marks.js";
import {position} from "./player.js";
import {draw, peaksOf} from "./waveform.js";

const PAIRS = 600;
let shown = null, drawn = null, region = null, canvas = null;

export const chosenRegion = () => region;

/** The part that is meant: the region, else the take where there are several, else all. */
export function partOf(hit) {
  if (hit === shown && region) return region;
  return hit.takes > 1 ? [hit.take.start_s, hit.take.end_s] : null;
}

/** As GET /api/search takes it: an id, with @from-to where a part is meant. */
export function referenceOf(hit) {
  const part = partOf(hit);
  return part ? `${hit.asset_id}@${part[0].toFixed(3)}-${part[1].toFixed(3)}` : String(hit.asset_id);
}

/** @param acts {play(hit, from, to), like(hit), unlike(hit), use(hit), step(by), rate, keep, note, trouble} */
export function showOne(box, hit, acts) {
  if (shown?.asset_id !== hit?.asset_id) box.parentElement.scrollTop = 0;
  shown = hit;
  region = null;
  box.replaceChildren();
  if (!hit) return;
  const title = document.createElement("h2"), facts = document.createElement("dl"), buttons = document.createElement("div");
  title.textContent = hit.name;
  canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "Waveform; drag, or press [ and ] while it plays, to choose a region");
  const rows = [
    ["Why", hit.why], ["Category", categoryOf(hit)], ["CatID", hit.cat_id],
    ["Length", seconds(hit.duration_s)], ["Format", format(hit)], ["Loudness", level(hit)],
    ...Object.entries(hit.facets).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]), ["Licence", hit.licence], ["File", `${hit.root}/${hit.path}`],
  ];
  for (const [name, value] of rows.filter(row => row[1])) {
    const term = document.createElement("dt"), told = document.createElement("dd");
    term.textContent = name;
    if (name === "File") told.append(...broken(value)); else told.textContent = value;
    facts.append(term, told);
  }
  buttons.className = "acts";
  const act = (text, does, name = text) => {
    const button = document.createElement("button");
    Object.assign(button, {type: "button", textContent: text});
    button.setAttribute("aria-label", name);
    button.addEventListener("click", does);
    buttons.append(button);
  };
  act("More like this", () => acts.like(hit));
  act("Less like this", () => acts.unlike(hit));
  if (acts.use) act("Use in the session", () => acts.use(hit));
  if (hit.takes > 1) {
    const row = document.createElement("span"), told = document.createElement("span");
    row.className = "takes";
    told.className = "take";
    told.textContent = `take ${hit.take.index + 1} of ${hit.takes}`;
    act("◂", () => acts.step(-1), "Take before");
    row.append(buttons.lastChild, told);
    act("▸", () => acts.step(1), "Next take");
    row.append(buttons.lastChild);
    buttons.append(row);
  }
  const marks = document.createElement("div");
  box.append(title, canvas, buttons, facts, marks);
  showMarks(marks, hit, acts);
  dragging(canvas, hit, acts);
  picture(hit, canvas).catch(acts.trouble);
}

/** A path that may be broken where its parts end. */
function broken(path) {
  return path.split(/(?<=[/_])/).flatMap(part => [part, document.createElement("wbr")]);
}

async function picture(hit, place) {
  const [found] = await peaksOf([hit.asset_id], PAIRS);
  if (shown !== hit || canvas !== place) return;
  drawn = found;
  repaint();
}

/** Begin (or end) the region where the ear is. */
export function edge(end) {
  const at = position();
  if (!shown || at === null) return;
  const [from, to] = region ?? [0, shown.duration_s];
  region = end ? [Math.min(from, at), at] : [at, to > at ? to : shown.duration_s];
  repaint();
}

/** Forget the region; false where there is none. */
export function clearRegion() {
  const was = region !== null;
  region = null;
  repaint();
  return was;
}

function dragging(place, hit, acts) {
  let begun = null;
  const at = event => {
    const inside = place.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - inside.left) / inside.width)) * hit.duration_s;
  };
  place.addEventListener("pointerdown", event => { begun = at(event); place.setPointerCapture(event.pointerId); });
  place.addEventListener("pointermove", event => {
    if (begun === null) return;
    region = [Math.min(begun, at(event)), Math.max(begun, at(event))];
    repaint();
  });
  place.addEventListener("pointercancel", () => { begun = null; });
  place.addEventListener("pointerup", event => {
    if (begun === null) return;
    const from = begun, to = at(event);
    begun = null;
    if (Math.abs(to - from) * place.clientWidth / hit.duration_s < 4) {
      const take = drawn?.takes.find(each => each[0] <= to && to < each[1]);
      region = take && drawn.takes.length > 1 ? [take[0], take[1]] : null;
    }
    repaint();
    acts.play(hit, ...(region ?? [to, hit.duration_s]));
  });
}

function repaint() {
  if (shown && drawn) draw(canvas, drawn, shown.duration_s, region ?? partOf(shown), position(shown.asset_id));
}

export const follow = repaint;
