/** What a hit is, in few words. */

export const stars = rating => rating ? "★".repeat(rating) : "";

export const seconds = value => value < 60
  ? `${value.toFixed(2)} s`
  : `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;

const named = text => text ? text.charAt(0) + text.slice(1).toLowerCase() : "";

/** "Doors wood", or the likeliest CatID with a question mark. */
export function categoryOf(hit) {
  if (hit.category) return [named(hit.category), hit.subcategory?.toLowerCase()].filter(Boolean).join(" ");
  return hit.likely ? `${named(hit.likely[0])} ${hit.likely[1].toLowerCase()}?` : "no category";
}

const WIDTHS = {1: "mono", 2: "stereo"};
export const width = channels => WIDTHS[channels] ?? `${channels} ch`;

/** "48k/24 stereo WAV" */
export const format = hit => `${hit.sample_rate_hz / 1000}k${hit.bits ? `/${hit.bits}` : ""} ${width(hit.channels)} ${hit.format}`;

export const level = hit => hit.loudness_lufs === null ? "" : `${hit.loudness_lufs.toFixed(0).replace("-", "−")} LUFS`;
