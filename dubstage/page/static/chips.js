/** Chips: what the search is narrowed to and compared with, each taken away by a click. */

/** @param box an element @param chips [{text, kind, remove}] */
export function showChips(box, chips) {
  const at = [...box.children].indexOf(document.activeElement);
  box.replaceChildren(...chips.map(({text, kind, remove}) => {
    const button = document.createElement("button");
    Object.assign(button, {type: "button", className: kind, textContent: `${text} ×`, title: text});
    button.setAttribute("aria-label", `Take away: ${text}`);
    button.addEventListener("click", remove);
    return button;
  }));
  // Who takes them away by keyboard goes on with the next.
  if (at >= 0) (box.children[Math.min(at, box.children.length - 1)] ?? document.getElementById("words")).focus();
}
