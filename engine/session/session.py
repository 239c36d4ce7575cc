"""The session: the worker in a thread of its own."""

from __future__ import annotations

import queue
import threading
import traceback

import numpy as np

from engine.session.messages import Message
from engine.session.snapshot import Mailbox, Reply, Snapshot
from engine.session.worker import Worker


class Session:
    """Starts the worker thread; ``close`` ends it. ``send`` never blocks, ``take`` never waits."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="axon-worker", daemon=True)
        self._thread.start()

    def send(self, message: Message) -> None:
        """Hand a message to the worker; they are obeyed in order."""
        self._messages.put(message)

    def take(self) -> tuple[Snapshot | None, list[Reply], list[str]]:
        """The newest snapshot (if there is one since the last time), replies and notices."""
        return self.mailbox.take()

    def close(self, timeout: float = 5.0) -> bool:
        """End the thread after the present chunk; whether it ended in time."""
        self._messages.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _live(self) -> None:
        np.seterr(over="ignore", under="ignore", divide="ignore", invalid="ignore")
        worker = Worker(self.mailbox)
        pause = 1.0
        while True:
            try:
                message = self._messages.get(timeout=pause) if pause > 0 else self._messages.get_nowait()
                while True:
                    if message is None:
                        return
                    self._guarded(worker, message)
                    message = self._messages.get_nowait()
            except queue.Empty:
                pass
            try:
                pause = min(worker.work(), worker.publish())
            except Exception:
                worker.running = False
                self._stumbled()
                pause = 1.0

    def _guarded(self, worker: Worker, message: Message) -> None:
        try:
            worker.obey(message)
        except Exception:
            worker.running = False
            self._stumbled()

    def _stumbled(self) -> None:
        last = traceback.format_exc().strip().splitlines()[-1]
        self.mailbox.notify(f"Training was stopped by an error in Axon ({last}). Your network is unharmed.")
        traceback.print_exc()
