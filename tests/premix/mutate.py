"""Lists damaged at random, as mail, editors and disks damage them. Run to try many:

python -m tests.premix.mutate 20000
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from audio.timecode import parse_rate
from premix import PremixError
from premix.cues import parse_cues
from premix.cut_files import timeline_of_edl
from premix.edl import parse_edl
from premix.plain_text import decode
from premix.pro_tools import parse_pro_tools

EDL = """TITLE: REEL 1
FCM: NON-DROP FRAME

001  A001C003 V     C        04:10:21:00 04:10:33:00 01:00:00:00 01:00:12:00
* FROM CLIP NAME: STREET
* LOC: 01:00:03:00 RED     FOLEY feet: boots gravel walk x6
002  A001C005 V     C        04:14:02:10 04:14:02:10 01:00:12:00 01:00:12:00
002  A001C007 V     D    024 04:18:40:00 04:18:48:00 01:00:12:00 01:00:20:00
M2   A001C007       -025.0                04:18:40:00
* TO CLIP NAME: CAR
003  AX       AA/V  W001 043 00:00:00:00 00:00:05:00 01:00:20:00 01:00:25:00
AUD  3    4
FCM: DROP FRAME
004  BL       V     K B      00:00:00:00 00:00:00:00 01:00:25:00 01:00:25:00
>>> SOURCE TEXT
* AUDIO LEVEL AT 00:00:00:00 IS -INF DB  (REEL AX A1)
"""
PRO_TOOLS = """SESSION NAME:\tReel 1
SAMPLE RATE:\t48000.000000
BIT DEPTH:\t24-bit
SESSION START TIMECODE:\t00:59:52:00
TIMECODE FORMAT:\t23.976 Frame
# OF AUDIO TRACKS:\t2
# OF AUDIO CLIPS:\t3
# OF AUDIO FILES:\t2


O N L I N E  C L I P S  I N  S E S S I O N
CLIP NAME                     \tSource File
step_01\tstep.wav [1]


P L U G - I N S  L I S T I N G
MANUFACTURER\tPLUG-IN NAME\tVERSION\tFORMAT\tSTEMS\tNUMBER OF INSTANCES


T R A C K  L I S T I N G
TRACK NAME:\tFeet
COMMENTS:\tboots {who=anna}
USER DELAY:\t0 Samples
STATE: \tMuted
PLUG-INS:
CHANNEL \tEVENT   \tCLIP NAME\tSTART TIME    \tEND TIME      \tDURATION      \tSTATE
1       \t1       \tstep_01\t01:00:03:02   \t01:00:04:10   \t00:00:01:08   \tUnmuted
1       \t2       \tstep_02\t01:00:05:02.50\t01:00:06:10   \t00:00:01:08   \tMuted


M A R K E R S  L I S T I N G
#   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME                             \tCOMMENTS
1   \t01:00:03:02  \t9020000           \tSamples  \tFOLEY feet: boots gravel walk x6 \t$WHO=ANNA
"""
RATES = [parse_rate(name) for name in ("23.976", "25", "29.97df", "60")]
_SCRAPS = [
    b"", b" ", b"\t", b"\0", b"\x1a", b"\r", b"\n", b"\r\n", b":", b";", b".", b"*", b"V", b"AA/V",
    b"9" * 30, b"-1", b"001", b"M2", b"D 024", b"W001", b"KB", b"FCM: DROP FRAME", b"* LOC:",
    b"\xff\xfe", b"\xe5\xbc", b"99:99:99:99", b"01:00:00;00", b"TRACK NAME:\t", b'"',
    b"\xef\xbb\xbf", b"{", b"}", b"$A=1", b"1|1|000", b"10+05",
]  # fmt: skip


def mutations(seed_text: bytes, chance: random.Random) -> Iterator[bytes]:
    """The text, each time damaged in up to eight places."""
    lines = seed_text.splitlines(keepends=True)
    while True:
        damaged = list(lines)
        for _place in range(chance.randint(1, 8)):
            at = chance.randrange(len(damaged))
            line = damaged[at]
            column = chance.randint(0, len(line))
            scrap = chance.choice(_SCRAPS)
            match chance.randrange(7):
                case 0:
                    damaged[at] = line[:column] + scrap + line[column:]
                case 1:
                    damaged[at] = line[:column]
                case 2:
                    damaged[at] = (
                        line[:column] + bytes([chance.randrange(256)]) + line[column + 1 :]
                    )
                case 3:
                    damaged[at] = b""
                case 4:
                    damaged[at] = line * chance.randint(2, 40)
                case 5:
                    other = chance.randrange(len(damaged))
                    damaged[at], damaged[other] = damaged[other], damaged[at]
                case _:
                    damaged[at] = scrap + line[: column // 2]
        yield b"".join(damaged)


def read_edl_bytes(data: bytes, chance: random.Random) -> None:
    edl = parse_edl(decode(data, "a.edl", "an EDL"), chance.choice(RATES))
    timeline = timeline_of_edl(edl)
    timeline.shots()
    used = {line for edit in edl.events for line in edit.lines} | set(edl.statement_lines)
    assert used | {report.line for report in edl.reported} == set(range(1, edl.line_count + 1))


def read_pro_tools_bytes(data: bytes, _chance: random.Random) -> None:
    timeline = parse_pro_tools(decode(data, "a.txt", "a Pro Tools text export"))
    for event in timeline.tracks[0].events if timeline.tracks else ():
        timeline.label(event.record_in_s)


def read_cue_bytes(data: bytes, chance: random.Random) -> None:
    parse_cues(data, "a.csv", chance.choice(RATES))


READERS: dict[str, Callable[[bytes, random.Random], None]] = {
    "edl": read_edl_bytes,
    "pro tools": read_pro_tools_bytes,
    "cues": read_cue_bytes,
}


def seeds() -> dict[str, bytes]:
    folder = Path(__file__).parents[2] / "assets_sample"
    return {
        "edl": EDL.encode(),
        "pro tools": PRO_TOOLS.encode(),
        "cues": (folder / "reel1.cues.csv").read_bytes(),
    }


def try_mutations(kind: str, count: int, seed: int) -> float:
    """Read `count` damaged lists; the longest that one took, in seconds.

    Raises:
        Exception: whatever a reader raised that is not a clear refusal.
    """
    chance = random.Random(seed)
    damaged = mutations(seeds()[kind], chance)
    slowest_s = 0.0
    for number in range(count):
        data = next(damaged)
        began = time.process_time()
        try:
            READERS[kind](data, chance)
        except PremixError:
            pass
        except Exception as problem:
            problem.add_note(f"{kind} number {number} of seed {seed}: {data!r}")
            raise
        slowest_s = max(slowest_s, time.process_time() - began)
    return slowest_s


if __name__ == "__main__":
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for kind in READERS:
        began = time.process_time()
        slowest = try_mutations(kind, each, 1)
        took_s = time.process_time() - began
        sys.stdout.write(f"{kind}: {each} in {took_s:.0f} s, slowest {slowest:.3f} s\n")
