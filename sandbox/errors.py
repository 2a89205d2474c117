"""What can go wrong with a sandbox, each said in a plain sentence."""


class SandboxError(Exception):
    """The sandbox cannot start or go on; the message says why and what to do."""


class ProcessStoppedError(SandboxError):
    """A process ended, or did not become ready in time; the message carries the end of its log."""
