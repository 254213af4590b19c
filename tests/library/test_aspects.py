"""Likeness by chosen aspects, of sounds whose pitch, envelope and spectrum are known."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connect import open_catalogue
from library import LibraryError, by_aspects
from library.aspects import FEATURES, Sounds, likenesses, read_aspects, together, weights_of
from library.by_aspects import features_of_file, features_of_takes
from library.features import take_features
from library.search import search
from tests.library.shelf import RATE_HZ, described, put_all, write_sound

SECONDS = 1.0
T = np.arange(int(SECONDS * RATE_HZ)) / RATE_HZ
HERTZ = [220.0, 233.1, 261.6, 330.0, 440.0, 880.0]  # 0, 1, 3, 7, 12 and 24 semitones above A3


def tone(hz, partials=(1.0, 0.5, 0.25)):
    wave = sum(a * np.sin(2 * np.pi * hz * (n + 1) * T) for n, a in enumerate(partials))
    return 0.2 * wave[:, np.newaxis]


def struck(decay_s, attack_s=0.005, seed=1):
    noise = np.random.default_rng(seed).standard_normal(len(T))
    envelope = np.minimum(T / attack_s, 1.0) * 10.0 ** (-T / decay_s)  # -20 dB in decay_s
    return 0.2 * (noise * envelope)[:, np.newaxis]


def white(seed=1):
    return 0.1 * np.random.default_rng(seed).standard_normal((len(T), 1))


def noise(centre_hz, seed=1):
    """White noise through a filter that is a bell on the octave scale, an octave wide."""
    hz = np.maximum(np.fft.rfftfreq(len(T), 1 / RATE_HZ), 1.0)
    bell = np.exp(-0.5 * (np.log2(hz / centre_hz) / 0.5) ** 2)
    wave = np.fft.irfft(np.fft.rfft(white(seed)[:, 0]) * bell, len(T))
    return 0.1 * (wave / wave.std())[:, np.newaxis] + 1e-4 * white(seed + 100)


def measured(samples):
    return features_of_takes([take_features(samples.astype(np.float32), RATE_HZ)])


def likeness(examples, others, takes, weights):
    """(by all aspects, by each that has a weight)."""
    asked = [aspect for aspect, weight in weights.items() if weight]
    by_aspect = likenesses(examples, others, takes, asked)
    return together(by_aspect, weights), by_aspect


def alike(aspect, example, *others):
    """Likeness of each of the others to the example, in one aspect."""
    direction = np.ones((len(others), 1), np.float32)
    takes = Sounds(direction, np.concatenate([measured(each) for each in others]))
    weights = weights_of({"timbre": 0, aspect: 1})
    seen, by_aspect = likeness([Sounds(direction[:1], measured(example))], [], takes, weights)
    assert list(by_aspect) == [aspect]
    return seen.tolist()


@pytest.mark.parametrize("aspect", ["pitch", "loudness", "spectrum"])
@pytest.mark.parametrize("sound", [tone(220), struck(0.1), noise(1000), 0 * tone(220)])
def test_a_sound_is_wholly_like_itself(aspect, sound):
    assert alike(aspect, sound, sound) == [pytest.approx(1.0, abs=1e-6)]


def test_pitch_orders_tones_of_one_timbre_by_their_distance():
    found = alike("pitch", tone(220), *map(tone, HERTZ))
    assert found == sorted(found, reverse=True)
    # Half at three semitones: 2^(-s/3) at s semitones.
    semitones = np.array([0, 1, 3, 7, 12, 24])
    np.testing.assert_allclose(found, 2.0 ** (-semitones / 3), atol=0.02)


def test_pitch_is_the_same_with_other_partials_and_noise_has_none():
    other_timbre, hiss = alike("pitch", tone(220), tone(220, (0.2, 1.0, 0.7)), white())
    assert other_timbre > 0.9
    assert hiss < 0.2
    of_noise, of_tone = alike("pitch", white(), white(2), tone(220))
    assert (of_noise, of_tone) == (1.0, pytest.approx(0.0, abs=0.2))


@pytest.mark.parametrize("gain_db", [-40.0, -6.0, 6.0])
@pytest.mark.parametrize("aspect", ["pitch", "loudness", "spectrum"])
def test_gain_changes_no_aspect(aspect, gain_db):
    for sound in (struck(0.2), tone(220), noise(1000)):
        assert alike(aspect, sound, sound * 10 ** (gain_db / 20))[0] > 0.97


def test_loudness_compares_envelopes_and_not_what_sounds():
    # The same envelope of another noise, a longer one, a steady one, the same one backwards.
    found = alike(
        "loudness",
        struck(0.1),
        struck(0.1, seed=2),
        struck(0.3),
        white(),
        struck(0.1)[::-1],
    )
    same, longer, steady, backwards = found
    assert same > longer > steady
    assert same > longer > backwards


def test_loudness_tells_a_slow_attack_from_a_quick_one():
    soft, hard = alike("loudness", struck(0.3), struck(0.3, attack_s=0.2), struck(0.3, seed=3))
    assert hard > soft + 0.2


def test_spectrum_orders_bands_of_noise_by_their_distance():
    found = alike(
        "spectrum",
        noise(500),
        noise(500, seed=2),
        noise(700),
        noise(1000),
        noise(4000),
    )
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.9 > found[-1]


def test_spectrum_does_not_mind_the_envelope():
    steady, struck_once = white(), struck(0.3, attack_s=0.02)
    away = noise(300)
    same, other = alike("spectrum", steady, struck_once, away)
    assert same > other + 0.3


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=40, max_size=40),
    st.fixed_dictionaries({}, optional={n: st.floats(0.01, 9) for n in ("pitch", "loudness")}),
)
def test_likeness_is_a_number_whatever_is_missing(values, aspects):
    features = np.array(values, np.float32).reshape(2, -1)[:, : len(FEATURES)]
    features = np.pad(features, ((0, 0), (0, len(FEATURES) - features.shape[1])))
    features[:, :2] = np.abs(features[:, :2]) + np.array([1, 0], np.float32)  # Hz, and a share
    features[:, 1] = np.minimum(features[:, 1], 1.0)
    takes = Sounds(np.eye(2, dtype=np.float32), features)
    seen, _ = likeness([Sounds(takes.vectors[:1], features[:1])], [], takes, weights_of(aspects))
    assert np.isfinite(seen).all()
    assert seen.max() <= 1.0 + 1e-6
    assert seen[0] >= seen[1] - 1e-6


def test_weights_mix_aspects():
    takes = Sounds(
        np.array([[1, 0], [0.6, 0.8]], np.float32),
        np.concatenate([measured(tone(440)), measured(tone(220))]),
    )
    example = Sounds(np.array([[1, 0]], np.float32), measured(tone(220)))
    timbre = likeness([example], [], takes, weights_of({}))[0]
    both = likeness([example], [], takes, weights_of({"timbre": 3, "pitch": 1}))[0]
    np.testing.assert_allclose(timbre, [1.0, 0.6], atol=1e-6)
    np.testing.assert_allclose(both, [(3 + 1 / 16) / 4, (1.8 + 1) / 4], atol=0.01)
    away = likeness([], [example], takes, weights_of({}))[0]
    np.testing.assert_allclose(away, [-1.0, -0.6], atol=1e-6)


@pytest.mark.parametrize(
    ("aspects", "told"),
    [
        ({"Pitsch": 1}, "did you mean pitch?"),
        ({"x": 1}, "they are timbre, pitch, loudness, spectrum"),
        ({"pitch": float("nan")}, "a weight is 0 or a number above it"),
        ({"timbre": 0}, "set one above 0"),
    ],
)
def test_weights_that_are_none_are_told(aspects, told):
    with pytest.raises(LibraryError) as problem:
        weights_of(aspects)
    assert told in str(problem.value)


@given(st.dictionaries(st.sampled_from(["timbre", "pitch"]), st.floats(0, 1e6)))
def test_what_is_typed_is_read_back(aspects):
    assert read_aspects([f"{name}={weight!r}" for name, weight in aspects.items()]) == aspects


@pytest.fixture(scope="module")
def tones(tmp_path_factory):
    """Tones of one timbre (and vector), named by pitch; and hiss of nearly that vector."""
    folder = tmp_path_factory.mktemp("tones")
    files = []
    for number, (name, sound) in enumerate(
        [
            *((f"TOYMisc_Tone {hz:.0f}_D_T.wav", tone(hz)) for hz in HERTZ),
            ("hiss.wav", white()),
        ]
    ):
        one = described(name, [[1, 0.01 * number]])
        (take,) = one.asset.takes
        features = take_features(sound.astype(np.float32), RATE_HZ)
        takes = (replace(take, features=features),)
        files.append(replace(one, asset=replace(one.asset, takes=takes)))
    put_all(folder / "library.db", *files)
    with closing(open_catalogue(folder / "library.db")) as connection:
        yield connection


def names(result):
    return [hit.asset.path.partition("_Tone ")[2].partition("_")[0] for hit in result.hits]


def test_a_search_by_pitch_alone_orders_by_pitch(tones):
    like = ["TOYMisc_Tone 330_D_T.wav"]
    by_pitch = {"timbre": 0, "pitch": 1}
    # 330 Hz: 262 lies 4 semitones away, 440 5, 233 6, 220 7, 880 17.
    expected = ["262", "440", "233", "220", "880"]
    assert names(search(tones, "tone", like=like, aspects=by_pitch)) == expected
    assert (
        names(search(tones, "tone", like=like, aspects=by_pitch, limit=2, offset=1))
        == (expected[1:3])
    )
    two = [*like, "TOYMisc_Tone 880_D_T.wav"]
    assert names(search(tones, "tone", like=two, aspects=by_pitch))[0] == "262"
    turned = search(tones, "tone", like=two[:1], unlike=two[1:], aspects=by_pitch)
    assert "880" not in names(turned)
    assert names(search(tones, "catid:TOYMisc -233", like=like, aspects=by_pitch))[:2] == (
        ["262", "440"]
    )


def test_a_short_list_by_timbre_is_ranked_by_all_aspects(tones, monkeypatch):
    like, aspects = ["TOYMisc_Tone 220_D_T.wav"], {"timbre": 0.1, "pitch": 1}
    whole = names(search(tones, like=like, aspects=aspects))
    assert whole[0] == "233"
    monkeypatch.setattr(by_aspects, "_COMPARED_WHOLE", 3)
    assert names(search(tones, like=like, aspects=aspects)) == whole


def test_a_file_from_outside_is_measured_as_a_scan_would(tmp_path):
    quiet = np.zeros((RATE_HZ // 2, 1))
    path = write_sound(tmp_path / "a.wav", np.concatenate([quiet, tone(440), quiet]))
    (stretch,) = features_of_file(path, (0.5, 1.5))
    (whole,) = features_of_file(path, None)
    assert stretch[0] == pytest.approx(440, rel=0.01)
    assert whole[0] == pytest.approx(440, rel=0.01)
