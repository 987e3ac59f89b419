"""A headless Chromium to look at pages with, spoken to over two pipes: no driver, no network."""

import json
import os
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "chrome-headless-shell")
PATIENCE_S = 120
"""How long a browser may say nothing, on a machine that is busy with something else."""


def find() -> str | None:
    """Return a browser: that of `MEMEVAL_BROWSER`, or one of the usual names."""
    named = os.environ.get("MEMEVAL_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page in a browser of its own, which speaks the DevTools protocol over fds 3 and 4."""

    def __init__(self, program: str, profile: Path) -> None:
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()

        def as_3_and_4() -> None:
            high = os.dup(child_in) + 50  # out of the way of 3 and 4 themselves
            os.dup2(child_in, high)
            os.dup2(child_out, high + 1)
            os.dup2(high, 3)
            os.dup2(high + 1, 4)

        self._process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=as_3_and_4, close_fds=False,  # noqa: PLW1509 - nothing else runs here
        )  # fmt: skip
        os.close(child_in)
        os.close(child_out)
        self._number = 0
        self._rest = b""
        self._session: str | None = None
        self.errors: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.call("Runtime.enable")
        self.call("Log.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result; complaints are kept meanwhile."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("method") in {"Runtime.exceptionThrown", "Log.entryAdded"}:
                self.errors.append(json.dumps(answer["params"]))
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            readable, _, _ = select.select([self._in], [], [], PATIENCE_S)
            part = os.read(self._in, 2**16) if readable else b""
            if not part:
                raise RuntimeError("the browser has gone")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def open(
        self,
        path: Path,
        *,
        width: int = 1200,
        height: int = 900,
        fragment: str = "",
        scheme: str = "light",
    ) -> None:
        """Load a page anew at a width in pixels, wait until it is there, and forget complaints."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
        self.call("Page.navigate", url="about:blank")  # else another fragment would load nothing
        self.errors.clear()
        self.call("Page.navigate", url=path.as_uri() + fragment)
        loaded = "location.protocol === 'file:' && performance.timing.loadEventEnd > 0"
        while not self.value(loaded):
            pass
        self.call("Page.resetNavigationHistory")  # no way back to what other tests saw

    def value(self, expression: str) -> Any:
        """Evaluate JavaScript on the page."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"])
        return done["result"].get("value")

    def draw(self) -> None:
        """Wait until what was asked for so far is seen: what is out of sight is not laid out."""
        frames = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
        self.call("Runtime.evaluate", expression=frames, awaitPromise=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the browser, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
