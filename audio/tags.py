"""Tags of formats other than WAVE, and ID3 within one, read by tinytag."""

import io
import warnings as python_warnings
from pathlib import Path

_NAMES = (
    "title",
    "artist",
    "album",
    "comment",
    "genre",
    "year",
    "composer",
    "track",
    "albumartist",
)


def read_tags(source: Path | bytes) -> tuple[dict[str, str], list[str]]:
    """Texts by name, and what went wrong: a file whose tags cannot be read has none.

    Args:
        source: a file, or the contents of a chunk "id3 ".
    """
    from tinytag import TinyTag, UnsupportedFormatError

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            if isinstance(source, bytes):
                tag = TinyTag.get("id3.mp3", file_obj=io.BytesIO(source), duration=False)
            else:
                tag = TinyTag.get(source, duration=False)
    except UnsupportedFormatError:  # CAF, W64, AU: no fault of the file
        return {}, []
    # Tags are by the way: whatever a damaged one does to its reader must not cost the sound.
    except Exception as problem:
        return {}, [f"tags cannot be read: {problem or type(problem).__name__}"]
    texts = {name: str(value) for name in _NAMES if (value := getattr(tag, name, None))}
    for name, values in tag.other.items():
        joined = "; ".join(str(value) for value in values if value)
        if joined:
            texts.setdefault(name, joined)
    return texts, []
