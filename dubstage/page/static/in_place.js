/** Hearing the session: a stretch of it summed by the server, and the picture that runs with it. */

import {address} from "./api.js";
import {audio, onChange, onTrouble, playAddress, stop} from "./player.js";
import {frameOf, samplesOf} from "./timecode.js";

export class InPlace {
  /** @param on {at(samples), change(), trouble(problem)} */
  constructor(on) {
    Object.assign(this, {on, session: null, video: null, from: 0, source: "-", ticking: 0});
    onChange(() => {
      if (this.playing) this.ticking ||= requestAnimationFrame(() => this.#tick()); else this.video?.pause();
      on.change();
    });
    onTrouble(() => this.stop());
  }

  /** Whether the page's player has a stretch of the session, and not a sound of the library. */
  get #ours() { return audio.src.endsWith(this.source); }
  get playing() { return !audio.paused && this.#ours; }

  /** Where the ear is, in samples of the session. */
  get position() { return this.from + Math.round(audio.currentTime * this.session.sample_rate_hz); }

  /** @param asked {from, to, stems, only, asset_id, take, clip, cue} as the server takes it */
  async play(asked, label = "") {
    const {start_samples: first, end_samples: last, key} = this.session;
    this.from = Math.max(first, Math.round(asked.from));
    const to = Math.min(last, Math.round(asked.to ?? last));
    this.source = address(`/api/session/${key}/audition`, {...asked, from: this.from, to});
    try { await playAddress(this.source, label); } catch (problem) { this.on.trouble(problem); }
  }

  stop() {
    if (!this.#ours) return;
    stop();
    audio.removeAttribute("src");
    audio.load(); // lets go of the stretch that the server is still summing
    this.source = "-";
    this.video?.pause();
    this.on.change();
  }

  /** The picture at a place, while nothing plays: its very frame. */
  still(samples) {
    if (!this.video || this.playing) return;
    this.video.currentTime = this.#pictureTime(samples, true);
  }

  /** Seconds of the picture's file; its first frame is the session's. @param whole the middle of a frame */
  #pictureTime(samples, whole) {
    const {fps: [n, d], start_frame: first, sample_rate_hz: hz, start_samples: start} = this.session;
    if (!whole) return Math.max(0, (samples - start) / hz);
    return Math.max(0, (frameOf(samples, this.session, hz) - first + .5) * d / n);
  }

  /** With every picture while it plays, and then no more. */
  #tick() {
    this.ticking = this.playing ? requestAnimationFrame(() => this.#tick()) : 0;
    if (!this.session || !this.playing || !audio.currentTime) return;
    const at = this.position;
    this.on.at(at);
    if (!this.video || this.video.readyState < 2) return;
    const {fps: [n, d]} = this.session;
    const off = this.video.currentTime - this.#pictureTime(at, false);
    // More than a frame off it jumps; else it is left to run, or it would never be smooth.
    if (Math.abs(off) > d / n && !this.video.seeking) this.video.currentTime = this.#pictureTime(at, false);
    if (this.video.paused && !this.video.ended) this.video.play().catch(() => {});
  }

}

/** The picture, where the server was given one. */
export function pictureIn(place) {
  const video = document.createElement("video");
  Object.assign(video, {src: "/api/video", muted: true, playsInline: true, preload: "auto"});
  video.setAttribute("aria-label", "Picture, in sync with the session");
  place.replaceChildren(video);
  place.hidden = false;
  return video;
}

/** A stretch around something, with what precedes and follows it. */
export function around(session, from, to, before = 1.5, after = 1.5) {
  const hz = session.sample_rate_hz;
  return {
    from: Math.max(session.start_samples, from - Math.round(before * hz)),
    to: Math.min(session.end_samples, Math.max(to, from + hz / 2) + Math.round(after * hz)),
  };
}

export const frameStart = (session, samples, by) =>
  samplesOf(frameOf(samples, session, session.sample_rate_hz) + by, session, session.sample_rate_hz);
