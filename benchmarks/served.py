"""The embedded model through a server of its own: equal answers, and what asking costs beside it.

python benchmarks/served.py --server transformers|vllm [--questions 30] [--requests 96]

Starts the server, asks the same questions of the model in this process and of its served copy, as
text to be continued and as chats, and tells how many answers are equal. Then sends requests, 32
under way at once, by plain HTTP and by memeval, in turns; and tells both rates, and what share of
the time memeval itself took.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from memeval import load_memory
from memeval.cli import render
from memeval.config import ReaderOptions, Settings
from memeval.models import Prompt, TextModel, load_model
from memeval.models.local.embedded import smollm2_folder
from memeval.reader import Reader
from memeval.suites.own import generate

AT_ONCE = 32
NEW_TOKENS = 16
PATIENCE_S = 1800
COMMANDS = {
    "transformers": ("transformers.cli.transformers", "serve", "{model}", "--port", "{port}"),
    "vllm": ("vllm.entrypoints.openai.api_server", "--model", "{model}", "--port", "{port}",
             "--dtype", "float32", "--max-model-len", "2048", "--enforce-eager"),
}  # fmt: skip
TRANSFORMERS = "from transformers.cli.transformers import main; main()"


def main() -> None:
    """Print shares of equal answers, and rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=COMMANDS, required=True)
    parser.add_argument("--python", default=sys.executable, help="of the server")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--requests", type=int, default=96)
    chosen = parser.parse_args()
    folder = smollm2_folder(Settings().cache_dir)
    with serving(chosen.server, chosen.python, folder) as port, tempfile.TemporaryDirectory() as d:
        name = f"openai:{folder}@http://127.0.0.1:{port}/v1"
        served = load_model(name, cache_dir=Path(d))
        rows = [
            equal(load_model("smollm2", cache_dir=Settings().cache_dir), d, name, style, chosen)
            for style in ("completion", "chat")
        ]
        title = f"{chosen.server}, {type(served).__name__}"
        render.table(title, ("style", "equal answers", "first that differs", "and served"), rows)
        rates(port, str(folder), Path(d), name, chosen.requests)


def equal(
    local: TextModel, cache: str, name: str, style: str, chosen: argparse.Namespace
) -> tuple[str, ...]:
    """Return how many questions get the same answer, and the first that does not."""
    served = load_model(name, cache_dir=Path(cache), concurrency=8)
    told = [answers(model, style, chosen.questions) for model in (local, served)]
    pairs = list(zip(*told, strict=True))
    other = next(((a, b) for a, b in pairs if a != b), ("-", "-"))
    same = sum(a == b for a, b in pairs)
    return style, f"{same} of {len(pairs)}", *(repr(one)[:40] for one in other)


def answers(model: TextModel, style: str, count: int) -> list[str]:
    """Return what a model answers with the best of what BM25 finds."""
    session = generate("episodic", size=200, seed=7)
    options = ReaderOptions.model_validate({"kind": "text", "style": style, "traces": 3})
    reader = Reader(model, session.prompt, options)
    memory = load_memory("bm25")
    memory.observe(session.events)
    memory.replay()
    queries = [item.query for item in session.items[:count]]
    recalls = reader.cut(queries, memory.recall(queries))
    return [one.error or one.text for one in reader.read(queries, recalls)]


def rates(port: int, model: str, cache: Path, name: str, requests: int) -> None:
    """Print requests a second by plain HTTP and by memeval, and memeval's own share of the time."""
    plain = [f"Plain request {i}. Count on: one, two," for i in range(requests)]
    ours = [f"Other request {i}. Count on: one, two," for i in range(requests)]
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda text: ask(port, model, text), plain))
    plain_s = time.perf_counter() - start
    asked = load_model(name, cache_dir=cache, concurrency=AT_ONCE)
    start, own = time.perf_counter(), time.process_time()
    told = asked.generate(
        [Prompt("", (), text) for text in ours], max_new_tokens=NEW_TOKENS, stop=()
    )
    ours_s, own_s = time.perf_counter() - start, time.process_time() - own
    assert not any(one.error for one in told)
    render.table(
        f"{requests} requests, {AT_ONCE} at once",
        (
            "plain HTTP, requests/s",
            "memeval, requests/s",
            "ratio",
            "memeval's own share of the time",
        ),
        [
            (
                f"{requests / plain_s:.2f}",
                f"{requests / ours_s:.2f}",
                f"{plain_s / ours_s:.2f}",
                f"{own_s / ours_s:.1%}",
            )
        ],
    )


def ask(port: int, model: str, text: str) -> None:
    """Send one request as a load tool does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    body = {"model": model, "prompt": text, "max_tokens": NEW_TOKENS, "temperature": 0}
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/completions", json.dumps(body), headers)
    reply = connection.getresponse()
    assert reply.status == http.HTTPStatus.OK, reply.read()
    reply.read()
    connection.close()


@contextmanager
def serving(server: str, python: str, folder: Path) -> Iterator[int]:
    """Run a server until the block ends; yield its port once it answers."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module, *rest = COMMANDS[server]
    told = [part.format(model=folder, port=port) for part in rest]
    start = ["-c", TRANSFORMERS] if server == "transformers" else ["-m", module]
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen([python, *start, *told], stdout=log, stderr=log)
        try:
            wait_for(port, running)
            yield port
        finally:
            running.terminate()
            try:
                running.wait(timeout=60)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    """Return once a server says that it is well."""
    for _ in range(PATIENCE_S):
        assert running.poll() is None, f"the server ended with {running.returncode}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(1)
    raise TimeoutError("the server did not come up")


if __name__ == "__main__":
    main()
