"""What an audit of LoCoMo holds right, read from the audit's own file.

Source: https://github.com/dial481/locomo-audit, `errors.json`. One of its records:

    {"question_id": "locomo_0_qa7", "question": "When was the quilt done?",
     "error_type": "TEMPORAL_ERROR", "correct_answer": "7 May 2023 (a Sunday)",
     "correct_evidence": ["D1:2"]}

The file says what it corrects in words of the data, whose licence does not let us ship it; which
ids it names, and with what kind of fault, is shipped for the first five samples (`known_faults`).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from memeval.errors import ConfigError, DataError
from memeval.outside import path_of
from memeval.suites.public.faults import WRONG_CITATION, known_faults, with_fault
from memeval.suites.public.form import Options
from memeval.suites.public.records import Checked, Record, read_file
from memeval.suites.public.tally import Tally
from memeval.types import Item

_REMARK = re.compile(r"\s*\([^()]*\)")


class Correction(Checked):
    """A record of the audit."""

    question_id: str
    question: str
    error_type: str
    correct_answer: str
    correct_evidence: list[str]

    @property
    def fault(self) -> str:
        """The kind of fault, in words."""
        return self.error_type.lower().replace("_", " ")

    @property
    def answers(self) -> tuple[str, ...]:
        """What the audit accepts: its answer without remarks in brackets, and as it stands."""
        whole = self.correct_answer.strip()
        return tuple(filter(None, dict.fromkeys((_REMARK.sub("", whole).strip(), whole))))


def mended(item: Item, audit_id: str, record: Record, tally: Tally, options: Options) -> Item:
    """Return an item with the fault that is known of it, as `--set data.errata` wants it told.

    `published` leaves it as it is, with the kind of fault and what the audit holds right beside
    it; `excluded` leaves it out of the scores; `corrected` asks for what the audit holds right,
    evidence included. A citation that is wrong leaves the answer as good as it was.

    Raises:
        ConfigError: `corrected` without the audit's file.
        DataError: that file cannot be read, or is about other questions.
    """
    correction = _corrections(options).get(audit_id)
    if correction and correction.question.strip() != item.query.text:
        raise record.broken(
            f"question {audit_id} must be the one that data.audit names", item.query.text
        )
    if correction is None:
        return with_fault(item, known_faults("locomo").get(audit_id, ""), options["errata"], tally)
    told = with_fault(item, correction.fault, options["errata"], tally)
    is_wrong = correction.fault != WRONG_CITATION
    if options["errata"] == "corrected":
        answers = correction.answers if is_wrong else item.answers
        return replace(item, answers=answers, gold_events=tuple(correction.correct_evidence))
    return replace(told, corrected=correction.answers) if told.fault else told


def _corrections(options: Options) -> Mapping[str, Correction]:
    """Return what the audit's file corrects, by its id for the question."""
    if options["audit"]:
        path = path_of(options["audit"])
        try:
            return _read(path, path.stat().st_mtime_ns if path.is_file() else 0)
        except DataError as error:
            raise DataError(f"data.audit: {error}") from error
    if options["errata"] == "corrected":
        raise ConfigError(
            "data.errata=corrected must be told the audit's file by data.audit, got none; add "
            "--set data.audit=PATH, with errors.json of https://github.com/dial481/locomo-audit"
        )
    return {}


@lru_cache(maxsize=8)
def _read(path: Path, _mtime_ns: int) -> Mapping[str, Correction]:
    file = read_file(path)
    if not isinstance(file.content, list):
        raise file.broken("an audit must be a list of corrections", file.content)
    found = [
        Record(one, f"{path}, record {place}").as_a(Correction)
        for place, one in enumerate(file.content, 1)
    ]
    if empty := [one for one in found if not one.answers]:
        raise file.broken("a correction must have an answer", empty[0].question_id)
    return {one.question_id: one for one in found}
