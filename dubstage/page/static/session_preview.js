/** Edits shown at once, before they are saved; the server's answer then has them to the sample. */

/** @param session changed where it stands @param edit as `Edits.ask` takes it */
export function preview(session, edit) {
  const clip = clipOf(session, edit.clip);
  if (!clip || !SHOWN[edit.op]) return;
  clip.locked = true; // as all that is done by hand
  SHOWN[edit.op](clip, edit, session);
}

export function clipOf(session, id) {
  if (id === null || id === undefined) return null;
  for (const track of session.tracks) for (const clip of track.clips) if (clip.id === id) return clip;
  return null;
}

const SHOWN = {
  nudge(clip, {frames = 0, samples = 0}, {sample_rate_hz: hz, fps: [n, d]}) {
    const by = Math.round(frames * hz * d / n) + samples;
    clip.record_start_samples += by;
    if (clip.sync_samples !== null) clip.sync_samples += by;
  },
  gain(clip, {db}) { clip.gain_db = db; },
  lock() {},
  unlock(clip) { clip.locked = false; },
  trim(clip, {head = 0, tail = 0}, session) {
    const step = clip.source_rate_hz / session.sample_rate_hz * clip.source_pace, [cut, closed] = trimmable(clip, session, head, tail);
    clip.record_start_samples += cut;
    clip.duration_samples -= cut + closed;
    clip.source_start_samples += Math.round((clip.reverse ? closed : cut) * step);
    clip.handles = [clip.handles[0] + cut, clip.handles[1] + closed];
  },
};

/** As much of a trim as there is, by the server's rules: [head, tail], below 0 opened. */
export function trimmable(clip, session, head, tail) {
  const shortest = Math.round(session.sample_rate_hz / 100), sync = clip.sync_samples;
  const start = clip.record_start_samples, end = start + clip.duration_samples;
  let latest = end - shortest, earliest = start + shortest;
  if (sync !== null && sync >= start && sync < end) {
    latest = Math.min(latest, sync);
    earliest = Math.max(earliest, Math.min(end, sync + shortest));
  }
  const cut = Math.min(Math.max(head, -Math.min(clip.handles[0], start)), Math.max(0, latest - start));
  let closed = Math.min(Math.max(tail, -clip.handles[1]), Math.max(0, end - earliest));
  if (clip.duration_samples - cut - closed < shortest) closed = Math.min(closed, Math.max(0, clip.duration_samples - cut - shortest));
  return [cut, closed];
}
