"""Facets suggested from sound: learnt from examples."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from library import LibraryError
from library.learn import feature_rows, learn

COLUMNS = ("centroid_hz", "decay_s", "peak_dbfs")


def examples(n_each=30, seed=3):
    rng = np.random.default_rng(seed)
    centres = {"gravel": (5000, 0.1, -12), "wood": (900, 0.2, -10), "snow": (2500, 0.4, -25)}
    rows, labels = [], []
    for surface, centre in centres.items():
        for _ in range(n_each):
            rows.append(np.array(centre) * rng.normal(1, 0.12, 3))
            labels.append({"surface": surface})
            if surface != "snow":
                labels[-1]["intensity"] = "hard" if rows[-1][2] > -11 else "soft"
    return np.array(rows), labels


def test_probabilities_are_those_of_scikit_learn():
    rows, labels = examples()
    model = learn(rows, labels, COLUMNS)
    standard = StandardScaler().fit_transform(rows)
    surfaces = [label["surface"] for label in labels]
    judge = LogisticRegression(max_iter=1000, class_weight="balanced").fit(standard, surfaces)
    shares = judge.predict_proba(standard)
    for suggestion, share in zip(model.suggest(rows), shares, strict=True):
        value, probability = suggestion["surface"]
        assert value == judge.classes_[share.argmax()]
        assert probability == pytest.approx(share.max(), abs=1e-6)


def test_sounds_not_heard_before_are_told_apart():
    model = learn(*examples(), COLUMNS)
    rows, labels = examples(seed=8)
    told = [suggestion["surface"][0] for suggestion in model.suggest(rows)]
    right = sum(value == label["surface"] for value, label in zip(told, labels, strict=True))
    assert right / len(rows) > 0.95
    assert set(model.facets) == {"surface", "intensity"}
    assert model.facets["intensity"].values == ("hard", "soft")


def test_a_missing_number_counts_as_the_mean():
    model = learn(*examples(), COLUMNS)
    with_mean = model.suggest([[5000, 0.1, model.means[2]]])
    assert model.suggest([[5000, 0.1, np.nan]]) == with_mean
    rows = feature_rows([{"centroid_hz": 5000.0, "decay_s": 0.1, "peak_dbfs": None}], COLUMNS)
    assert model.suggest(rows) == with_mean


def test_too_few_examples_are_said_to_be_too_few():
    with pytest.raises(LibraryError, match="at least two values with 3 corrected entries each"):
        learn([[1.0], [2.0]], [{"surface": "wood"}, {"surface": "snow"}], ["x"])
    with pytest.raises(LibraryError, match="nothing to learn from 0 entries"):
        learn(np.zeros((0, 1)), [], ["x"])


def test_what_does_not_fit_is_refused():
    model = learn(*examples(), COLUMNS)
    with pytest.raises(LibraryError, match=r"rows must be \(n, 3\), got shape \(1, 2\)"):
        model.suggest([[1, 2]])
    with pytest.raises(LibraryError, match="1 rows need as many labels, got 0"):
        learn([[1.0]], [], ["x"])
