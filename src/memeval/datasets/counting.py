"""How much a dataset holds, and how much of it can be scored."""

from collections import Counter
from dataclasses import dataclass, field

from memeval.types import Session


@dataclass(slots=True)
class Counts:
    """Sums over the sessions of a dataset.

    `labelled` questions have gold events, `faulty` ones a gold that is known to be wrong;
    `unscored` ones are not scored for that. `parts` are those that sessions are made of, such as
    the chats of many days; `slices` count the questions of each.
    """

    sessions: int = 0
    events: int = 0
    questions: int = 0
    answerable: int = 0
    labelled: int = 0
    gold_events: int = 0
    faulty: int = 0
    unscored: int = 0
    parts: int = 0
    slices: Counter[str] = field(default_factory=Counter)

    def add(self, session: Session) -> None:
        """Count a session with its events and questions."""
        self.sessions += 1
        self.events += len(session.events)
        self.questions += len(session.items)
        self.parts += len(set(session.parts.values()))
        for item in session.items:
            self.slices[item.slice] += 1
            self.answerable += item.answerable
            self.labelled += bool(item.gold_events)
            self.gold_events += len(item.gold_events)
            self.faulty += bool(item.fault)
            self.unscored += bool(item.unscored_reason)
