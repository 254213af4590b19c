"""Networks that travel in the package, run by ONNX Runtime on the processor.

One thread each: a scan already runs a process on every core.
"""

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from library.spectra import Floats

MODELS = Path(__file__).parent / "models"

Run = Callable[[Mapping[str, Floats]], list[Floats]]


@lru_cache(maxsize=4)
def network(file_name: str) -> Run:
    """A network by the name of its file in `models`; loaded once a process."""
    # Its builds report to their maker by a thread of their own, which cannot be forked either.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Blocks come in batches of many sizes: an arena would keep room for the largest of each.
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(
        str(MODELS / file_name), options, providers=["CPUExecutionProvider"]
    )

    def run(inputs: Mapping[str, Floats]) -> list[Floats]:
        outputs: list[Floats] = session.run(None, dict(inputs))
        return outputs

    return run
