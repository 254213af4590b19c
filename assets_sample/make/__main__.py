"""Play the whole sample library again: python -m assets_sample.make [FOLDER] [NAME PART …]."""

import sys
from pathlib import Path

from assets_sample import FOLDER
from assets_sample.make.catalogue import SOUNDS
from assets_sample.make.files import write
from assets_sample.make.sources import sources

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
wanted = sys.argv[2:]
folder.mkdir(parents=True, exist_ok=True)
for sound in SOUNDS:
    if not wanted or any(part in sound.file_name for part in wanted):
        print(write(sound, folder).name)
if not wanted:
    (folder / "SOURCES.md").write_text(sources(), encoding="utf-8")
