"""Fixtures that several test modules share."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

os.environ["HF_HUB_OFFLINE"] = "1"  # nothing may reach for a hub

import pytest
from hypothesis import settings
from model_cache import CACHE_DIR
from tiny_encoders import save_tiny_encoder
from tiny_models import ARCHITECTURES, save_tiny_model

from memeval.encoders import Encoder, load_encoder
from memeval.models import TextModel, load_model
from memeval.models.local import embedded
from memeval.models.local import minilm as embedded_encoder
from memeval.models.scripted import ScriptedModel
from memeval.trial import TRIAL

WITHOUT = str(Path(__file__).parent / "without")
sys.path.insert(0, WITHOUT)  # which the workers of a command take over
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (WITHOUT, os.getenv("PYTHONPATH"))))

settings.register_profile("any_machine", deadline=None)  # a busy one is no failure
settings.load_profile("any_machine")


class Finished(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def pandas(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return pandas, which is hidden otherwise."""
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder != WITHOUT])
    return pytest.importorskip("pandas")


@pytest.fixture
def scripted() -> ScriptedModel:
    """Return the shipped fake model."""
    return ScriptedModel()


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the test in an empty folder, as a user would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def memeval(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """Return a function that runs the command line in this process."""

    def run(*arguments: Any) -> Finished:
        from memeval.cli.app import main

        monkeypatch.setattr(sys, "argv", ["memeval", *map(str, arguments)])
        monkeypatch.setattr(TRIAL, "is_wanted", False)  # as it is again after the test
        monkeypatch.setattr(TRIAL, "verdict", lambda *_: None)  # a process for each import
        monkeypatch.setattr(TRIAL, "verdict_of_call", lambda *_: None)
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Finished(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a tiny random model of an architecture."""
    made: dict[str, Path] = {}

    def folder(architecture: str) -> Path:
        if architecture not in made:
            made[architecture] = tmp_path_factory.mktemp(architecture)
            save_tiny_model(architecture, made[architecture])
        return made[architecture]

    return folder


@pytest.fixture(scope="session", params=ARCHITECTURES)
def tiny_model(request: pytest.FixtureRequest, tiny_folder: Callable[[str], Path]) -> TextModel:
    """Return a tiny random model, one architecture after another."""
    return load_model(str(tiny_folder(request.param)), cache_dir=Path("unused"))


@pytest.fixture(scope="session")
def tiny_llama(tiny_folder: Callable[[str], Path]) -> TextModel:
    """Return a tiny random Llama."""
    return load_model(str(tiny_folder("llama")), cache_dir=Path("unused"))


@pytest.fixture(scope="session")
def smollm2() -> TextModel:
    """Return the embedded model, which `nox -s tests` fetches; a missing one fails in CI."""
    _check_fetched(embedded.folder_in(CACHE_DIR), "embedded")
    return load_model("smollm2", cache_dir=CACHE_DIR)


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """Return the embedded encoder, which `nox -s tests` fetches; a missing one fails in CI."""
    _check_fetched(embedded_encoder.folder_in(CACHE_DIR), "minilm")
    return load_encoder("minilm", cache_dir=CACHE_DIR, vector_cache=False)


def _check_fetched(folder: Path, module: str) -> None:
    if not folder.is_dir():
        message = f"it is not in the cache; run: python -m memeval.models.local.{module}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def tiny_encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny random encoder; tests that change it copy it first."""
    return save_tiny_encoder(tmp_path_factory.mktemp("tiny_encoder"))
