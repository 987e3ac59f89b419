"""What a table says of its gains: one verdict everywhere, and what it rests on."""

from pathlib import Path

import cells

from memeval.reporting import gains, load, screen, tables


def test_one_rule_gives_the_verdict_in_every_table(tmp_path: Path) -> None:
    """Two memories are 6 - 3 of 8 above rag on two seeds: each is a finding alone, not of two."""
    for preset, right in {"baselines/rag": 3, "memory/x": 6, "memory/y": 6}.items():
        for seed in (1, 2):
            cells.write(tmp_path, preset, right, seed=seed)
    rows = load.load_real(tmp_path).rows
    rag, memory, _ = rows
    alone = memory.against(rag)
    assert alone is not None
    assert alone.finding == "better"
    header, page = tables.comparison_table(rows)
    place = header.index("over best baseline [95 %]")
    assert [row[place].endswith("= rag") for row in page] == [False, True, True]
    header, verdicts = gains.verdict_table(rows)
    assert [row[4].endswith("= rag") for row in verdicts] == [True, True]
    assert [row[3][-1] for row in screen.screen_table(rows)[1]] == ["-", "=", "="]
    assert screen.screen_table([rag, memory])[1][1][3].endswith("]")


def test_one_item_is_no_finding_in_the_terminal(tmp_path: Path) -> None:
    """Eight of eight over none, and one of one over none: the second tells nothing."""
    for size, root in ((8, tmp_path / "many"), (1, tmp_path / "one")):
        cells.write(root, "baselines/rag", 0)
        cells.write(root, "memory/x", 8)
        rows = load.load_real(root).rows
        for row in rows:
            answerable = [key for key, record in row.records.items() if record.answerable]
            for key in answerable[size:]:
                del row.records[key]
        shown = screen.screen_table(rows)[1][1][3]
        assert shown.endswith("=") is (size == 1)
    assert shown == "+1.00 [-1.00, 1.00]="


def test_a_row_of_one_session_is_said_to_speak_of_its_stream_alone(tmp_path: Path) -> None:
    """With a second seed the sentence is not there."""
    cells.write(tmp_path, "memory/x", 4, seed=1)
    assert "that stream alone" in tables.of_one_stream(load.load_real(tmp_path).rows)
    cells.write(tmp_path, "memory/x", 4, seed=2)
    assert tables.of_one_stream(load.load_real(tmp_path).rows) == ""


def test_what_a_verdict_rests_on_is_told(tmp_path: Path) -> None:
    """Sessions, variance between over within, p, the adjusted p, and what would have been found."""
    for seed, right in ((1, 3), (2, 8)):
        cells.write(tmp_path, "baselines/rag", 2, seed=seed)
        cells.write(tmp_path, "memory/x", right, seed=seed)
    # 1 of 8 won on one seed and 6 of 8 on the other: means 1/8 and 3/4, 5/16 from their mean;
    # between 2 * 8 * 25/256 = 25/16, within (7/8 + 3/2) / 14 = 0.1696: 9.2 times as much
    header, [row] = gains.verdict_tests(load.load_real(tmp_path).rows)
    told = dict(zip(header, row, strict=True))
    assert told["over"] == "rag"
    assert told["sessions"] == "2"
    assert told["between / within"] == "9.2"
    assert float(told["p"]) == float(told["Holm p"]) > 0.05
    assert told["difference [95 %]"].endswith(" =")
    assert float(told["detectable"]) > 0.44
