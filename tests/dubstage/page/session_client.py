"""One session as a browser sees it, over HTTP."""

import json
import wave
from io import BytesIO

import numpy as np

HEADERS = {"x-dubstage": "1"}


class Page:
    """A browser's view of the one session."""

    def __init__(self, client, app):
        self.client, self.app = client, app
        (self.session,) = client.get("/api/sessions").json()["sessions"]
        self.base = f"/api/session/{self.session['key']}"
        self.now = client.get(self.base).json()

    def post(self, path, **body):
        return self.client.post(f"{self.base}/{path}", json=body, headers=HEADERS)

    def edit(self, op, **more):
        answer = self.post("edit", version=self.now["version"], op=op, **more)
        if answer.status_code == 200:
            self.now = answer.json()
        return answer

    def clips(self, cue=None):
        clips = [clip for track in self.now["tracks"] for clip in track["clips"]]
        return [clip for clip in clips if cue is None or clip["cue"] == cue]

    def cue(self, number):
        return next(cue for cue in self.now["cues"] if cue["number"] == number)

    def heard(self, **asked):
        answer = self.client.get(f"{self.base}/audition", params=asked)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) == int(answer.headers["content-length"])
        with wave.open(BytesIO(answer.content)) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (2, 48_000)
            data = sound.readframes(sound.getnframes())
        return np.frombuffer(data, "<i2").reshape(-1, 2) / 32_767

    def render(self, **asked):
        job = self.post("render", **asked).json()["job"]
        events = []
        with self.client.stream("GET", f"/api/jobs/{job}/events") as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: "):
                    events.append((kind, json.loads(line[6:])))
        return events


def sound_named(page, words):
    return page.client.get("/api/search", params={"q": words}).json()["hits"][0]["asset_id"]
