/** What is asked, in the part of the address behind "#": reloaded or kept, it is asked again.
 *  That part never leaves the browser. */

import {address} from "./api.js";

const MARK = "~"; // between an example's reference and its name, a filter's field and its value

/** @param asked {q, like, unlike, aspects, filters}, examples as {reference, name} */
export function writeState({q, like, unlike, aspects, filters}) {
  const examples = list => list.map(each => `${each.reference}${MARK}${each.name}`);
  const text = address("", {q, like: examples(like), unlike: examples(unlike), aspect: aspects, filter: filters.map(([field, value]) => `${field}${MARK}${value}`)}).slice(1);
  if (text === location.hash.slice(1) && !location.search) return;
  // A token is a cookie by now; it need not stand in the address for others to read.
  history.replaceState(null, "", text ? `${location.pathname}#${text}` : location.pathname);
}

export function readState() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const pairs = name => asked.getAll(name).map(text => text.split(MARK)).filter(parts => parts.length > 1);
  const examples = name => pairs(name).map(([reference, ...rest]) => ({reference, name: rest.join(MARK)}));
  return {
    q: asked.get("q") ?? "", like: examples("like"), unlike: examples("unlike"),
    aspects: asked.getAll("aspect"), filters: pairs("filter").map(([field, ...rest]) => [field, rest.join(MARK)]),
  };
}
