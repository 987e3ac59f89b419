"""What a model's name stands for, before anything is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from memeval.errors import ModelError
from memeval.matrix.cells import slug
from memeval.models import check_model, local_path, model_name, whereabouts


@pytest.fixture(autouse=True)
def home(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder that is the user's home as well, with a model's folder in it."""
    monkeypatch.setenv("HOME", str(workplace))
    (workplace / "tiny").mkdir()
    (workplace / "tiny.gguf").write_bytes(b"GGUF")
    return workplace


WAYS = ["tiny", "./tiny", "tiny/", "./tiny/", "{}/tiny", "~/tiny", "tiny/../tiny", ".//tiny"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("end", ["", ".gguf"])
def test_a_path_is_one_model_however_it_is_written(home: Path, way: str, end: str) -> None:
    """One name, so that its cells are one model's, and one folder for them."""
    written = way.format(home)
    written = written.rstrip("/") + end if end else written
    assert model_name(written) == f"tiny{end}"
    assert slug(written) == slug(f"./tiny{end}")


def test_a_model_elsewhere_is_named_by_its_whole_path(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Seen from another folder it has the same folder for its cells."""
    other = tmp_path_factory.mktemp("other")
    assert model_name(str(other)) == str(other)
    assert model_name(".") == str(home)
    assert slug(".") == slug(str(home))


def test_what_it_is_goes_registered_path_hub(home: Path) -> None:
    """A registered model goes before a folder of its name, a folder before a hub id."""
    (home / "scripted").mkdir()
    (home / "org/name").mkdir(parents=True)
    assert local_path("scripted") is None
    assert model_name("./scripted") == "./scripted"
    assert local_path("org/name") == Path("org/name")
    assert local_path("org/other") == Path("org/other")
    assert local_path("hub/name") is None
    assert slug("hub/name") == "hub--name"


@pytest.mark.parametrize(
    "name",
    [
        "./nothing",
        "/x/y",
        "~/nothing",
        "a/b/c",
        "nothing/",
        "../nothing",
        "./a\0",
        "./" + "a" * 300,
    ],
)
def test_a_path_that_leads_nowhere_is_no_such_folder(name: str) -> None:
    """Whatever says that it is a path: a dot, a slash, a tilde, or more parts than a hub id has."""
    with pytest.raises(ModelError, match=r"got no such folder: '.*check the path$"):
        check_model(name)


def test_a_name_below_a_folder_that_is_here_is_a_path(home: Path) -> None:
    """`models/none` is mistyped where there are models; the Hub is not asked for minutes."""
    (home / "models").mkdir()
    with pytest.raises(ModelError, match=r"got no such folder: 'models/none'; check the path$"):
        check_model("models/none")
    check_model("hub/none")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing.gguf", "a .gguf model must be a file that is there, got no such file: 'noth"),
        ("./notes.txt", "must lead to a folder or a .gguf file, got a file: './notes.txt'"),
        ("notes.gguf", "a .gguf file must begin with b'GGUF', got b'note' in 'notes.gguf'"),
        ("tiny", "a model folder must hold a config.json, got 'tiny' with none"),
        ("a" * 300, "a model must be a file, a folder or a hub id, got 'aaa"),
        ("what is it", "a model must be a file, a folder or a hub id, got 'what is it'"),
        ("smolm2", "did you mean smollm2"),
    ],
)
def test_what_cannot_be_a_model_is_one_sentence(home: Path, name: str, told: str) -> None:
    """The rule, what was got, the next step; nothing is loaded to know."""
    for file in ("notes.txt", "notes.gguf"):
        (home / file).write_text("notes")
    with pytest.raises(ModelError) as raised:
        check_model(name)
    assert told in str(raised.value)
    assert "; " in str(raised.value)


def test_a_folder_needs_configuration_and_weights(tiny_folder: Callable[[str], Path]) -> None:
    """One that was saved by transformers has both."""
    check_model(str(tiny_folder("llama")))
    check_model("org/name-that-a-hub-may-have")


def test_it_is_told_whether_a_hubs_model_is_here(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the cache with weights, or to be fetched, or out of reach; nothing is fetched to know."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    assert whereabouts("org/name") == "no folder here; needs a download from the Hub, not checked"
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert whereabouts("org/name").startswith("no folder here, not in the Hub's cache, and HF_HUB")
    cache = home / "models--org--name"
    (cache / "snapshots/abc").mkdir(parents=True)
    (cache / "refs").mkdir()
    (cache / "refs/main").write_text("abc")
    (cache / "snapshots/abc/config.json").write_text("{}")
    assert whereabouts("org/name").startswith("no folder here")
    (cache / "snapshots/abc/model.safetensors").write_bytes(b"")
    assert whereabouts("org/name") == "in the Hub's cache, weights not read"
    (home / "org").mkdir()
    assert local_path("org/name") is None
