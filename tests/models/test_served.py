"""Models behind an address: what is asked, kept, tried again, and told when it fails."""

import re
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from serving import MODEL, SECRET, Served, serving

from memeval.config import ReaderOptions
from memeval.errors import ModelError
from memeval.models import Chooses, Message, Prompt, Surprises, TextModel, load_model
from memeval.models.served.address import read_address
from memeval.reader import Reader
from memeval.testing.model import ModelContract
from memeval.types import Query, Recall

openai = pytest.importorskip("openai")
CONTEXT = cache(ssl.create_default_context)
"""To make one is most of what loading takes, and no server of the tests is asked for one."""
PROMPT = Prompt("Notes:\n", ("- The toy is red.\n",), "Question: What colour?\nAnswer:")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.001)
    monkeypatch.setattr(ssl, "create_default_context", CONTEXT)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as served:
        yield served


def loaded(served: Served, cache_dir: Path, **options: int) -> TextModel:
    return load_model(served.name, cache_dir=cache_dir, **options)


def answer(model: TextModel, *prompts: Prompt) -> list[str]:
    asked = list(prompts or [PROMPT])
    return [one.text for one in model.generate(asked, max_new_tokens=8, stop=["\n"])]


class TestServed(ModelContract):
    """The contract of every model, kept by one that is served."""

    name = "served"

    def loaded(self, name: str) -> TextModel:
        return self._model

    @pytest.fixture(autouse=True)
    def _serve(self, tmp_path: Path) -> Iterator[None]:
        with serving() as served:
            self._model = loaded(served, tmp_path)
            yield


class TestServedWithScores(TestServed):
    """The same of one whose endpoint tells log-probabilities."""

    @pytest.fixture(autouse=True)
    def _serve(self, tmp_path: Path) -> Iterator[None]:
        with serving(scores=True) as served:
            self._model = loaded(served, tmp_path)
            yield


def test_a_completion_is_sent_as_it_stands(served: Served, tmp_path: Path) -> None:
    """The server is given the prompt's whole text, the limit, the stops, and temperature 0."""
    assert answer(loaded(served, tmp_path)) == ["red"]
    [body] = served.bodies()
    assert body == {
        "model": MODEL,
        "prompt": PROMPT.text,
        "max_tokens": 8,
        "temperature": 0,
        "stop": ["\n"],
    }


def test_white_space_before_an_answer_is_not_its_end(served: Served, tmp_path: Path) -> None:
    """A server stops there; it is asked without the stop then, and both requests are paid for."""
    served.reply = lambda body: "" if "stop" in body else "\n red\nand more"
    [one] = loaded(served, tmp_path).generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert (one.text, one.prompt_tokens, one.generated_tokens) == ("red", 2 * 7, 2 * 3)
    assert one.reused_tokens is None


def test_turns_are_sent_as_messages(served: Served, tmp_path: Path) -> None:
    """A prompt with turns is a chat whose last message holds notes and question."""
    turns = (Message("system", "Be brief."), Message("user", "Who?"), Message("assistant", "Ann"))
    prompt = Prompt("Notes:\n", PROMPT.memory, "What colour?", chat=True, turns=turns)
    assert answer(loaded(served, tmp_path), prompt) == ["red"]
    [body] = served.bodies("/chat/completions")
    assert [one["role"] for one in body["messages"]] == ["system", "user", "assistant", "user"]
    assert body["messages"][-1]["content"] == prompt.text


@pytest.mark.parametrize("fault", ["429", "500", "503", "half", "empty", "close"])
def test_what_passes_is_asked_again(fault: str, served: Served, tmp_path: Path) -> None:
    """One failure that may pass costs no answer."""
    model = loaded(served, tmp_path)
    served.faults = [fault]
    assert answer(model) == ["red"]
    assert len(served.bodies()) == 2


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("500", "got 500"),
        ("400", "got 400"),
        ("half", "got no JSON"),
        ("empty", "got no choice"),
        ("close", "must be there"),
    ],
)
def test_what_stays_is_an_error_of_its_prompt(
    fault: str, told: str, served: Served, tmp_path: Path
) -> None:
    """A prompt that gets no answer has an error, and no text that could be scored."""
    model = loaded(served, tmp_path)
    served.always = fault
    [one] = model.generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert one.text == ""
    assert told in str(one.error)
    assert one.prompt_tokens is None


def test_a_slow_server_is_told_of(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not answered in time is an error that names the setting."""
    monkeypatch.setenv("MEMEVAL_REQUEST_TIMEOUT_S", "0.05")
    monkeypatch.setattr("memeval.models.served.endpoint.RETRIES", 1)
    model = loaded(served, tmp_path)
    served.always = "slow"
    [one] = model.generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert "within 0.05 s" in str(one.error)
    assert "MEMEVAL_REQUEST_TIMEOUT_S" in str(one.error)


def test_a_failure_leaves_the_other_prompts(served: Served, tmp_path: Path) -> None:
    """Of many prompts the one that fails has an error, and all others their answers."""
    others = [Prompt("Notes:\n", (f"- It is n{i}.\n",), "?") for i in range(9)]
    model = loaded(served, tmp_path, concurrency=1)
    served.faults = ["400"]
    told = model.generate([PROMPT, *others], max_new_tokens=8, stop=["\n"])
    assert [bool(one.error) for one in told] == [True] + [False] * 9
    assert [one.text for one in told[1:]] == [f"n{i}" for i in range(9)]


def test_a_reply_is_paid_for_once(served: Served, tmp_path: Path) -> None:
    """A model that is loaded anew finds what was replied before, cost and time included."""
    first = loaded(served, tmp_path).generate([PROMPT], max_new_tokens=8, stop=["\n"])
    again = loaded(served, tmp_path).generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert again == first
    assert len(served.bodies()) == 1


def test_another_request_is_another_reply(served: Served, tmp_path: Path) -> None:
    """Another limit is asked anew."""
    model = loaded(served, tmp_path)
    model.generate([PROMPT], max_new_tokens=8, stop=["\n"])
    model.generate([PROMPT], max_new_tokens=9, stop=["\n"])
    assert len(served.bodies()) == 2


def test_a_failure_is_not_kept(served: Served, tmp_path: Path) -> None:
    """What failed is asked again by the next run, and nothing else is."""
    other = Prompt("Notes:\n", ("- It is blue.\n",), "?")
    model = loaded(served, tmp_path, concurrency=1)
    served.faults = ["400"]
    answer(model, PROMPT, other)
    assert answer(loaded(served, tmp_path), PROMPT, other) == ["red", "blue"]
    assert [body["prompt"] for body in served.bodies()] == [
        PROMPT.text,
        other.text,
        PROMPT.text,
    ]


def test_a_broken_file_of_replies_is_made_anew(served: Served, tmp_path: Path) -> None:
    """Replies that cannot be read are asked for again."""
    answer(loaded(served, tmp_path))
    [file] = (tmp_path / "replies").glob("*.sqlite")
    file.write_bytes(b"no database")
    assert answer(loaded(served, tmp_path)) == ["red"]
    assert len(served.bodies()) == 2


def test_requests_under_way_are_bounded(served: Served, tmp_path: Path) -> None:
    """Never more than asked for are under way, and as many as that are."""
    served.delay_s = 0.03
    prompts = [Prompt("Notes:\n", (f"- It is n{i}.\n",), "?") for i in range(12)]
    answer(loaded(served, tmp_path, concurrency=4), *prompts)
    assert served.most_at_once == 4


def test_usage_is_what_the_reply_says(served: Served, tmp_path: Path) -> None:
    """Tokens are the server's count, and the time is that of the call."""
    [one] = loaded(served, tmp_path).generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert (one.prompt_tokens, one.generated_tokens, one.finish) == (7, 3, "stop")
    assert one.answer_ms is not None
    assert one.prefill_ms is None


def test_no_usage_is_not_nothing(served: Served, tmp_path: Path) -> None:
    """A reply without usage has tokens None, not 0."""
    served.usage = False
    [one] = loaded(served, tmp_path).generate([PROMPT], max_new_tokens=8, stop=["\n"])
    assert (one.prompt_tokens, one.generated_tokens, one.reused_tokens) == (None, None, None)


@pytest.mark.parametrize(
    ("about", "window"),
    [
        ({"max_model_len": 512}, 512),
        ({"meta": {"n_ctx_train": 2048}}, 2048),
        ({"meta": {"n_ctx_train": 2048, "n_ctx": 256}}, 256),
        ({"max_model_len": "long"}, None),
        ({}, None),
    ],
)
def test_the_window_is_what_the_server_says(
    about: dict[str, object], window: int | None, tmp_path: Path
) -> None:
    """By whatever name a server tells it; None where it does not."""
    with serving(about=about) as served:
        assert loaded(served, tmp_path).window == window


def test_a_window_that_is_given_goes_first(tmp_path: Path) -> None:
    """The user knows better than the server."""
    with serving(about={"max_model_len": 512}) as served:
        assert loaded(served, tmp_path, window=100).window == 100


def test_choosing_asks_for_a_letter(served: Served, tmp_path: Path) -> None:
    """Without log-probabilities options are listed before the cue, and the letter is read."""
    served.reply = lambda _: " B) south"
    model = loaded(served, tmp_path)
    assert isinstance(model, Chooses)
    assert not isinstance(model, Surprises)
    [choice] = model.choose([PROMPT], [[" north", " south"]])
    assert (choice.index, choice.log_likelihoods) == (1, None)
    [body] = served.bodies()
    assert "A) north\nB) south\n" in body["prompt"]
    assert body["prompt"].endswith("\nAnswer:")


@pytest.mark.parametrize(
    ("reply", "index"), [("b", 1), ("The letter is B.", 1), ("south", 1), ("(A)", 0), ("C", None)]
)
def test_letters_are_read_as_models_write_them(
    reply: str, index: int | None, served: Served, tmp_path: Path
) -> None:
    """A letter, in brackets or a sentence, or the option itself; another one counts as a guess."""
    served.reply = lambda _: reply
    model = loaded(served, tmp_path)
    assert isinstance(model, Chooses)
    [choice] = model.choose([PROMPT], [[" north", " south"]])
    assert choice.index == index if index is not None else choice.index in (0, 1)


def test_a_choice_that_fails_says_so(served: Served, tmp_path: Path) -> None:
    """A choice without a reply has an error."""
    model = loaded(served, tmp_path)
    assert isinstance(model, Chooses)
    served.always = "400"
    [choice] = model.choose([PROMPT], [["north", "south"]])
    assert "got 400" in str(choice.error)


def test_an_item_with_choices_is_told_as_any_other(served: Served, tmp_path: Path) -> None:
    """What its letter cost is counted; without a reply it has an error, and no option for text."""
    reader = Reader(loaded(served, tmp_path), None, ReaderOptions())
    served.reply = lambda _: "B"
    asked = [Query("q", "Where?", 1)], [Recall()], [("north", "south")]
    [told] = reader.answer(*asked)
    assert (told.text, told.prompt_tokens, told.generated_tokens) == ("south", 7, 3)
    assert told.answer_ms is not None
    served.always = "400"
    [lost] = reader.answer([Query("r", "Whence?", 1)], *asked[1:])
    assert (lost.text, "got 400" in str(lost.error)) == ("", True)


def test_scores_of_a_prompt_are_used_to_choose(tmp_path: Path) -> None:
    """Where the endpoint tells log-probabilities, the likeliest option is chosen by them."""
    prompt = Prompt("", (), "go north go")
    with serving(scores=True) as served:
        model = loaded(served, tmp_path)
        assert isinstance(model, Chooses)
        [choice] = model.choose([prompt], [[" south", " north"]])
    # the words that stood in the prompt have -1 nat, others -5
    assert (choice.index, choice.log_likelihoods) == (1, (-5.0, -1.0))


def test_scores_of_a_text_are_its_surprise(tmp_path: Path) -> None:
    """Surprise is the negative log-probability of each of the server's tokens."""
    with serving(scores=True) as served:
        model = loaded(served, tmp_path)
        assert isinstance(model, Surprises)
        [nats] = model.surprise(["the cat the"])
    assert nats.tolist() == [0.0, 5.0, 1.0]


@pytest.mark.parametrize("scoring", ["", "unlimited", "ended", "bare"])
@pytest.mark.parametrize("usage", [True, False])
def test_what_is_generated_has_no_score(scoring: str, usage: bool, tmp_path: Path) -> None:
    """A text has the scores of its own tokens, whatever the server put behind them, if anything."""
    with serving(scores=True, scoring=scoring, usage=usage) as served:
        model = loaded(served, tmp_path)
        assert isinstance(model, Surprises)
        [nats, one] = model.surprise(["the cat the", "cat"])
        assert isinstance(model, Chooses)
        [choice] = model.choose([Prompt("", (), "go north go")], [[" south", " north"]])
    # `the` is new, as is `cat`; the third word stood before; `bare` has a token before the text
    first = [0.0] if scoring != "bare" else [0.0, 5.0]
    assert nats.tolist() == [*first, 5.0, 1.0]
    assert one.tolist() == first
    assert choice.log_likelihoods == (-5.0, -1.0)


@pytest.mark.parametrize(
    ("scoring", "why"),
    [
        ("unechoed", "none: it tells none of what it is given to read"),
        ("shifted", "none: those that it tells are of other tokens, as .*"),
        ("silent", "none: a server must answer within 0.1 s, got nothing; .*"),
    ],
)
def test_a_server_that_cannot_score_is_known(
    scoring: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked for letters and has no surprise, its description says why, and nothing hangs."""
    monkeypatch.setenv("MEMEVAL_REQUEST_TIMEOUT_S", "0.2")
    with serving(scores=True, scoring=scoring) as served:
        model = loaded(served, tmp_path)
        assert not isinstance(model, Surprises)
        assert re.fullmatch(why, str(model.description()["log_probabilities"]))
        assert answer(model) == ["red"]


def test_a_server_that_scores_says_so(tmp_path: Path) -> None:
    """Its description has no reason, and it was asked one thing to know."""
    with serving(scores=True) as served:
        assert loaded(served, tmp_path).description()["log_probabilities"] == "told"
        assert [body["max_tokens"] for _, body in served.asked] == [1]


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("tiny@localhost:80/v1", "must begin with http:// or https://, got 'localhost:80/v1'"),
        ("tiny", "must be named with its address, got 'tiny' and no OPENAI_BASE_URL"),
        ("@http://x/v1", "must be named as its server lists it"),
        ("tiny@http://", "must name a host"),
        ("tiny@http://me:hidden@x/v1", "must hold no key, user or query"),
        ("tiny@http://x/v1?api_key=hidden", "must hold no key, user or query"),
        ("tiny@http://x:port/v1", "must be an address"),
    ],
)
def test_an_address_that_is_none_is_refused(told: str, rule: str) -> None:
    """The sentence says what is wrong, and shows nothing that may be secret."""
    with pytest.raises(ModelError, match=r".") as raised:
        read_address(told)
    assert rule in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`openai:NAME` is taken to be where OPENAI_BASE_URL says."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://x/v1/")
    assert str(read_address("tiny")) == "openai:tiny@http://x/v1"


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """It is told at once which address does not answer."""
    with serving() as served:
        pass
    with pytest.raises(ModelError, match=rf"must be there, got .* from {served.url}"):
        loaded(served, tmp_path)


def test_a_model_that_the_server_does_not_list(served: Served, tmp_path: Path) -> None:
    """Near names are told."""
    with pytest.raises(ModelError, match=r"got 'tinny'; did you mean tiny?"):
        load_model(f"openai:tinny@{served.url}", cache_dir=tmp_path)


@pytest.mark.parametrize("key", ["", f"{SECRET}-wrong"])
def test_a_wrong_key_is_told_without_it(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the variable and not the key, though the server repeats it."""
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with (
        serving(key=SECRET) as served,
        pytest.raises(ModelError, match=r"must accept the key in OPENAI_API_KEY") as raised,
    ):
        loaded(served, tmp_path)
    assert SECRET not in str(raised.value)
    assert raised.value.__suppress_context__


def test_an_endpoint_that_only_chats_is_told_of(served: Served, tmp_path: Path) -> None:
    """A server without plain completions is asked for chats."""
    model = loaded(served, tmp_path)
    served.always = "404"
    with pytest.raises(
        ModelError, match=r"must answer /completions, got 404 .*--prompt-style chat"
    ):
        answer(model)


def test_a_key_that_a_server_repeats_is_struck_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither an answer, nor an error, nor the file of replies holds it."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with serving(key=SECRET, reply=lambda _: f"your key is {SECRET}") as served:
        model = loaded(served, tmp_path, concurrency=1)
        assert answer(model) == ["your key is [key]"]
        served.always = "400"
        [one] = model.generate([PROMPT], max_new_tokens=9, stop=["\n"])
    assert "no: Bearer [key]" in str(one.error)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_a_fingerprint_tells_models_apart(tmp_path: Path) -> None:
    """The same weights at the same address are the same, whatever the server says of the hour."""
    with serving(about={"root": "a", "created": 1}) as served:
        first = loaded(served, tmp_path).fingerprint()
        served.about["created"] = 2
        assert loaded(served, tmp_path).fingerprint() == first
        served.about["root"] = "b"
        assert loaded(served, tmp_path).fingerprint() != first
