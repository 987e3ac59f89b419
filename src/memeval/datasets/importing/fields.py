"""Which field of a record holds what: by usual names, or as `--map` says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from memeval.errors import ConfigError, unknown_name
from memeval.outside import shown, shown_text

USUAL: Mapping[str, tuple[str, ...]] = {
    "messages": ("messages", "chat_messages", "conversation", "conversations", "turns", "dialogue",
                 "dialog", "history", "events", "chats", "sessions", "threads", "data", "records"),
    "questions": ("questions", "qa", "qas", "items"),
    "text": ("text", "content", "message", "value", "body", "utterance"),
    "speaker": ("speaker", "role", "from", "author", "name", "sender"),
    "at": ("at", "timestamp", "created_at", "create_time", "date", "datetime", "time", "ts"),
    "session": ("session", "session_id", "conversation_id", "chat_id", "thread", "thread_id"),
    "id": ("id", "message_id", "uuid"),
    "question": ("question", "query"),
    "answers": ("answers", "answer", "expected"),
    "gold_events": ("gold_events", "gold", "evidence"),
    "slice": ("slice", "category", "question_type"),
    "choices": ("choices", "options"),
}  # fmt: skip
"""What is read, by the name that it has in a dataset, and the names that others give it."""
SHORT = {"answer": "answers", "gold": "gold_events"}
LISTS = ("messages", "questions")
SHOWN_FIELDS = 12
DEEPEST = 3

Record = Mapping[str, Any]


def parse_mapping(assignments: Sequence[str]) -> dict[str, str]:
    """Parse what `--map` says: `text=content,speaker=role`, as often as one likes.

    An empty field says that nothing holds it: `session=` makes one session of all.
    """
    mapping: dict[str, str] = {}
    for assignment in ",".join(assignments).split(",") if assignments else ():
        target, equals, field = map(str.strip, assignment.partition("="))
        target = SHORT.get(target, target)
        if not equals or target in mapping:
            raise ConfigError(
                f"--map takes WHAT=FIELD, each WHAT once, got {shown(assignment)}; for example "
                "--map text=content,speaker=role"
            )
        if target not in USUAL:
            raise ConfigError(unknown_name("what --map names", target, USUAL))
        mapping[target] = field
    return mapping


class Fields:
    """Chooses the fields of records, and keeps which were chosen."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping
        self.taken: dict[str, dict[str, str]] = {}
        self._used: set[tuple[str, str]] = set()

    def choose(self, kind: str, records: Sequence[Record], *targets: str) -> dict[str, str]:
        """Return the field of each target that records of a kind have.

        One that the mapping gives to one of them is not another's by its usual name.

        Raises:
            ConfigError: several of them go by usual names.
        """
        given = {self.mapping.get(target) for target in targets}
        chosen = {target: self._field(kind, records, target, given) for target in targets}
        found = {target: field for target, field in chosen.items() if field}
        if found:
            self.taken.setdefault(kind, {}).update(found)
            self._used |= found.items()
        return found

    def require(self, kind: str, records: Sequence[Record], target: str) -> None:
        """Raise `ConfigError` unless records of a kind have a target's field."""
        if target not in self.taken.get(kind, {}):
            raise ConfigError(
                f"{kind} must have a field that holds {target}, got {_listed(records)}; name it "
                f"with: --map {target}=FIELD"
            )

    def check_all_used(self, records: Sequence[Record]) -> None:
        """Raise `ConfigError` if a field that was asked for is in no record."""
        for target, field in self.mapping.items():
            if field and (target, field) not in self._used:
                raise ConfigError(
                    f"--map must name fields that are there, got {shown(f'{target}={field}')} "
                    f"beside {_listed(records)}; mend the name"
                )

    def unread(self, records: Sequence[Record]) -> str:
        """Return the names of the fields that nothing is taken from, as a preview shows them."""
        used = {field for _, field in self._used}
        return _first(name for record in records for name in _names(record) if name not in used)

    def _field(
        self, kind: str, records: Sequence[Record], target: str, given: Set[str | None]
    ) -> str:
        asked = self.mapping.get(target)
        if asked == "" or any(holds(record, asked, target) for record in records if asked):
            return asked or ""
        found = dict.fromkeys(
            name
            for record in records
            for name in record
            if name.lower() in USUAL[target] and name not in given and holds(record, name, target)
        )
        if len(found) > 1:
            names = " and ".join(map(shown, found))
            raise ConfigError(
                f"one field of {kind} must hold {target}, got {names}; choose with: "
                f"--map {target}={next(iter(found))}"
            )
        return next(iter(found), "")


def value_at(record: Record, field: str) -> Any:
    """Return what a field holds; a dot leads into a table. None where there is none."""
    if field in record:
        return record[field]
    name, _, rest = field.partition(".")
    below = record.get(name)
    return value_at(below, rest) if rest and isinstance(below, Mapping) else None


def holds(record: Record, field: str, target: str) -> bool:
    """Whether a field of a record holds what a target may be."""
    value = value_at(record, field)
    if target in LISTS:
        return isinstance(value, list)
    return value not in (None, "", []) and not isinstance(value, Mapping)


def _listed(records: Sequence[Record]) -> str:
    """Return the names of fields, dotted, as a message shows them."""
    return _first(name for record in records for name in _names(record)) or "no fields"


def _first(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    first = ", ".join(shown_text(name, 40) for name in found[:SHOWN_FIELDS])
    return first + ", ..." * (len(found) > SHOWN_FIELDS)


def _names(record: Record, depth: int = 1) -> Iterator[str]:
    for name, value in record.items():
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from (f"{name}.{below}" for below in _names(value, depth + 1))
        else:
            yield name
