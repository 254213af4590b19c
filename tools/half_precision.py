"""Store the weights of a network in half precision: half the size, computed in float32 as before.

    python tools/half_precision.py yamnet.onnx yamnet_fp16.onnx
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_SMALL = 64  # values; shapes and the like stay as they are


def half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Each large float32 weight becomes float16 with a cast behind it."""
    graph = model.graph
    casts, weights = [], []
    for weight in graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < _SMALL:
            weights.append(weight)
            continue
        short = numpy_helper.to_array(weight).astype(np.float16)
        weights.append(numpy_helper.from_array(short, f"{weight.name}_half"))
        casts.append(
            helper.make_node("Cast", [f"{weight.name}_half"], [weight.name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(weights)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    onnx.save(half(onnx.load(source)), target)
