"""Cells whose model is behind an address."""

import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from serving import SECRET, Served, serving

from memeval.results import ItemRecord, as_records, read_cell

pytest.importorskip("openai")
CONTEXT = cache(ssl.create_default_context)
CELL = ("eval", "--preset", "baselines/oracle", "--suite", "episodic", "--seed", "7", "--run", "r")

PATIENCE_S = 120
WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers", "accelerate"):
    sys.modules[name] = None  # whoever imports it fails
from memeval.cli.app import main
sys.argv = ["memeval", *sys.argv[1:]]
main()
"""


@pytest.fixture
def served(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr(ssl, "create_default_context", CONTEXT)
    monkeypatch.setenv("MEMEVAL_CACHE_DIR", str(workplace / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with serving(key=SECRET) as served:
        yield served


def found(workplace: Path) -> Any:
    [metrics] = (workplace / "runs" / "r").rglob("metrics.json")
    return read_cell(metrics.parent)


def records(workplace: Path) -> list[ItemRecord]:
    [table] = (workplace / "runs" / "r").rglob("items.parquet")
    return as_records(pq.read_table(table))


def test_a_served_cell_is_measured(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """Its meta.json says where the model is, its metrics what the calls were."""
    done = memeval(*CELL, "--limit", "6", "--model", served.name)
    assert done.code == 0
    assert f"{served.name} tells no log-probabilities: it tells none" in " ".join(done.out.split())
    cell = found(workplace)
    assert cell.meta["model"]["address"] == served.url
    assert cell.meta["model"]["log_probabilities"].startswith("none: it tells none")
    assert cell.metrics["errors"] == 0
    assert cell.metrics["usage"]["answer"]["calls"] == 6
    assert cell.metrics["usage"]["answer"]["prompt_tokens"] == 6 * 7
    assert cell.metrics["latency_ms_p99"] >= cell.metrics["latency_ms_p50"] > 0


def test_no_file_holds_the_key(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """Neither of a run that went well, nor of one whose server repeats the key in its errors."""
    served.reply = lambda _: f"key {SECRET}"
    assert memeval(*CELL, "--limit", "2", "--model", served.name).code == 0
    served.always = "400"
    done = memeval(*CELL, "--limit", "3", "--model", served.name, "--run", "s")
    assert done.code == 1
    files = [path for path in workplace.rglob("*") if path.is_file()]
    assert any(path.name == "failure.txt" for path in files)
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert SECRET not in done.out + done.err


def test_a_wrong_key_is_one_sentence(
    memeval: Callable[..., Any], served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends the command as a wrong setting does, and is not shown."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-quite-another")
    done = memeval(*CELL, "--limit", "2", "--model", served.name)
    assert done.code == 2
    assert "must accept the key in OPENAI_API_KEY, got the wrong one" in done.err
    assert "sk-quite-another" not in done.out + done.err


def test_errors_are_neither_right_nor_wrong(
    memeval: Callable[..., Any], served: Served, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The score of a cell with an error is the mean over the items that were answered."""
    monkeypatch.setattr("memeval.matrix.failures.MOST_ERRORS", 0.5)
    limited = (*CELL, "--limit", "6", "--model", served.name, "--concurrency", "1")
    served.faults = ["400"]
    assert memeval(*limited).code == 0
    cell = found(workplace)
    [lost] = [record for record in records(workplace) if record.error]
    assert set(lost.scores.values()) == {None}
    assert (lost.abstained, lost.lost) == (False, None)
    scored = [r.scores["exact_match"] for r in records(workplace) if r.answerable and not r.error]
    assert cell.metrics["exact_match"] == sum(filter(None, scored)) / len(scored)
    assert cell.metrics["errors"] == cell.metrics["usage"]["answer"]["failures"] == 1


def test_too_many_errors_fail_the_cell_and_cost_nothing_twice(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """More than one in fifty fail it; the next command asks for those alone."""
    limited = (*CELL, "--limit", "6", "--model", served.name, "--concurrency", "1")
    served.faults = ["400", "400"]
    failed = memeval(*limited)
    assert failed.code == 1
    assert "all but 2% of a cell's items, got no answer to 2 of 6" in failed.out
    assert len(served.bodies()) == 6
    assert memeval(*limited).code == 0
    assert len(served.bodies()) == 8
    assert found(workplace).metrics["errors"] == 0


def test_what_was_answered_before_a_kill_is_not_paid_for_again(
    memeval: Callable[..., Any], served: Served
) -> None:
    """A run that is killed at its fourth request goes on with it: six items cost six answers."""
    limited = (*CELL, "--limit", "6", "--model", served.name, "--concurrency", "1")
    served.faults = ["", "", "", "hold"]
    with subprocess.Popen([sys.executable, "-c", WITHOUT_TORCH, *limited]) as running:
        try:
            assert served.held.wait(PATIENCE_S)
        finally:
            running.kill()
    assert running.returncode == -signal.SIGKILL
    assert served.answered == 3
    assert memeval(*limited).code == 0
    assert served.answered == 6
    assert len(served.bodies()) == 7


def test_a_chat_is_told_the_examples_as_turns(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """Instruction, worked examples and question are messages, and the record shows them all."""
    done = memeval(*CELL, "--limit", "1", "--model", served.name, "--prompt-style", "chat")
    assert done.code == 0
    [body] = served.bodies("/chat/completions")
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["system", *(len(roles) // 2 - 1) * ["user", "assistant"], "user"]
    [record] = records(workplace)
    assert all(message["content"] in record.prompt for message in body["messages"])


def test_a_walk_is_decided_by_letters(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """A model that tells no likelihoods walks all the same."""
    served.reply = lambda _: "A"
    walked = ("eval", "--preset", "baselines/oracle", "--suite", "spatial", "--seed", "7")
    done = memeval(*walked, "--run", "r", "--limit", "2", "--model", served.name)
    assert done.code == 0
    assert found(workplace).metrics["usage"]["answer"]["calls"] > 2


def test_a_walk_without_an_answer_is_an_error(
    memeval: Callable[..., Any], served: Served, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walker whose model does not answer stops, and is not scored."""
    monkeypatch.setattr("memeval.matrix.failures.MOST_ERRORS", 1.0)
    served.always = "400"
    walked = ("eval", "--preset", "baselines/oracle", "--suite", "spatial", "--seed", "7")
    memeval(*walked, "--run", "r", "--limit", "2", "--model", served.name)
    cell = found(workplace)
    assert cell.metrics["errors"] == 2
    assert cell.metrics["navigation"]["success"] is None


def test_what_a_served_model_cannot_do_is_said_before_anything_runs(
    memeval: Callable[..., Any], served: Served
) -> None:
    """A memory that wants word vectors is refused by the plan, which says what to do."""
    told = ("--preset", "memory/hei_nw", "--suite", "episodic", "--model", served.name)
    done = memeval("eval", *told, "--dry-run")
    assert done.code == 2
    assert "got one without tokenize, word_vectors; give another --model or --memory" in done.err
    assert memeval("eval", *told, "--memory-model", "scripted", "--dry-run").code == 0


def test_a_memory_may_have_a_model_of_its_own(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """It reads events with a local one, and the served one answers; another one is another cell."""
    told = ("eval", "--preset", "memory/hei_nw", "--suite", "episodic", "--seed", "7")
    told = (*told, "--limit", "2", "--run", "r", "--encoder", "none", "--model", served.name)
    assert memeval(*told, "--memory-model", "scripted").code == 0
    assert found(workplace).meta["config"]["model"] == "scripted"
    assert "memory's model" in found(workplace).meta["identity_parts"]
    assert len(served.bodies()) == 2


def test_a_model_that_no_memory_reads_with_is_refused(
    memeval: Callable[..., Any], served: Served
) -> None:
    """It would be named and never used."""
    done = memeval(*CELL, "--model", served.name, "--memory-model", "scripted")
    assert done.code == 2
    assert "leave --memory-model out" in done.err


def test_a_served_encoder_is_used(
    memeval: Callable[..., Any], served: Served, workplace: Path
) -> None:
    """Vectors come from the endpoint, one a text and in order, and are of length 1."""
    dense = ("eval", "--preset", "baselines/dense", "--suite", "episodic", "--seed", "7")
    told = ("--run", "r", "--limit", "2", "--model", "scripted", "--encoder", served.name)
    assert memeval(*dense, *told).code == 0
    texts = [text for body in served.bodies("/embeddings") for text in body["input"]]
    asked = texts[2:]  # the first two were to know the width
    assert len(asked) == len(set(asked)) > 2


def test_a_served_run_needs_no_torch(served: Served, workplace: Path) -> None:
    """A machine on which torch cannot be imported measures a served model."""
    told = [*CELL, "--limit", "2", "--model", served.name]
    command = [sys.executable, "-c", WITHOUT_TORCH, *told]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert found(workplace).metrics["n"] == 2
