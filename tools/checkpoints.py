"""Weights out of PyTorch and TensorFlow checkpoints, without PyTorch or TensorFlow.

Nothing in the files is run: of a pickle only tensors and plain containers are accepted.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

Weights = dict[str, np.ndarray]

_TORCH_TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8", "DoubleStorage": "<f8"}
_TF_FLOAT = 1  # tensorflow/core/framework/types.proto: DT_FLOAT
_SSTABLE_MAGIC = bytes.fromhex("57fb808b247547db")


class _PassedOver:
    """Stands for what is not a weight."""

    def __init__(self, *_given: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...


def torch_weights(checkpoint: bytes) -> object:
    """What `torch.load` would give: containers as they are, tensors as arrays."""
    archive = zipfile.ZipFile(io.BytesIO(checkpoint))
    folder = archive.namelist()[0].split("/")[0]

    def tensor(storage, offset, size, stride, *_rest):
        kind, key = storage
        values = np.frombuffer(archive.read(f"{folder}/data/{key}"), _TORCH_TYPES[kind])
        strides = [step * values.itemsize for step in stride]
        return np.lib.stride_tricks.as_strided(values[offset:], size, strides).copy()

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            if name == "_rebuild_tensor_v2":
                return tensor
            if name in _TORCH_TYPES:
                return name
            if (module, name) == ("collections", "OrderedDict"):
                return OrderedDict
            if module.split(".")[0] in ("numpy", "_codecs"):
                return _PassedOver  # a score of the training beside the weights
            raise pickle.UnpicklingError(f"{module}.{name} has no business in a table of weights")

        def persistent_load(self, saved):
            return saved[1], saved[2]

    return Reader(io.BytesIO(archive.read(f"{folder}/data.pkl"))).load()


def tensorflow_weights(variables: Path) -> Weights:
    """Float variables of a SavedModel's `variables` folder, by their names in the graph."""
    index = (variables / "variables.index").read_bytes()
    data = (variables / "variables.data-00000-of-00001").read_bytes()
    if index[-8:] != _SSTABLE_MAGIC:
        raise ValueError(f"{variables}: variables.index is not a table")
    at = 0
    for _ in range(2):  # the handle of the meta index, which is passed over
        _, at = _varint(index[-48:], at)
    start, at = _varint(index[-48:], at)
    size, _ = _varint(index[-48:], at)
    found: Weights = {}
    for _, handle in _entries(index[start : start + size]):
        block_start, after = _varint(handle, 0)
        block_size, _ = _varint(handle, after)
        for key, value in _entries(index[block_start : block_start + block_size]):
            entry = _message(value)
            if key and entry.get(1) == [_TF_FLOAT]:
                shape = [_message(each).get(1, [0])[0] for each in _message(entry[2][0]).get(2, [])]
                count = int(np.prod(shape)) if shape else 1
                values = np.frombuffer(data, "<f4", count, entry.get(4, [0])[0])
                found[key.decode()] = values.reshape(shape)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return number, at


def _entries(block: bytes):
    """Keys and values of one block of a LevelDB table; keys share their beginnings."""
    end = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little")
    key, at = b"", 0
    while at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + length]
        at += own + length


def _message(data: bytes) -> dict[int, list]:
    """Fields of a protocol-buffer message by number."""
    fields: dict[int, list] = {}
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            width = {1: 8, 5: 4}[kind]
            value, at = data[at : at + width], at + width
        fields.setdefault(tag >> 3, []).append(value)
    return fields
