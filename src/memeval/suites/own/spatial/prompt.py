"""The prompt of the spatial suite: worked examples with places that no world has."""

from memeval.types import Example, PromptFormat

LONGEST_ROUTE = 48  # tokens: eight moves, or the names of five places

SPATIAL = PromptFormat(
    examples=(
        Example((), "Where is the plastic toy?", "unknown"),
        Example(
            ("Alice Doyle noticed a woollen sock at Bristol Docks.",),
            "Where is the woollen sock?",
            "Bristol Docks",
        ),
        Example(
            ("Going east from Leeds Arcade, Peter Hobbs reached Luton Airport.",),
            "Which place is east of Leeds Arcade?",
            "Luton Airport",
        ),
        Example(
            (
                "Janet Pryce went north from Dundee Zoo to York Museum.",
                "Then she went west to Perth Stadium.",
            ),
            "Which place is west of York Museum?",
            "Perth Stadium",
        ),
        Example(
            ("From Kent Arcade, Alan Foy walked south and came to Luton Docks.",),
            "You are at Kent Arcade on the way to Perth Zoo. Which way do you go?",
            "south",
        ),
        Example(
            ("Going west from Leeds Airport, Susan Blake reached York Arcade.",),
            "You are at Leeds Airport on the way to Luton Zoo. Which way do you go?",
            "west",
        ),
        Example(
            ("Leaving Bristol Zoo, Susan Blake reached Leeds Museum.",),
            "You are at Bristol Zoo on the way to York Stadium. Where do you go next?",
            "Leeds Museum",
        ),
        Example(
            (
                "From Dundee Docks, Colin Reeve walked west and came to Kent Airport.",
                "Janet Pryce went north from Kent Airport to Leeds Zoo.",
                "Going east from Leeds Zoo, Alan Foy reached York Arcade.",
                "Susan Blake noticed a filthy bowl at York Arcade.",
            ),
            "Nobody has gone north from Dundee Docks. What would one find there?",
            "a filthy bowl",
        ),
        Example(
            (
                "Martin Foley went south from Perth Docks to York Airport.",
                "From York Airport, Alice Doyle walked east and came to Bristol Museum.",
                "Then she went north to Luton Arcade.",
                "Janet Pryce noticed a damp towel at Luton Arcade.",
            ),
            "Nobody has gone east from Perth Docks. What would one find there?",
            "a damp towel",
        ),
        Example(
            ("Going north from York Zoo, Colin Reeve reached Kent Museum.",),
            "You are at York Zoo on the way to Dundee Airport. Which way do you go?",
            "north",
        ),
        Example(
            ("Peter Hobbs went east from Kent Stadium to Dundee Museum.",),
            "You are at Kent Stadium on the way to Luton Zoo. Which way do you go?",
            "east",
        ),
        Example(
            (
                "Megan Price went south from Perth Museum to Bristol Stadium.",
                "From Bristol Stadium, Peter Hobbs walked east and came to Luton Zoo.",
                "Going south from Luton Zoo, Martin Foley reached Dundee Arcade.",
            ),
            "How do you get from Perth Museum to Dundee Arcade?",
            "south, east, south",
        ),
        Example(
            (
                "Alice Doyle went from York Docks to Leeds Airport.",
                "Leaving Leeds Airport, Alan Foy reached Kent Zoo.",
            ),
            "How do you get from York Docks to Kent Zoo?",
            "Leeds Airport, Kent Zoo",
        ),
        Example(
            ("From Dundee Arcade, Megan Price walked north and came to Bristol Docks.",),
            "You are at Dundee Arcade on the way to York Airport. Which way do you go?",
            "north",
        ),
        Example(
            ("Going south from Luton Museum, Janet Pryce reached Perth Docks.",),
            "You are at Luton Museum on the way to Leeds Zoo. Which way do you go?",
            "south",
        ),
        Example(
            (
                "Going east from Luton Stadium, Megan Price reached Leeds Docks.",
                "Then she went west to Kent Zoo.",
            ),
            "You are at Leeds Docks on the way to Perth Arcade. Which way do you go?",
            "west",
        ),
    ),
    max_new_tokens=LONGEST_ROUTE,
)
