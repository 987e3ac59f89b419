"""`memeval datasets`: build, verify and show the suites, and import chats."""

from typing import TYPE_CHECKING, Annotated

import typer

from memeval.cli import importing, options
from memeval.cli.help import Command

if TYPE_CHECKING:
    from memeval.datasets.validity import Fault

app = typer.Typer(
    help="Build, check and look at the datasets.", no_args_is_help=True, rich_markup_mode=None
)
app.command("import", cls=Command)(importing.import_)


@app.command(cls=Command)
def build(
    suite: options.Suites = ["all"],
    size: Annotated[
        list[int] | None, typer.Option(help="Items; default 50, 200, 1000.", metavar="N")
    ] = None,
    seed: Annotated[
        list[int] | None, typer.Option(help="Default 1337, 2025, 4242.", metavar="N")
    ] = None,
) -> None:
    """Build datasets and enter them into data/MANIFEST.json."""
    from memeval.cli import render
    from memeval.config import Settings
    from memeval.datasets.building import build_all
    from memeval.datasets.generated import Generated

    data_dir = Settings().data_dir
    chosen = dict.fromkeys(options.datasets(suite, size, seed, is_matrix=True))
    datasets = [dataset for dataset in chosen if isinstance(dataset, Generated)]
    with render.counted("datasets built", len(datasets)) as step:
        counts = build_all(datasets, on_done=step)
    rows = [
        tuple(map(str, (dataset.suite, dataset.size, dataset.seed, *count)))
        for dataset, count in zip(datasets, counts, strict=True)
    ]
    render.table("datasets built", ("suite", "size", "seed", "items", "events"), rows)
    render.line(f"listed in {data_dir / 'MANIFEST.json'}")


@app.command(cls=Command)
def verify(
    folders: Annotated[
        list[str] | None,
        typer.Argument(
            help="Folders of your own, or SUITE:PATH; default: all of data.", metavar="FOLDER"
        ),
    ] = None,
) -> None:
    """Hash every listed file and check that questions have one answer.

    Of a folder of your own, check that its lines are whole and fit together; of the files of a
    suite, count what they hold, what is left out, and what was mended or is wrong.
    """
    from memeval.cli import verifying
    from memeval.errors import DataError

    found = {name: verifying.verified(name) for name in folders or ()}
    found |= {} if folders else {name: (faults, None) for name, faults in _faults_of_all().items()}
    for name, (faults, held) in found.items():
        verifying.render(name, faults, held)
    if broken := [name for name, (faults, _) in found.items() if faults]:
        next_step = "mend them" if folders else "build them again with: memeval datasets build"
        raise DataError(
            f"datasets must pass every check, got faults in {', '.join(broken)}; {next_step}"
        )


def _faults_of_all() -> "dict[str, list[Fault]]":
    from memeval.cli import render
    from memeval.config import Settings
    from memeval.datasets.building import listed, verify

    data_dir = Settings().data_dir
    with render.counted("datasets verified", len(listed(data_dir))) as step:
        return verify(data_dir, on_done=step)


@app.command(cls=Command)
def show(
    suite: Annotated[
        str, typer.Argument(help="A suite, SUITE:PATH, or the path of a folder.", metavar="SUITE")
    ],
    count: Annotated[int, typer.Option("-n", min=1, help="Questions shown.", metavar="N")] = 3,
    size: Annotated[
        int | None, typer.Option(help="Items of the dataset; default 50.", metavar="N")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the dataset; default 1337.", metavar="N")
    ] = None,
) -> None:
    """Print questions with their passage; * marks the gold events."""
    from memeval.cli import showing_data
    from memeval.matrix.data import opened, opening
    from memeval.suites.choosing import dataset_named

    dataset = dataset_named(suite, size, seed)
    data = opened(dataset)
    with opening(dataset):  # sessions may be read only now
        showing_data.sessions(data.sessions, dataset.size, count)
