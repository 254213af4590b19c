# ruff: noqa: E501 - one sound a line, so that the list reads as the table it is
"""What there is: every sample sound, how it is played, how loud it is and what it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from assets_sample.make import (
    Wave,
    cloth,
    design,
    doors,
    feet,
    hard,
    places,
    props,
    stingers,
    weather,
)

CREATOR = "DUBST"
SOURCE = "SMPL"


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One file of the sample library.

    Its level is set by its peak or, for places, by its RMS; `takes` is how
    many separate performances stand in it. `bits` is where samples are
    rounded: a place of noise at -45 dBFS says nothing in its lowest bits, and
    FLAC then need not store them.
    """

    cat_id: str
    fx_name: str
    play: Callable[[str], Wave]
    model: str
    peak_dbfs: float | None = None
    rms_dbfs: float | None = None
    floor_dbfs: float = -80.0
    takes: int = 1
    bits: int = 16

    @property
    def file_name(self) -> str:
        return f"{self.cat_id}_{self.fx_name}_{CREATOR}_{SOURCE}.flac"


def _walk(
    fx_name: str,
    floor: feet.Floor,
    shoe: feet.Shoe,
    peak_dbfs: float,
    model: str,
    *,
    steps: int = 10,
    gap_s: tuple[float, float] = (0.66, 0.82),
    effort: float = 0.7,
    room_db: float = -22.0,
    floor_dbfs: float = -80.0,
) -> Sound:
    play = partial(
        feet.walk, floor=floor, shoe=shoe, steps=steps, gap_s=gap_s, effort=effort, room_db=room_db
    )
    gaps = f"{gap_s[0]}–{gap_s[1]} s apart"
    return Sound(
        cat_id="FOLYFeet",
        fx_name=fx_name,
        play=play,
        peak_dbfs=peak_dbfs,
        floor_dbfs=floor_dbfs,
        takes=steps,
        model=f"{model}; {steps} steps {gaps}, effort {effort}",
    )


def _cloth(
    fx_name: str,
    band_hz: tuple[float, float],
    crackle: float,
    body: float,
    peak_dbfs: float,
    model: str,
) -> Sound:
    play = partial(
        cloth.moves, low_hz=band_hz[0], high_hz=band_hz[1], crackle=crackle, body=body, count=8
    )
    return Sound(
        cat_id="FOLYClth",
        fx_name=fx_name,
        play=play,
        peak_dbfs=peak_dbfs,
        floor_dbfs=-84,
        takes=8,
        model=f"{model}; rub {band_hz[0]:.0f}–{band_hz[1]:.0f} Hz, crackle {crackle}, body {body}; 8 moves",
    )


def _prop(
    cat_id: str,
    fx_name: str,
    prop: Callable[..., Wave],
    count: int,
    gap_s: float,
    peak_dbfs: float,
    model: str,
) -> Sound:
    play = partial(props.performed, prop=prop, count=count, gap_s=gap_s, wet_db=-20.0)
    return Sound(
        cat_id=cat_id,
        fx_name=fx_name,
        play=play,
        peak_dbfs=peak_dbfs,
        floor_dbfs=-81,
        takes=count,
        model=f"{model}; {count} takes",
    )


def _place(
    cat_id: str, fx_name: str, play: Callable[[str], Wave], rms_dbfs: float, model: str
) -> Sound:
    return Sound(
        cat_id=cat_id,
        fx_name=fx_name,
        play=play,
        rms_dbfs=rms_dbfs,
        floor_dbfs=-96,
        model=model,
        bits=15,
    )


def _effect(
    cat_id: str,
    fx_name: str,
    play: Callable[[str], Wave],
    peak_dbfs: float,
    model: str,
    *,
    takes: int = 1,
    floor_dbfs: float = -84,
) -> Sound:
    return Sound(
        cat_id=cat_id,
        fx_name=fx_name,
        play=play,
        peak_dbfs=peak_dbfs,
        takes=takes,
        model=model,
        floor_dbfs=floor_dbfs,
        bits=15,
    )


_BOARDS = "heel and toe as half-cosine blows on 30 plate modes of hardwood (five boards) over 4 of a hollow floor, sole click"
_STONE = "blows on 8 strongly damped slab modes and 10 of the sole, click of noise 0.7–6.5 kHz, grit grains"
_PEBBLES = "PhISEM: 2600 grains/s decaying, 14 resonances 0.7–7.5 kHz redrawn each step, sand grains, damped thud"
_LEAVES = "rare loud grains (1.3–9.5 kHz) for leaves, dense small ones for grass, rustle of noise, damped thud"
_GRATE = "blows on 48 plate modes of thin metal, two to four later rattles of its upper modes"
_SNOW = "5200 grains/s, 16 resonances 0.45–5.2 kHz, under a slow press; stick-slip squeak 60–340 Hz"

SOUNDS = (
    _walk("Boots Hardwood Walk", feet.wood, feet.BOOTS, -14, _BOARDS, steps=12),
    _walk("Heels Hardwood Walk", feet.wood, feet.HEELS, -15, _BOARDS, gap_s=(0.62, 0.74)),
    _walk("Boots Gravel Walk", feet.gravel, feet.BOOTS, -13, _PEBBLES, steps=12, room_db=-60, floor_dbfs=-76),
    _walk("Sneakers Gravel Run", feet.gravel, feet.SNEAKERS, -11, _PEBBLES, steps=12, gap_s=(0.6, 0.7), effort=1.0, room_db=-60, floor_dbfs=-76),
    _walk("Boots Concrete Walk", feet.concrete, feet.BOOTS, -15, _STONE, floor_dbfs=-77),
    _walk("Sneakers Concrete Walk", feet.concrete, feet.SNEAKERS, -22, _STONE, floor_dbfs=-82),
    _walk("Heels Concrete Walk", feet.concrete, feet.HEELS, -15, _STONE, gap_s=(0.6, 0.74), floor_dbfs=-78),
    _walk("Boots Leaves Grass Walk", feet.leaves, feet.BOOTS, -18, _LEAVES, room_db=-60, floor_dbfs=-77),
    _walk("Boots Metal Grate Walk", feet.grate, feet.BOOTS, -13, _GRATE, steps=9, gap_s=(0.85, 1.0)),
    _walk("Boots Snow Walk", feet.snow, feet.BOOTS, -19, _SNOW, gap_s=(0.7, 0.9), room_db=-60, floor_dbfs=-83),
    _cloth("Nylon Jacket Moves", (1100, 6500), 0.12, 0.5, -20, "two to four strokes of rubbing noise, sharp folds"),
    _cloth("Cotton Shirt Moves", (450, 3000), 0.015, 1.0, -26, "soft strokes of rubbing noise"),
    Sound(cat_id="DOORWood", fx_name="Wood Door Open Interior", play=doors.opened, peak_dbfs=-15, takes=3, model="lock of 14 metal and 12 wood modes, stick-slip creak 34–100 slips/s, room T60 0.45 s; 3 takes"),
    Sound(cat_id="DOORWood", fx_name="Wood Door Close Interior", play=partial(doors.closed, contact_s=0.006, weight=0.35, gap_s=1.5, takes_count=4), peak_dbfs=-13, takes=4, model="leaf (40 plate modes from 71 Hz) meets frame (16), latch; weight 0.35; 4 takes"),
    Sound(cat_id="DOORWood", fx_name="Wood Door Slam Hard", play=partial(doors.closed, contact_s=0.0025, weight=1.5, gap_s=1.9, takes_count=3), peak_dbfs=-4, takes=3, model="as the closing door with a blow of 2.5 ms, weight 1.5, bounces, room T60 0.95 s; 3 takes"),
    Sound(cat_id="DOORCreak", fx_name="Wood Door Hinge Creak Slow", play=doors.creaked, peak_dbfs=-17, takes=3, model="stick-slip 30–130 slips/s into 22 wood and 3 iron modes; 3 takes"),
    _prop("OBJKey", "House Keys Jingle", props.keys, 5, 1.15, -16, "18–29 meetings of seven brass bars (free-free partials)"),
    _prop("CERMImpt", "Cup Set Down Wood Table", props.cup, 6, 1.0, -15, "14 ceramic modes and 24 of the table, two to four settling blows"),
    _prop("GLASImpt", "Wine Glass Clink", props.clink, 4, 2.1, -14, "two glasses, bending modes 1 : 2.32 : 4.25 : 6.63 : 9.38, each a beating pair"),
    _prop("MECHSwtch", "Light Switch Click", props.switch, 8, 0.65, -20, "12 plastic modes in a box of 10; pre-click and snap"),
    _prop("PAPRHndl", "Paper Sheet Rustle", props.paper, 5, 1.45, -19, "rare grains in 16 wide bands 0.9–9 kHz, sheet resonance, hiss"),
    _prop("OBJFurn", "Wood Chair Scrape Floor", props.chair, 4, 1.5, -15, "stick-slip 60–210/s into 40 board modes, last knock"),
    _prop("COMTelph", "Telephone Receiver Pick Up", props.receiver, 4, 1.3, -17, "three blows on a plastic shell, its bell faintly struck"),
    _place("RAINConc", "Rain Street Steady", partial(weather.rain_in_the_street, seconds=15), -44, "2600 near drops/s (rare big ones), two beds of noise, 45 Minnaert bubbles/s; 15 s loop"),
    _place("RAINGlas", "Rain On Window Interior", partial(weather.rain_at_the_window, seconds=15), -47, "170 drops/s on 12 pane resonances 280–2600 Hz, 9 modal taps/s, dull wash; 15 s loop"),
    _place("WINDVege", "Wind Through Trees", partial(weather.wind_in_trees, seconds=15), -46, "three bands 50–900 Hz with gusts of their own, leaf grains that follow; 15 s loop"),
    _place("AMBRoom", "Kitchen Room Tone Fridge Hum", partial(places.room_tone, seconds=15, air_db=-11, hum=(0.15, 1.0, 0.1, 0.4, 0.06, 0.16, 0.04, 0.08), ticks=2.0), -53, "pink air in three bands, motor harmonics of a wavering 50 Hz, rattles; 15 s loop"),
    _place("AMBRoom", "Hallway Room Tone Quiet", partial(places.room_tone, seconds=15, air_db=-9, hum=(), ticks=0.0), -58, "pink air in three bands, no machine; 15 s loop"),
    _place("AMBTraf", "City Traffic Distant Street", partial(places.traffic, seconds=15), -46, "rumble in three bands, a passing car (tyre band, six engine harmonics) each 0.7–1.9 s, street T60 0.9 s; 15 s loop"),
    _place("CRWDWalla", "Crowd Walla Bar Interior", partial(places.walla, seconds=15, talkers=16), -43, "16 talkers: glottal pulses through five formants, eight vowels, 4–6 syllables/s, room T60 1.1 s; 15 s loop"),
    _place("AMBForst", "Forest Birds Morning", partial(places.forest, seconds=15), -50, "twelve birds in phrases of swept whistles, T60 1.4 s, air; 15 s loop"),
    _place("AMBInsc", "Night Crickets Field", partial(places.night, seconds=15), -50, "nine crickets 3.9–5.1 kHz, 3–5 teeth a chirp, air of the land; 15 s loop"),
    _effect("COMTelph", "Vintage Telephone Ring Bell", stingers.telephone, -9, "two gongs of six beating partials, 40 strokes/s between them, two rings; room T60 0.4 s", takes=2),
    _effect("BELLLrg", "Church Bell Toll Single", stingers.church_bell, -8, "12 named partials (hum to seventh above) in beating pairs on A3, clapper clank, T60 2.2 s"),
    _effect("DSGNImpt", "Big Hit Cinematic", stingers.big_hit, -3, "94→34 Hz drum, 50 metal modes, two bursts, hall T60 2.6 s"),
    _effect("DSGNRise", "Tension Riser Build", design.riser, -8, "moving noise band 0.18–5.4 kHz and six gliding tones, shake 3→15 Hz; 5 s"),
    _effect("DSGNWhsh", "Whoosh Fast Pass", design.whooshes, -9, "moving noise band 0.2–3 kHz across the stereo field; 3 takes", takes=3),
    _place("DSGNDron", "Low Dark Drone", partial(design.drone, seconds=10), -34, "seven pairs of tones 37–233 Hz with slow beats, low noise, T60 1.6 s; 10 s loop"),
    _effect("DSGNBass", "Sub Drop Falling", design.sub_drop, -5, "tone 98→26 Hz, driven, with a thump of noise"),
    _effect("VEHBy", "Car Pass By Wet Road", hard.car_by, -9, "engine of 11 harmonics, tyres, spray; Doppler and distance from 14 m/s at 6 m"),
    _effect("THUN", "Thunder Crack Rumble", weather.thunder, -5, "70 tears, then 150 rolls arriving later and duller; 5.8 s", floor_dbfs=-80),
    _effect("GUNPis", "Pistol Shot Exterior", hard.gunshot, -2, "Friedlander blast, two noise bodies, street T60 1.6 s; 2 takes", takes=2, floor_dbfs=-80),
    _effect("METLImpt", "Metal Clang Steel Sheet", hard.clang, -7, "60 steel plate modes below 11 kHz, second touch; 3 takes", takes=3),
    _effect("WOODImpt", "Wood Board Impact Heavy", hard.wood_impact, -7, "40 wood plate modes, blow of 0.8–2.5 ms, some bounce; 5 takes", takes=5),
    _effect("GLASBrk", "Window Glass Break Shards", hard.glass_break, -5, "pane of 40 modes, 170 shards of five modes each, T60 0.6 s"),
)  # fmt: skip
