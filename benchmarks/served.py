"""The embedded model through a server of its own: equal answers, and what asking costs beside it.

python benchmarks/served.py --server transformers|vllm [--questions 30] [--requests 128] [--port N]

Starts the server, or takes one that runs, asks the same questions of the model in this process and
of its served copy, as text to be continued and as chats, and tells how many answers are equal. Of
those that differ it tells how much likelier the model in this process finds its own one: near 0
they are a tie, which rounding decides. Then sends requests, 32 under way at once, by plain HTTP and
by memeval, in turns; and tells both rates, and what share of the time memeval itself took.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from socket import socket

from memeval import load_memory
from memeval.cli import render
from memeval.config import ReaderOptions, Settings
from memeval.models import Chooses, Prompt, TextModel, load_model
from memeval.models.local.embedded import smollm2_folder
from memeval.reader import Reader
from memeval.suites.own import generate

AT_ONCE = 32
NEW_TOKENS = 16
TURNS = 4
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
    parser.add_argument("--port", type=int, help="of a server that runs already")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--requests", type=int, default=128, help="0 asks for no rates")
    chosen = parser.parse_args()
    folder = smollm2_folder(Settings().cache_dir)
    start = (
        nullcontext(chosen.port) if chosen.port else serving(chosen.server, chosen.python, folder)
    )
    with start as port, tempfile.TemporaryDirectory() as cache:
        name = f"openai:{folder}@http://127.0.0.1:{port}/v1"
        served = load_model(name, cache_dir=Path(cache), concurrency=AT_ONCE)
        local = load_model("smollm2", cache_dir=Settings().cache_dir)
        rows = [
            row
            for style in ("completion", "chat")
            for row in equal(local, served, style, chosen.questions)
        ]
        title = f"{chosen.server}, {type(served).__name__}"
        render.table(title, ("style", "equal answers", "one that differs", "served", "nats"), rows)
        if chosen.requests:
            rates(port, str(folder), served, chosen.requests)


def equal(local: TextModel, served: TextModel, style: str, count: int) -> list[tuple[str, ...]]:
    """Return how many questions get the same answer, and each that does not with both."""
    prompts, told = answers(local, style, count)
    _, others = answers(served, style, count)
    same = sum(one == other for one, other in zip(told, others, strict=True))
    return [
        (style, f"{same} of {count}", "", "", ""),
        *(
            (style, "", repr(one)[:30], repr(other)[:30], f"{apart(local, prompt, one, other):.2f}")
            for prompt, one, other in zip(prompts, told, others, strict=True)
            if one != other
        ),
    ]


def apart(local: TextModel, prompt: Prompt, one: str, other: str) -> float:
    """Return by how many nats a model finds an answer likelier than another one."""
    assert isinstance(local, Chooses)
    lead = "" if prompt.chat else " "
    [choice] = local.choose([prompt], [[lead + one, lead + other]])
    assert choice.log_likelihoods is not None
    mine, others = choice.log_likelihoods
    return mine - others


def answers(model: TextModel, style: str, count: int) -> tuple[list[Prompt], list[str]]:
    """Return what a model is asked, and answers, with the best of what BM25 finds."""
    session = generate("episodic", size=200, seed=7)
    options = ReaderOptions.model_validate({"kind": "text", "style": style, "traces": 3})
    reader = Reader(model, session.prompt, options)
    memory = load_memory("bm25")
    memory.observe(session.events)
    memory.replay()
    queries = [item.query for item in session.items[:count]]
    recalls = reader.cut(queries, memory.recall(queries))
    told = [one.error or one.text for one in reader.read(queries, recalls)]
    return reader.prompts(queries, recalls), told


def rates(port: int, model: str, served: TextModel, requests: int) -> None:
    """Print requests a second by plain HTTP and by memeval, and memeval's own share of the time."""
    by_http, by_memeval, own_s = 0.0, 0.0, 0.0
    for turn in range(-1, TURNS):  # the first one warms up
        texts = [f"{turn}.{i} NAME. Count on: one, two," for i in range(requests // TURNS)]
        plain = partial(by_plain_http, port, model, [t.replace("NAME", "http") for t in texts])
        prompts = [Prompt("", (), text.replace("NAME", "sdk")) for text in texts]
        first_s = plain() if turn % 2 else 0.0  # each is first in every other turn
        start, own = time.perf_counter(), time.process_time()
        told = served.generate(prompts, max_new_tokens=NEW_TOKENS, stop=())
        ours_s, ours_own_s = time.perf_counter() - start, time.process_time() - own
        assert not any(one.error for one in told)
        if turn >= 0:
            by_http += first_s or plain()
            by_memeval += ours_s
            own_s += ours_own_s
    render.table(
        f"{requests} requests, {AT_ONCE} at once",
        ("plain HTTP, requests/s", "memeval, requests/s", "ratio", "memeval's share of the time"),
        [
            (
                f"{requests / by_http:.2f}",
                f"{requests / by_memeval:.2f}",
                f"{by_http / by_memeval:.2f}",
                f"{own_s / by_memeval:.1%}",
            )
        ],
    )


def by_plain_http(port: int, model: str, texts: Sequence[str]) -> float:
    """Return the seconds that requests take as a load tool sends them."""
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(ask, port, model), texts))
    return time.perf_counter() - start


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
