"""Facets suggested from sound, as the user's own corrected entries teach them.

A logistic regression per facet (scikit-learn) learns from rows of numbers, features or
embeddings or both side by side. What it learnt are a few plain arrays, and suggesting is
arithmetic.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from library import LibraryError

Matrix = NDArray[np.float64]

_FEWEST_EXAMPLES = 3  # of a value: fewer teach its exceptions, not its sound


@dataclass(frozen=True)
class FacetClassifier:
    """What was learnt of one facet: a weight per value and column."""

    values: tuple[str, ...]
    weights: Matrix  # (n_values, n_columns), for standardised columns
    biases: Matrix  # (n_values,)
    n_examples: int


@dataclass(frozen=True)
class FacetModel:
    """What was learnt of all facets, and of the columns it was learnt from."""

    columns: tuple[str, ...]  # the names of the columns, to be given alike when asked
    means: Matrix  # (n_columns,); stands in for a number that is missing
    scales: Matrix
    facets: Mapping[str, FacetClassifier]

    def suggest(self, rows: ArrayLike) -> list[dict[str, tuple[str, float]]]:
        """For each row the likeliest value of each facet, with its probability.

        Args:
            rows: (n, n_columns), in the order of `columns`; NaN where a number is missing.

        Raises:
            LibraryError: not that many columns.
        """
        matrix = _checked(rows, len(self.columns))
        standard = (np.where(np.isfinite(matrix), matrix, self.means) - self.means) / self.scales
        suggestions: list[dict[str, tuple[str, float]]] = [{} for _ in matrix]
        for facet, learnt in self.facets.items():
            scores = standard @ learnt.weights.T + learnt.biases
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            shares = odds / odds.sum(axis=1, keepdims=True)
            for suggestion, share in zip(suggestions, shares, strict=True):
                best = int(share.argmax())
                suggestion[facet] = (learnt.values[best], float(share[best]))
        return suggestions


def learn(
    rows: ArrayLike,
    labels: Sequence[Mapping[str, str]],
    columns: Sequence[str],
    *,
    strictness: float = 1.0,
) -> FacetModel:
    """Learn every facet that the examples name often enough.

    Args:
        rows: (n, n_columns): features, embeddings or both; NaN where a number is missing.
        labels: per row the facets that are known of it; a facet may be left out.
        columns: the names of the columns.
        strictness: regularisation; above 1 trusts single columns less.

    Returns:
        A model of the facets of which two values or more have three examples each. The
        same examples in the same order give the same model.

    Raises:
        LibraryError: rows, labels and columns do not fit together, or no facet has enough.
    """
    matrix = _checked(rows, len(columns))
    if len(labels) != len(matrix):
        raise LibraryError(f"{len(matrix)} rows need as many labels, got {len(labels)}")
    taught = _taught(labels)
    if not taught:
        raise LibraryError(
            f"nothing to learn from {len(labels)} entries: a facet needs at least two values "
            f"with {_FEWEST_EXAMPLES} corrected entries each"
        )
    from sklearn.linear_model import LogisticRegression

    known = np.isfinite(matrix)
    means = np.where(known, matrix, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, matrix, means)
    scales = filled.std(axis=0)
    scales[scales < 1e-12] = 1.0
    standard = (filled - means) / scales
    facets: dict[str, FacetClassifier] = {}
    for facet, values in taught.items():
        chosen = [index for index, label in enumerate(labels) if label.get(facet) in values]
        fitted = LogisticRegression(C=1.0 / strictness, max_iter=1000, class_weight="balanced")
        fitted.fit(standard[chosen], [labels[index][facet] for index in chosen])
        weights, biases = fitted.coef_, fitted.intercept_
        if len(values) == 2:  # scikit-learn keeps one row for two values
            weights = np.concatenate([np.zeros_like(weights), weights])
            biases = np.concatenate([np.zeros_like(biases), biases])
        facets[facet] = FacetClassifier(tuple(values), weights, biases, len(chosen))
    return FacetModel(tuple(columns), means, scales, facets)


def _taught(labels: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Facet → its values with enough examples, where there are two or more."""
    taught = {}
    for facet in dict.fromkeys(facet for label in labels for facet in label):
        counted = Counter(label[facet] for label in labels if facet in label)
        values = sorted(value for value, count in counted.items() if count >= _FEWEST_EXAMPLES)
        if len(values) >= 2:
            taught[facet] = values
    return taught


def feature_rows(features: Sequence[Mapping[str, float | None]], columns: Sequence[str]) -> Matrix:
    """Features of takes as rows, (n, n_columns); NaN where a feature is None or not there."""
    rows = np.full((len(features), len(columns)), np.nan)
    for index, one in enumerate(features):
        for column, name in enumerate(columns):
            value = one.get(name)
            if value is not None:
                rows[index, column] = value
    return rows


def _checked(rows: ArrayLike, n_columns: int) -> Matrix:
    matrix = np.asarray(rows, np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != n_columns:
        raise LibraryError(f"rows must be (n, {n_columns}), got shape {matrix.shape}")
    return matrix
