"""How much a dataset holds, and how much of it can be scored."""

from dataclasses import dataclass

from memeval.types import Session


@dataclass(slots=True)
class Counts:
    """Sums over the sessions of a dataset.

    `labelled` questions have gold events, `faulty` ones a gold that is known to be wrong;
    `unscored` ones are not scored for that.
    """

    sessions: int = 0
    events: int = 0
    questions: int = 0
    answerable: int = 0
    labelled: int = 0
    gold_events: int = 0
    faulty: int = 0
    unscored: int = 0

    def add(self, session: Session) -> None:
        """Count a session with its events and questions."""
        self.sessions += 1
        self.events += len(session.events)
        self.questions += len(session.items)
        for item in session.items:
            self.answerable += item.answerable
            self.labelled += bool(item.gold_events)
            self.gold_events += len(item.gold_events)
            self.faulty += bool(item.fault)
            self.unscored += bool(item.unscored_reason)
