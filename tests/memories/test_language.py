"""A stream's language is told by its stop words, and by nothing where it holds few."""

import pytest

from memeval.memories.baselines.language import language_of
from memeval.memories.baselines.terms import terms

TEXTS = {
    "english": "She said that she would be at the lake with her brother and then go home.",
    "german": "Sie sagte, dass sie mit ihrem Bruder an dem See sei und dann nach Hause gehe.",
    "french": "Elle a dit qu'elle serait au lac avec son frère et qu'ensuite elle rentrerait.",
    "spanish": "Dijo que estaría en el lago con su hermano y que luego se iría a la casa.",
    "portuguese": "Ela disse que estaria no lago com o seu irmão e que depois iria para casa.",
    "italian": "Ha detto che sarebbe stata al lago con il suo fratello e che poi andava a casa.",
    "dutch": "Zij zei dat zij met haar broer bij het meer was en dat ze dan naar huis ging.",
    "danish": "Hun sagde, at hun ville være ved søen med sin bror og så gå hjem efter det.",
    "norwegian": "Hun sa at hun ville ta toget av stasjonen fordi det var raskere enn å gå.",
    "swedish": "Hon sade att hon skulle vara vid sjön med sin bror och sedan gå hem till mig.",
    "russian": "Она сказала, что она была на озере и что потом она ушла домой.",
    "turkish": "Kardeşi ile gölde olduğunu ve daha sonra eve gideceğini bana çok kez söyledi.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_running_text_tells_its_language(name: str) -> None:
    """One sentence is enough."""
    language = language_of([terms(TEXTS[name])])
    assert language is not None
    assert language.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NX-40 error 17; valve B: pressure 3.2 bar, flow 12 l/min",
        "Hän kertoi veljelleen järvestä. Se on iso ja kaunis, mutta ei ole kovin lämmin.",
        "今天北京下雨了。小明住在上海市。",
        "हम कल झील पर थे और फिर घर गए।",
    ],
    ids=["nothing", "codes", "Finnish", "Chinese", "Hindi"],
)
def test_what_holds_few_stop_words_has_no_language(text: str) -> None:
    """It is left as it is written."""
    assert language_of([terms(text)]) is None


def test_the_language_is_that_of_most_of_a_stream() -> None:
    """A few words of another language change nothing."""
    told = [terms(TEXTS["german"])] * 3 + [terms(TEXTS["english"])]
    language = language_of(told)
    assert language is not None
    assert language.name == "german"
