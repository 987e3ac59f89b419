"""The prompt of the semantic suite: worked examples about names that no dataset uses."""

from memeval.types import Example, PromptFormat

SEMANTIC = PromptFormat(
    instruction=(
        "Complete the last statement from the notes, in as few words as possible. "
        "If the notes do not tell, answer unknown."
    ),
    question="So: {question}",
    nothing="So: {question} (nothing known):",
    examples=(
        Example((), "Perth Hamlet was built by", "unknown"),
        Example(
            ("Susan Blake works for Acme Bakeries.",), "Susan Blake works for", "Acme Bakeries"
        ),
        Example(
            ("Dundee Rovers is trained by Alan Foy.",), "Dundee Rovers is trained by", "Alan Foy"
        ),
        Example(
            ("Simple Algebra was written by Megan Price.", "Megan Price lives in Perth Hamlet."),
            "The author of Simple Algebra lives in",
            "Perth Hamlet",
        ),
        Example(
            ("Luton Mutual has its main office in Dundee Hamlet.",),
            "Luton Mutual is based at",
            "Dundee Hamlet",
        ),
        Example(
            ("Kent Dukedom was conquered by Susan Blake.",),
            "Kent Dukedom was conquered by",
            "Susan Blake",
        ),
        Example(
            (
                "Happy Schooldays was published by Lloyds Mutual.",
                "Lloyds Mutual was founded by Janet Pryce.",
                "Janet Pryce goes fishing on Kent Water.",
            ),
            "The founder of the publisher of Happy Schooldays goes fishing on",
            "Kent Water",
        ),
        Example((), "Perth Athletic trains in", "unknown"),
        Example(
            ("Peter Hobbs slipped on a banana in York Hamlet.",),
            "Peter Hobbs slipped on a banana in",
            "York Hamlet",
        ),
        Example(
            (
                "Perth Water is guarded by Colin Reeve.",
                "Colin Reeve has a job with York Mutual.",
                "York Mutual was set up by Susan Blake.",
            ),
            "The employer of the warden of Perth Water was set up by",
            "Susan Blake",
        ),
        Example(
            ("Perth Hamlet was sold to Martin Foley.",),
            "Perth Hamlet was bought by",
            "Martin Foley",
        ),
        Example(
            (
                "Alan Foy works for Leeds Mutual.",
                "Leeds Mutual has its main office in York Hamlet.",
            ),
            "The employer of Alan Foy has its main office in",
            "York Hamlet",
        ),
        Example(
            ("Colin Reeve was born in Kent Dukedom.",),
            "Colin Reeve is a native of",
            "Kent Dukedom",
        ),
        Example(
            (
                "Peter Hobbs lives in Dundee Hamlet.",
                "Dundee Hamlet is governed by Megan Price.",
                "Megan Price was born in Perth Dukedom.",
            ),
            "The mayor of the home of Peter Hobbs was born in",
            "Perth Dukedom",
        ),
        Example(
            ("Janet Pryce sent a rude postcard to Alice Doyle.",),
            "Janet Pryce sent a rude postcard to",
            "Alice Doyle",
        ),
        Example(
            ("Acme Bakeries keeps its money at York Mutual.",),
            "Acme Bakeries has an account with",
            "York Mutual",
        ),
    ),
)
