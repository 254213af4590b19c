/** Elements in one line: h("button", {class: "chip", onclick}, "rain"). */

/** Attributes by name; "on…" are listeners, booleans are set or left out, "dataset" is merged. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The one element that a part of index.html promises. */
export function byId(id) {
  return document.getElementById(id);
}

const ICONS = {
  play: "M5 3.5v11l9-5.5z",
  stop: "M4 4h10v10H4z",
  loop: "M4 8a4.5 4.5 0 0 1 8-2.8V3h1.8v5H9V6.3h2A2.8 2.8 0 0 0 5.8 8zM14 10a4.5 4.5 0 0 1-8 2.8V15H4.2v-5H9v1.7H7A2.8 2.8 0 0 0 12.2 10z",
  reverse: "M9 4v10L2 9zm7 0v10L9 9z",
  like: "M2 9c1.7 0 1.7-4 3.5-4S7.2 13 9 13s1.8-8 3.500-8S14.300 9 16 9v1.800c-3 0-3-4-3.500-4S10.800 14.800 9 14.800 6.300 6.800 5.500 6.800 5 10.800 2 10.800z",
  mic: "M9 1.800a2.600 2.600 0 0 1 2.600 2.600v4.200a2.600 2.600 0 0 1-5.200 0V4.400A2.600 2.600 0 0 1 9 1.800zM4 8.400h1.600a3.400 3.400 0 0 0 6.800 0H14a5 5 0 0 1-4.200 4.900V16H8.200v-2.700A5 5 0 0 1 4 8.400z",
  file: "M8.200 2h1.600v8.200l2.800-2.800 1.200 1.200L9 13.400 4.200 8.600l1.200-1.200 2.800 2.800zM3 14.400h12V16H3z",
  close: "M4.200 3 9 7.800 13.800 3 15 4.200 10.200 9l4.800 4.800-1.200 1.200L9 10.200 4.200 15 3 13.800 7.800 9 3 4.200z",
  search: "M7.800 2.500a5.300 5.300 0 0 1 4.200 8.500l3.600 3.600-1.200 1.200-3.600-3.600A5.300 5.300 0 1 1 7.800 2.500zm0 1.700a3.600 3.600 0 1 0 0 7.200 3.600 3.600 0 0 0 0-7.200z",
  star: "M9 1.800l2.200 4.700 5.100.6-3.800 3.500 1 5.100L9 13.200l-4.500 2.500 1-5.100L1.700 7.100l5.100-.6z",
  mark: "M4.500 2h9v14L9 12.600 4.500 16z",
  add: "M8.100 3h1.800v5.100H15v1.800H9.900V15H8.100V9.900H3V8.100h5.100z",
  list: "M2 4h14v1.800H2zm0 4.100h14v1.800H2zm0 4.100h14V14H2z",
  map: "M4.500 3a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600zm8 1.500a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600zM7 10a2.200 2.200 0 1 1 0 4.400A2.200 2.200 0 0 1 7 10zm7 1.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3z",
};

/** A small picture, silent for screen readers; its button has the words. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
