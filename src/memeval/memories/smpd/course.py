"""Where a sentence leads "you": on to a place, into the choice of several, or back to one."""

from collections.abc import Sequence
from dataclasses import dataclass

from memeval.memories.smpd.link_parts import Part, groups_of, roles_of
from memeval.memories.smpd.link_words import LinkWords

LEADING = frozenset({"enter", "back", "at", "join", "sight"})


@dataclass(frozen=True, slots=True)
class Leg:
    """Where one is led: on to places (or into the choice of them), or to where one stands then."""

    names: tuple[str, ...]
    goes_on: bool


def course(parts: Sequence[Part], words: LinkWords) -> list[Leg]:
    """Return where a sentence leads "you", in turn."""
    if not roles_of(parts, words) & {"you", "sight"} or "between" in roles_of(parts, words):
        return []
    legs, end, does = list[Leg](), 0, set[str]()
    groups = groups_of(parts)
    starts = [*(start for start, _, _ in groups), len(parts)][1:]
    for (start, stop, names), following in zip(groups, starts, strict=True):
        before = [p.word for p in parts[end:start] if p.sort == "role"]
        roles = [LEADING & words.roles[word] for word in before]
        does |= {role for word in before for role in words.roles[word]}
        last = next((set(found) for found in reversed(roles) if found), set())
        if "join" in last and "sight" in {r for found in roles for r in found}:
            last = {"enter"}  # "there is a gate to"
        leads_on = "relative" in roles_of(parts[stop:following], words)
        legs.extend(_legs(names, last, does, leads_on=leads_on))
        end = stop
    return legs


def _legs(names: Sequence[str], last: set[str], does: set[str], *, leads_on: bool) -> list[Leg]:
    """Return where names lead: what is seen is a way on where there are several, or it leads on."""
    if not last:
        return []
    sees = "sight" in last or ("sight" in does and "at" in last)
    if sees and "choice" in does:
        stands = names[:1] if "at" in last else ()
        seen = tuple(names[len(stands) :])
        legs = [Leg(tuple(stands), goes_on=False)] if stands else []
        return [*legs, Leg(seen, goes_on=True)] if len(seen) > 1 else legs
    if "enter" in last or ("sight" in last and leads_on):
        return [Leg(tuple(names), goes_on=True)]
    return [] if "sight" in last else [Leg(tuple(names[:1]), goes_on=False)]
