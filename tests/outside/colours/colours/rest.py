"""A scorer, a model and a memory of somebody else's, and one of each that breaks its contract."""

import hashlib

from memeval import Generation, MemoryParams, Recall, TextModel, Trace


def first_letter(item, answer):
    """Half a point for the right first letter, and all of it for the whole answer."""
    begins = any(answer[:1] == one[:1] for one in item.answers)
    return {"first_letter": 1.0 if answer in item.answers else 0.75 if begins else 0.0}


def talkative(item, answer):
    return {"talkative": "very"}


class Parrot(TextModel):
    """Says the first letter of the last word that it was told."""

    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        said = [prompt.memory[-1].split()[-1] if prompt.memory else "?" for prompt in prompts]
        return [Generation(text=word[0]) for word in said]


class Mute(TextModel):
    def generate(self, prompts, *, max_new_tokens, stop, on_done=lambda _: None):
        return None


class LastWords:
    """Keeps all it is told, and recalls what shares a word with the question."""

    class Params(MemoryParams):
        pass

    needs = ()

    def __init__(self, params, *, seed):
        self.events = []

    def observe(self, events):
        self.events += events

    def replay(self):
        pass

    def recall(self, queries):
        return [self._recall(set(query.text.strip("?").split())) for query in queries]

    def _recall(self, cue):
        traces = [
            Trace(e.text, float(len(cue & set(e.text.split()))), (e.id,)) for e in self.events
        ]
        return Recall(tuple(sorted(traces, key=lambda trace: -trace.score)))

    def stats(self):
        return {"store_items": len(self.events), "store_bytes": 0}

    def fingerprint(self):
        return hashlib.sha256(repr(self.events).encode()).hexdigest()


class Sleeper(LastWords):
    async def recall(self, queries):
        return []
