/** What people say of a sound: stars, collections and a note; kept with the sound. */

/** @param acts {rate(hit, stars), keep(hit, collection, drop), note(hit, text)} */
export function showMarks(box, hit, acts) {
  box.className = "marks";
  box.replaceChildren(starsOf(hit, acts), collectionsOf(hit, acts), noteOf(hit, acts));
}

function starsOf(hit, acts) {
  const row = document.createElement("div");
  row.className = "stars";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", `Rating: ${hit.rating ?? 0} of 5`);
  for (let n = 1; n <= 5; n += 1) {
    const star = document.createElement("button");
    Object.assign(star, {type: "button", textContent: n <= (hit.rating ?? 0) ? "★" : "☆"});
    star.setAttribute("aria-label", n === 1 ? "1 star" : `${n} stars`);
    star.setAttribute("aria-pressed", String(n === hit.rating));
    star.addEventListener("click", () => acts.rate(hit, n === hit.rating ? 0 : n));
    row.append(star);
  }
  return row;
}

function collectionsOf(hit, acts) {
  const row = document.createElement("div"), add = document.createElement("input");
  row.className = "kept";
  for (const name of hit.collections) {
    const chip = document.createElement("button");
    Object.assign(chip, {type: "button", className: "chip", textContent: `⚑ ${name} ×`});
    chip.setAttribute("aria-label", `Take out of ${name}`);
    chip.addEventListener("click", () => acts.keep(hit, name, true));
    row.append(chip);
  }
  Object.assign(add, {type: "text", placeholder: "keep in …", autocomplete: "off", maxLength: 80});
  add.setAttribute("aria-label", "Keep in a collection");
  add.addEventListener("keydown", event => {
    if (event.key === "Enter" && add.value.trim()) acts.keep(hit, add.value.trim(), false);
  });
  row.append(add);
  return row;
}

function noteOf(hit, acts) {
  const note = document.createElement("textarea");
  Object.assign(note, {placeholder: "A note", value: hit.note ?? "", rows: 2});
  note.setAttribute("aria-label", "Note");
  note.addEventListener("change", () => acts.note(hit, note.value));
  return note;
}
