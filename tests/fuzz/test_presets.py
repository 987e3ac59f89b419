"""Whatever a preset, a study or `--set` holds, it is used or refused in one sentence, at once."""

import functools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from mutating import mutated, time_limit

from memeval.errors import MemevalError
from memeval.memories.kinds import memory_class
from memeval.memories.params import check_params, nested, parameter_defaults
from memeval.preset import Preset, load_preset, parse_overrides, preset_names, presets_dir
from memeval.study import places, read_study, studies_dir

TRIES = 500  # of each of the four kinds
LONGEST = 4_000
"""Characters of a message: what was got is bounded, paths and lists of known names are not."""
SHIPPED = [(presets_dir() / f"{name}.yaml").read_bytes() for name in preset_names()]
STUDIES = [path.read_bytes() for path in sorted(studies_dir().glob("*.yaml"))]
MEMORIES = ["memory/hei_nw", "memory/sgc_rss", "memory/smpd", "memory/all", "baselines/rag"]
KNOBS = [
    key
    for name in MEMORIES
    for key in parameter_defaults(memory_class(load_preset(name).memory).Params)
]
KEYS = [
    *("reader.traces", "reader.kind", "reader.", "reader", "memory", "params", "name", "role"),
    *("gate", "gate.", ".gate", "..", "a.b.c", "", " ", "é", "\x1b[31m", "\u202e", "[/]", "0", "~"),
    *("x" * 10**4, "gate." * 10**3, "<<", "? ", "- ", "models", "seeds", "measure", "presets"),
]
SCALARS = (
    r"""
null|~|true|no|0|-1|1.5|1.0e+400|1e400|.inf|-.inf|.nan|0x_|0b2|0o9|1_000|190:20:30|2024-01-01
2024-13-45|2024-01-01 00:00:00 +99:99|!!int a|!!int 0x_|!!float x|!!binary abc|!!binary é|!!set {a}
!!omap [a: 1]|!!omap x|!!pairs [a: 1]|!!timestamp x|!!bool maybe|!!python/object:os.system x|!x y
!!null x|!!str|!!seq x|!!map x|&a [*a]|&a {b: *a}|*a|<<|=|{<<: x}|{<<: [1]}|{a: 1, a: 2}|a: b: c
{? [1]: 2}|{1: 2}|{null: 2}|{'': 2}|"\ud800"|"\0"|"\x1b[31m"|"\q"|'|"|[|{|]|,|#|%|@|`|!|&|*|- a|? x
[/]|é|~/x.yaml|x.py:Y|/|.|..|a/b|bm25|none|hei_nw|kv|text|baselines/rag|memory/hei_nw|--- a|%YAML 9
""".strip()
    .replace("\n", "|")
    .split("|")
)
LONG = ["", "9" * 25, "-" + "9" * 5000, "x" * 10**5, "[" * 200, "{a: " * 60, "- " * 100, "\u202e"]


def scalar(rng: random.Random) -> str:
    plain = ["true", "false", "3", "0.5"]
    return rng.choice(rng.choices((plain, SCALARS, LONG), (30, 65, 5))[0])


def value(rng: random.Random, depth: int = 3) -> str:
    """Return YAML in flow style, of this depth at most."""
    kind = rng.randrange(8) if depth else 0
    several = range(rng.randrange(4))
    if kind == 6:
        return "[" + ", ".join(value(rng, depth - 1) for _ in several) + "]"
    if kind == 7:
        return "{" + ", ".join(f"{key(rng)}: {value(rng, depth - 1)}" for _ in several) + "}"
    return scalar(rng)


def key(rng: random.Random) -> str:
    return rng.choice(KNOBS if rng.random() < 0.5 else KEYS)


def assignment(rng: random.Random) -> str:
    return f"{key(rng)}{rng.choice(('=', '=', '=', ' = ', ''))}{value(rng)}"


def table(rng: random.Random) -> str:
    """Return a preset that is right but for a line or two."""
    lines = [f"memory: {rng.choice(('hei_nw', 'smpd', 'bm25', value(rng)))}"]
    lines += [f"{key(rng)}: {value(rng)}" for _ in range(rng.randrange(2))]
    lines += [f"params:\n  {key(rng)}: {value(rng)}", f"reader: {value(rng)}"][: rng.randrange(3)]
    return "\n".join(lines)


def study(rng: random.Random) -> str:
    """Return a study that is right but for a value or two."""
    parts = {"models": "[scripted]", "suites": "[episodic]", "sizes": "[5]", "seeds": "[1]"}
    parts |= {"measure": f"[{{presets: [baselines/rag], set: {value(rng)}}}]"}
    parts |= {rng.choice([*parts, key(rng)]): value(rng) for _ in range(rng.randrange(1, 3))}
    return "\n".join(f"{name}: {said}" for name, said in parts.items())


@functools.cache
def class_of(memory: str) -> type:
    return memory_class(memory)


def check(preset: Preset) -> None:
    """Do what is done with a preset before anything runs."""
    check_params(preset.memory, class_of(preset.memory), nested(preset.params))


def from_set(rng: random.Random, path: Path) -> None:
    check(load_preset(rng.choice(MEMORIES), parse_overrides([assignment(rng)])))


def from_preset(rng: random.Random, path: Path) -> None:
    path.write_text(table(rng), "utf-8", "replace")
    check(load_preset(str(path)))


def from_damaged_preset(rng: random.Random, path: Path) -> None:
    path.write_bytes(mutated(rng.choice(SHIPPED), rng))
    check(load_preset(str(path)))


def from_study(rng: random.Random, path: Path) -> None:
    damaged, told = mutated(rng.choice(STUDIES), rng), study(rng).encode("utf-8", "replace")
    path.write_bytes(rng.choice((damaged, told, told)))
    places(read_study(path))


@pytest.mark.parametrize("use", [from_set, from_preset, from_damaged_preset, from_study])
def test_it_is_used_or_refused(use: Callable[[random.Random, Path], None], tmp_path: Path) -> None:
    """No other exception, no message without end, no hang; some of them are right."""
    told = []
    for seed in range(TRIES):
        rng = random.Random(f"{use.__name__} {seed}")
        try:
            with time_limit():
                use(rng, tmp_path / "mine.yaml")
        except MemevalError as error:
            told.append(str(error))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    assert max(map(len, told)) < LONGEST
    assert not any("\n" in one for one in told)
    assert TRIES / 10 < len(told) < TRIES
