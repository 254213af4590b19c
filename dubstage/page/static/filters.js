/** Filters: the library's own kinds with their counts; a click is a filter of the query. */

import {get} from "./api.js";

const LENGTHS = [["under 1 s", "duration:<1s"], ["1 to 5 s", "duration:1..5s"], ["5 to 60 s", "duration:5..60s"], ["over a minute", "duration:>60s"]];
const LEVELS = [["quiet, under -35", "loudness:<-35"], ["-35 to -20", "loudness:-35..-20"], ["loud, over -20", "loudness:>-20"]];
const STEMS = [
  ["Foley", "category:FOLEY,FOOTSTEPS,CLOTH,OBJECTS"],
  ["Backgrounds", "category:AMBIENCE,CROWDS,WEATHER,RAIN,WIND,WATER"],
  ["FX", "category:EXPLOSIONS,GUNS,VEHICLES,DOORS,MECHANICAL,DESIGNED,FIGHT"],
];
const quoted = value => /\s/.test(value) ? `"${value}"` : value;

export async function showFilters(box, add) {
  const facets = await get("/api/facets");
  box.replaceChildren();
  group(box, "Stem", STEMS.map(([name, filter]) => [name, filter, ""]), add, true);
  if (facets.categories.length) box.append(categories(facets.categories, add));
  const of = (name, field) => facets[name].slice(0, 12).map(each => [String(each.value), `${field}:${quoted(String(each.value))}`, each.count]);
  group(box, "Surface", of("surfaces", "surface"), add, true);
  group(box, "Length", LENGTHS.map(([name, filter]) => [name, filter, ""]), add, false);
  group(box, "Loudness, LUFS", LEVELS.map(([name, filter]) => [name, filter, ""]), add, false);
  group(box, "Channels", of("channels", "channels"), add, false);
  group(box, "Sample rate", of("rates", "rate"), add, false);
  group(box, "Format", of("formats", "format"), add, false);
  group(box, "Licence", of("licences", "licence"), add, false);
}

/** The tree of UCS categories that the library has. */
function categories(all, add) {
  const tree = document.createElement("details");
  tree.open = true;
  tree.append(heading("Category"));
  const list = document.createElement("ul");
  for (const each of all) {
    list.append(item(each.category.toLowerCase(), each.count, () => add(`category:${quoted(each.category)}`)));
    if (each.subcategories.length > 1) {
      const inner = document.createElement("ul");
      inner.style.paddingLeft = "14px";
      for (const sub of each.subcategories) inner.append(item((sub.subcategory ?? "–").toLowerCase(), sub.count, () => add(`catid:${sub.cat_id}`)));
      const part = document.createElement("li");
      part.append(inner);
      list.append(part);
    }
  }
  tree.append(list);
  return tree;
}

function group(box, title, rows, add, open) {
  if (!rows.length) return;
  const part = document.createElement("details");
  part.open = open;
  part.append(heading(title));
  const list = document.createElement("ul");
  for (const [name, filter, count] of rows) list.append(item(name, count, () => add(filter)));
  part.append(list);
  box.append(part);
}

function heading(title) {
  const summary = document.createElement("summary");
  summary.textContent = title;
  return summary;
}

function item(name, count, act) {
  const line = document.createElement("li"), button = document.createElement("button");
  const left = document.createElement("span"), right = document.createElement("span");
  left.textContent = name;
  right.textContent = count;
  button.type = "button";
  button.append(left, right);
  button.addEventListener("click", act);
  line.append(button);
  return line;
}
