"""Describing on other machines: an existing Dask cluster in place of local processes."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from library import LibraryError

P = ParamSpec("P")
T = TypeVar("T")


class Cluster:
    """A Dask cluster, by the address of its scheduler.

    Its workers need this package, and see the roots under the folders of the catalogue or
    of $DUBSTAGE_ROOTS in their own environment.
    """

    def __init__(self, address: str) -> None:
        """Args: address: "tcp://host:8786".

        Raises:
            LibraryError: Dask is not installed, nobody answers, or there are no workers.
        """
        try:
            from distributed import Client
        except ImportError:
            raise LibraryError(
                "a Dask cluster needs one more package: pip install 'dubstage[cluster]'"
            ) from None
        try:
            self._client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
            self._client.wait_for_workers(1, timeout=30)
        except (OSError, ValueError) as problem:
            raise LibraryError(f"no Dask scheduler answers at {address}: {problem}") from None

    @property
    def workers(self) -> int:
        """Batches that it works on at once."""
        return int(sum(self._client.nthreads().values()))

    def new_executor(self) -> Executor:
        """An executor of this cluster."""
        return _ClusterExecutor(self._client)

    def close(self) -> None:
        """Take leave of the scheduler."""
        self._client.close()


class _ClusterExecutor(Executor):
    """Dask's own executor, which does not know `cancel_futures`."""

    def __init__(self, client: Any) -> None:
        self._inner = client.get_executor(pure=False)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = self._inner.submit(fn, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._inner.shutdown(wait=wait and not cancel_futures)
