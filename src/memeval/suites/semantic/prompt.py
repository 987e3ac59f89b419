"""The prompt of the semantic suite: worked examples about names that no dataset uses."""

from memeval.types import Example, PromptFormat

SEMANTIC = PromptFormat(
    examples=(
        Example((), "Who is the landlord of Alan Foy?", "unknown"),
        Example(
            ("Martin Foley is the doctor of Susan Blake.",),
            "Who is the doctor of Susan Blake?",
            "Martin Foley",
        ),
        Example(
            ("Dundee Rovers trains in Leeds Arcade.",),
            "Where does Dundee Rovers train?",
            "Leeds Arcade",
        ),
        Example(
            ("Colin Reeve is the landlord of Janet Pryce.",),
            "To whom does Janet Pryce pay rent?",
            "Colin Reeve",
        ),
        Example(
            ("The tulip is the symbol of Kent County.",),
            "Which flower stands on the wall of Kent County?",
            "tulip",
        ),
        Example((), "Where does Perth Athletic train?", "unknown"),
        Example(
            ("Peter Hobbs slipped on a banana in York Arcade.",),
            "Where did Peter Hobbs slip on a banana?",
            "York Arcade",
        ),
        Example(
            ("Acme Bakeries belongs to Megan Price.", "Alan Foy is the doctor of Megan Price."),
            "Who is the doctor of the owner of Acme Bakeries?",
            "Alan Foy",
        ),
        Example(
            (
                "Janet Pryce is the coach of Perth Athletic.",
                "Luton College is the college of Janet Pryce.",
            ),
            "What is the college of the coach of Perth Athletic?",
            "Luton College",
        ),
        Example(
            ("The landlord of Peter Hobbs is Acme Bakeries.", "Acme Bakeries trusts Leeds Bank."),
            "What is the bank of the landlord of Peter Hobbs?",
            "Leeds Bank",
        ),
        Example(
            (
                "Susan Blake is the landlord of Colin Reeve.",
                "The college of Susan Blake is York College.",
                "Kent County is the county of York College.",
            ),
            "What is the county of the college of the landlord of Colin Reeve?",
            "Kent County",
        ),
        Example(
            (
                "The coach of Dundee Rovers is Martin Foley.",
                "Martin Foley has Acme Bakeries as landlord.",
                "The owner of Acme Bakeries is Alan Foy.",
            ),
            "Who is the owner of the landlord of the coach of Dundee Rovers?",
            "Alan Foy",
        ),
    ),
)
