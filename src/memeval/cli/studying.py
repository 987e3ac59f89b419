"""What `--study` does: from a study to its cells, and the copy of it that a run keeps."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from memeval.cli import options
from memeval.models import model_name
from memeval.outside import shown
from memeval.study import NAME, SUFFIXES, Ablate, Measure, Request, Study, load_study, requests

if TYPE_CHECKING:
    from memeval.datasets.dataset import Dataset
    from memeval.matrix import Cell, Context
    from memeval.preset import Preset

Entry = TypeVar("Entry", Measure, Ablate)


def asked(
    name: str | None, presets: Sequence[str] | None, models: Sequence[str] | None, **beside: object
) -> Study | None:
    """Return the study that a command names, of the models that it names; None for presets.

    `beside` are the options that a study leaves no room for, by name.

    Raises:
        ConfigError: both or neither of presets and a study, an option beside a study, no such
            study, or a file that is not one.
    """
    from memeval.errors import ConfigError

    if bool(name) == bool(presets):
        raise ConfigError(
            f"what is run must be said by --preset or by --study, got {'both' if name else 'none'};"
            " give one of them"
        )
    if name is None:
        return None
    if given := [f"--{option}" for option, value in beside.items() if value]:
        raise ConfigError(
            f"a study says all that is run but its models, got {', '.join(given)} beside --study; "
            "leave it out, or write it into a study of your own"
        )
    study = load_study(name)
    return study.with_models(tuple(models)) if models else study


def planned(
    study: Study, context: "Context", *, force: bool, only_ablations: bool = False
) -> "list[Cell]":
    """Return the cells of a study, once none is found to have the name of something else there.

    Raises:
        ConfigError: what `study_cells` refuses, or the run has a cell's name with other overrides.
    """
    from memeval.matrix.configurations import check_ablated, check_kept

    cells = study_cells(study, only_ablations=only_ablations)
    check_kept(cells, context, force=force, remedy="its entry a variant: NAME")
    check_ablated(cells, context, force=force)
    return cells


def study_cells(study: Study, *, only_ablations: bool = False) -> "list[Cell]":
    """Return the cells that a study plans, each once.

    Raises:
        ConfigError: what `plan` and `variants` refuse, an entry that plans nothing, or a name that
            stands for two configurations.
    """
    from memeval.errors import ConfigError

    found: dict[tuple[object, ...], Cell] = {}
    named: dict[tuple[str, str], Cell] = {}
    for request in requests(study):
        if only_ablations and not request.is_ablation:
            continue
        for cell in _cells(request):
            found.setdefault((cell.preset.name, cell.model, cell.dataset), cell)
            _check_alike(named.setdefault((cell.preset.name, cell.model), cell), cell)
    if not found:
        raise ConfigError(
            "a study to be ablated must have entries below ablate, got none; add them, or run it "
            "with: memeval eval --study FILE"
        )
    return list(found.values())


def _cells(request: Request) -> "list[Cell]":
    from memeval.matrix import plan
    from memeval.matrix.variants import home_suites, variants
    from memeval.preset import load_preset, with_variant

    presets = [load_preset(name, request.overrides) for name in request.presets]
    if request.variant:
        presets = [with_variant(preset, request.variant) for preset in presets]
    parts: list[tuple[Sequence[Preset], Sequence[str]]]
    if request.is_ablation:
        parts = [
            (variants(p, request.knobs, request.sweep), request.suites or home_suites(p))
            for p in presets
        ]
    else:
        parts = [(presets, request.suites)]
    cells = []
    for several, suites in parts:
        what = (request.sizes, request.seeds, request.data)
        datasets = _datasets(suites, *what, is_ablation=request.is_ablation)
        cells += plan(several, request.models, datasets)
    return cells


def _datasets(
    suites: Sequence[str],
    sizes: Sequence[int],
    seeds: Sequence[int],
    data: Mapping[str, Any],
    *,
    is_ablation: bool,
) -> "list[Dataset]":
    """Return the datasets of suites; without sizes or seeds those that each suite takes."""
    from memeval.suites.choosing import ablation_datasets

    if is_ablation:
        return ablation_datasets(suites, sizes, seeds, data)
    return options.datasets(list(suites), list(sizes), list(seeds), data=data)


def _check_alike(first: "Cell", second: "Cell") -> None:
    from memeval.errors import ConfigError

    if first.preset != second.preset or first.preset.overrides != second.preset.overrides:
        raise ConfigError(
            f"a preset of a study must be planned in one way, got {first.name} with "
            f"{shown(first.preset.overrides)} and {second.name} with "
            f"{shown(second.preset.overrides)}; give the entry of the changed one a variant: NAME"
        )


def keep(study: Study, runs_dir: Path, *, force: bool) -> None:
    """Write the study into the folder of its run, with all names spelled out.

    A study that is there and differs in its models alone is given those of both.

    Raises:
        ConfigError: the run has another study, and is not forced to take this one.
    """
    from memeval.atomic import write_text
    from memeval.errors import ConfigError
    from memeval.study import as_text, study_of

    new = settled(study)
    old = None if force else study_of(runs_dir)
    if old is not None:
        models = {"models": tuple(dict.fromkeys((*old.models, *new.models)))}
        if old.model_copy(update=models) != new.model_copy(update=models):
            raise ConfigError(
                f"a run must have one study, got another than the one in {runs_dir / NAME}; give "
                "another --run, or --force to replace it"
            )
        new = new.model_copy(update=models)
    if new != old:
        write_text(runs_dir / NAME, as_text(new))


def settled(study: Study) -> Study:
    """Return a study with everything spelled out that otherwise memories and data tell.

    Presets are named as their cells are, ablations have suites and knobs, and data of one's own
    has its name, size and seed: what is kept is read where neither plugins nor data are at hand.
    """
    measure = [_named(part) for entry in study.measure for part in _by_data(study, entry)]
    ablate = [
        _named(part)
        for entry in study.ablate
        for single in _declared(entry)
        for part in _by_data(study, single)
    ]
    told = {
        "models": tuple(map(model_name, study.models)),
        "measure": tuple(measure),
        "ablate": tuple(ablate),
    }
    return study.model_copy(update={**told, "suites": (), "sizes": (), "seeds": ()})


def _declared(entry: Ablate) -> Iterator[Ablate]:
    """Yield an ablation of each memory, with the suites and knobs that it declares."""
    from memeval.matrix.variants import home_suites
    from memeval.preset import load_preset

    for name in entry.presets:
        preset = load_preset(name, entry.overrides)
        told = {
            "presets": (name,),
            "suites": entry.suites or tuple(home_suites(preset)),
            "knobs": entry.knobs or _declared_knobs(preset.memory) * (not entry.sweep),
        }
        yield entry.model_copy(update=told)


def _declared_knobs(memory: str) -> tuple[tuple[str, ...], ...]:
    from memeval.memories.contract import knob_groups
    from memeval.memories.kinds import memory_class

    return tuple(knob_groups(memory_class(memory)))


def _by_data(study: Study, entry: Entry) -> Iterator[Entry]:
    """Yield an entry whose suites need no looking up, and one for each dataset of any other."""
    from memeval.suites.choosing import sized_suites, suite_names

    named = entry.suites or study.suites
    sizes, seeds = entry.sizes or study.sizes, entry.seeds or study.seeds
    names, sized = suite_names(list(named)), sized_suites()
    plain = tuple(name for name in names if sizes and seeds and name in sized)
    if plain:
        yield entry.model_copy(update={"suites": plain, "sizes": sizes, "seeds": seeds})
    others = [name for name in names if name not in plain]
    is_ablation = isinstance(entry, Ablate)
    if not others:
        return
    for dataset in _datasets(others, sizes, seeds, entry.data, is_ablation=is_ablation):
        found = {"suites": (dataset.suite,), "sizes": (dataset.size,), "seeds": (dataset.seed,)}
        yield entry.model_copy(update=found)


def _named(entry: Entry) -> Entry:
    """Return an entry with the names that its cells have: of presets and models, not of files."""
    from memeval.preset import load_preset

    names = tuple(
        load_preset(name).name if name.endswith(SUFFIXES) else name for name in entry.presets
    )
    models = tuple(map(model_name, entry.models))
    return entry.model_copy(update={"presets": names, "models": models})
