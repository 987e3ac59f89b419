"""Help that fits a terminal of 80 columns: two columns, options in groups.

An option's type is a word in capitals beside its name, so that what it means has the room.
"""

from typing import Any

from typer.core import TyperCommand


class Command(TyperCommand):
    """A command whose help shows arguments, then its options group by group, without raw types."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words behind the command; typer puts what is required into braces."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write every group of options, in the order in which they come."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                if parameter.param_type_name == "argument":  # typer adds its type: `RUN <str>`
                    record = (record[0].partition(" <")[0], record[1])
                groups.setdefault(_group_of(parameter), []).append(record)
        for name, rows in groups.items():
            with formatter.section(name):
                formatter.write_dl(rows)


def _group_of(parameter: Any) -> str:
    is_argument = parameter.param_type_name == "argument"
    default = "Arguments" if is_argument else "Options"
    return getattr(parameter, "rich_help_panel", None) or default
