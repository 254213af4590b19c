"""Describing on other machines: an existing Dask cluster in place of local processes."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from library import LibraryError


def cluster_executor(address: str) -> Callable[[], Executor]:
    """Makes executors that hand work to the scheduler at `address` ("tcp://host:8786").

    The workers need this package, and see the roots under the folders of the catalogue or
    of $DUBSTAGE_ROOTS in their own environment.

    Raises:
        LibraryError: Dask is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError:
        raise LibraryError(
            "a Dask cluster needs one more package: pip install 'dubstage[cluster]'"
        ) from None
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as problem:
        raise LibraryError(f"no Dask scheduler answers at {address}: {problem}") from None

    def new_executor() -> Executor:
        executor: Executor = client.get_executor()
        return executor

    return new_executor
