"""What cells found: records of items, metrics over them, and the files that hold both."""

from memeval.results.cell import FORMAT, FORMATS, CellResult, StoredCell, is_right, scores_of
from memeval.results.figures import flatten, to_csv, to_json
from memeval.results.files import (
    FAILURE,
    ITEMS,
    META,
    METRICS,
    absent_files,
    cell_folders,
    is_cell,
    read_cell,
    read_items,
    write_cell,
)
from memeval.results.item import (
    FORMAT_1_SCORES,
    SCORE_PREFIX,
    ItemRecord,
    as_records,
    as_table,
    check_columns,
    required_columns,
    schema,
    score_columns,
)
from memeval.results.paired import primary_scores, shared_primary

__all__ = [
    "FAILURE",
    "FORMAT",
    "FORMATS",
    "FORMAT_1_SCORES",
    "ITEMS",
    "META",
    "METRICS",
    "SCORE_PREFIX",
    "CellResult",
    "ItemRecord",
    "StoredCell",
    "absent_files",
    "as_records",
    "as_table",
    "cell_folders",
    "check_columns",
    "flatten",
    "is_cell",
    "is_right",
    "primary_scores",
    "read_cell",
    "read_items",
    "required_columns",
    "schema",
    "score_columns",
    "scores_of",
    "shared_primary",
    "to_csv",
    "to_json",
    "write_cell",
]
