"""What the named configurations of presets have changed, told once beside their figures."""

from collections.abc import Sequence

from memeval.naming import FULL, configuration_in
from memeval.outside import shown_text
from memeval.reporting.row import Row


def lines(rows: Sequence[Row]) -> list[str]:
    """Return a line for each configuration with a name: `memory/hei_nw@chat: reader.style=chat`.

    Of one that was ablated the full memory tells.
    """
    found: dict[str, str] = {}
    for row in rows:
        if configuration_in(row.preset) and row.variant in (None, FULL):
            changed = row.cells[0].meta.get("overrides", {})
            named = ", ".join(f"{name}={value}" for name, value in changed.items())
            found.setdefault(row.preset, shown_text(named) or "as the preset says")
    return [f"{preset}: {changed}" for preset, changed in found.items()]
