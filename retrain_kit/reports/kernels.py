"""Kernels: the processes that notebooks run in.

`kernel_manager` gives papermill the class that starts them. A kernel is this very interpreter, whatever is
registered on the machine. It is started anew, which takes seconds of imports, or it is a `WaitingKernel`: a
fork of a process that has loaded everything, and that becomes a kernel when it is told where to listen.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext

_INLINE = "module://matplotlib_inline.backend_inline"


class WaitingKernel:
    """A process, forked from this one, that waits to become the kernel of one notebook.

    It is made while this process has no second thread of Python, and used once: `free` says whether it still
    waits. To a kernel manager it looks like the `subprocess.Popen` of a kernel.

    Parameters
    ----------
    context
        What forks: `multiprocessing.get_context("fork")`.
    """

    stdin = stdout = stderr = None

    def __init__(self, context: ForkContext) -> None:
        listening, self._telling = context.Pipe(duplex=False)
        self._process = context.Process(target=_wait, args=(listening, self._telling))
        self._process.start()
        self.free = True
        listening.close()

    @property
    def pid(self) -> int | None:
        """The number of the process."""
        return self._process.pid

    def become(self, arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
        """Start the kernel, with the arguments of its command line."""
        self.free = False
        self._telling.send((arguments, cwd, environment))

    def close(self) -> None:
        """Let a process that was not needed go, and wait until it has ended."""
        self._telling.close()
        self._process.join()

    def poll(self) -> int | None:
        """Return how the process ended, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait for the end of the process, and return how it ended."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send the process a signal, unless it has ended."""
        if self.pid and self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


def _wait(listening: Connection, telling: Connection) -> None:
    """Wait to be told of a notebook, and be its kernel; return when no one is there who could tell."""
    telling.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        arguments, cwd, environment = listening.recv()
    except EOFError:
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    _be_a_kernel(arguments)


def _be_a_kernel(arguments: list[str]) -> None:
    """Do what `python -m ipykernel_launcher` does, in a process where libraries are loaded already."""
    import ipykernel_launcher  # type: ignore[import-untyped] # noqa: PLC0415 - what a new kernel has as its script
    import matplotlib as mpl  # noqa: PLC0415 - loaded already
    import numpy as np  # noqa: PLC0415 - the same
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - the same

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    np.random.seed()  # noqa: NPY002 - all forks would have one state
    mpl.use(os.environ.get("MPLBACKEND", _INLINE))  # it was loaded before this was a kernel
    IPKernelApp.launch_instance(arguments)


def kernel_manager(waiting: WaitingKernel | None = None) -> type:
    """Return a class of kernel managers whose kernels are this very interpreter.

    Parameters
    ----------
    waiting
        The process that becomes the first kernel. Without it, or when it is taken, kernels are started anew.
    """
    from ipykernel.kernelspec import get_kernel_dict  # noqa: PLC0415 - slow to load
    from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 - slow to load
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415 - slow to load

    class ThisInterpreter(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(**get_kernel_dict())

        async def start_kernel(self, **launch: Any) -> None:  # type: ignore[override] # noqa: ANN401 - handed on
            environment = {name: value for name, value in os.environ.items() if name != "FIFTYONE_CONTEXT"}
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            if waiting and waiting.free and self.provisioner is None:
                self.provisioner = _provisioner()(
                    kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self, waiting=waiting
                )
            await super().start_kernel(**launch | quiet | {"env": environment})

    return ThisInterpreter


def _provisioner() -> type:
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner  # noqa: PLC0415 - slow to load

    class WaitingProvisioner(LocalProvisioner):
        """Gives a notebook the kernel that waits; one that is started again is a new process."""

        def __init__(self, waiting: WaitingKernel, **parts: Any) -> None:  # noqa: ANN401 - handed on
            super().__init__(**parts)
            self._waiting = waiting

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:  # noqa: ANN401 - the base class's
            if not self._waiting.free:
                return await super().launch_kernel(cmd, **kwargs)
            self.cwd = str(kwargs.get("cwd") or Path.cwd())
            parent = f"--IPKernelApp.parent_handle={os.getpid()}"  # it ends when this process does
            self._waiting.become([*cmd[cmd.index("-f") :], parent], self.cwd, kwargs["env"])
            self.process = self._waiting  # type: ignore[assignment] # it has the methods that are used
            self.pid = self.pgid = self._waiting.pid
            return self.connection_info

    return WaitingProvisioner
