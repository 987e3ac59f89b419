"""The prompts of the suites: worked examples, none of whose names and things a dataset uses."""

from memeval.types import Example, PromptFormat

EPISODIC = PromptFormat(
    examples=(
        Example((), "Who kissed the plastic toy?", "unknown"),
        Example(
            ("Alice Doyle sold a woollen sock at Bristol Docks on Monday.",),
            "Where did Alice Doyle sell the woollen sock?",
            "Bristol Docks",
        ),
        Example(
            ("On Friday, Peter Hobbs caught a filthy bowl at Leeds Arcade.",),
            "What did Peter Hobbs catch at Leeds Arcade?",
            "a filthy bowl",
        ),
        Example(
            ("On Sunday, Janet Pryce weighed a cotton towel at Luton Airport.",),
            "Who weighed the cotton towel at Luton Airport?",
            "Janet Pryce",
        ),
        Example(
            ("Susan Blake kissed a paper lid at Dundee Zoo on Saturday.",),
            "On what date did Susan Blake kiss the paper lid?",
            "Saturday",
        ),
        Example((), "Where did Alan Foy weigh the paper lid?", "unknown"),
        Example(
            ("On Monday, Susan Blake caught a rubber ball at Leeds Arcade.",),
            "Who was at Leeds Arcade?",
            "Susan Blake",
        ),
        Example(
            ("Martin Foley burned a tin spool at York Museum on Sunday.",),
            "Where was Martin Foley?",
            "York Museum",
        ),
        Example(
            ("On Saturday, Megan Price threw a nylon tarp at Perth Stadium.",),
            "Where was the nylon tarp thrown?",
            "Perth Stadium",
        ),
        Example(
            ("Correction: Colin Reeve kept a woollen sock at Kent Arcade.",),
            "Where did Colin Reeve keep the woollen sock?",
            "Kent Arcade",
        ),
        Example(
            (
                "Peter Hobbs weighed a paper lid at Luton Airport on Friday.",
                "There he also noticed a shiny bead.",
            ),
            "What did Peter Hobbs notice at Luton Airport?",
            "a shiny bead",
        ),
        Example(
            (
                "On Monday, Susan Blake caught a rubber ball at Leeds Arcade.",
                "Then she threw it to Alan Foy.",
            ),
            "To whom did Susan Blake throw the rubber ball?",
            "Alan Foy",
        ),
    ),
    unknown_below=0.88,  # benchmarks/calibrate_hei_nw.py
)
