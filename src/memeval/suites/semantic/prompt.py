"""The prompt of the semantic suite: worked examples about names that no dataset uses.

A small model reads a relation well where an example has shown it, and badly where none has, so the
examples tell most relations, in the shapes of the slices.
"""

from memeval.types import Example, PromptFormat

SEMANTIC = PromptFormat(
    examples=(
        Example((), "Where does Alan Foy live?", "unknown"),
        Example(
            (
                "The translator of Simple Algebra is Susan Blake.",
                "At Leeds Mutual, Susan Blake has a job.",
                "Leeds Mutual gets its timber from Dundee Heath.",
            ),
            "Where does the employer of the translator of Simple Algebra get its timber from?",
            "Dundee Heath",
        ),
        Example(
            (
                "The capital of Kent Dukedom is Luton Hamlet.",
                "Lloyds Mutual supplies Luton Hamlet with power.",
            ),
            "Which company supplies the capital of Kent Dukedom with power?",
            "Lloyds Mutual",
        ),
        Example(
            ("Megan Price was elected mayor of Luton Hamlet.",),
            "Who was elected mayor of Luton Hamlet?",
            "Megan Price",
        ),
        Example(
            (
                "Leeds Mutual gets its timber from Dundee Heath.",
                "Acme Bakeries sponsors Dundee Heath.",
                "In York Hamlet stands the headquarters of Acme Bakeries.",
            ),
            "Where does the headquarters of the sponsor of the timber forest of Leeds Mutual stand?",
            "York Hamlet",
        ),
        Example(
            ("The founder of Lloyds Mutual is Peter Hobbs.",),
            "Who is the founder of Lloyds Mutual?",
            "Peter Hobbs",
        ),
        Example(
            (
                "Colin Reeve is the president of Kent Dukedom.",
                "On Perth Water, Colin Reeve goes fishing.",
            ),
            "Where does the president of Kent Dukedom go fishing?",
            "Perth Water",
        ),
        Example((), "Who founded Acme Bakeries?", "unknown"),
        Example(
            ("Happy Schooldays is the favourite book of Colin Reeve.",),
            "Which novel does Colin Reeve like best?",
            "Happy Schooldays",
        ),
        Example(
            (
                "Peter Hobbs lives in Dundee Hamlet.",
                "The mayor of Dundee Hamlet is Megan Price.",
                "Perth Dukedom is the birth country of Megan Price.",
            ),
            "What is the birth country of the mayor of the home city of Peter Hobbs?",
            "Perth Dukedom",
        ),
        Example(
            ("The power supplier of York Hamlet is Acme Bakeries.",),
            "Which company is the power supplier of York Hamlet?",
            "Acme Bakeries",
        ),
        Example(
            ("In Perth Hamlet, Janet Pryce has a house.",),
            "In which town does Janet Pryce reside?",
            "Perth Hamlet",
        ),
        Example(
            (
                "Alan Foy was born in Perth Dukedom.",
                "In Leeds Hamlet sits the government of Perth Dukedom.",
            ),
            "Where does the government of the birth country of Alan Foy sit?",
            "Leeds Hamlet",
        ),
        Example(
            ("Martin Foley is the mayor of Perth Hamlet.",),
            "Who runs the town hall of Perth Hamlet?",
            "Martin Foley",
        ),
        Example(
            ("Peter Hobbs slipped on a banana in York Hamlet.",),
            "Where did Peter Hobbs slip on a banana?",
            "York Hamlet",
        ),
        Example(
            (
                "The publisher of Simple Algebra is Lloyds Mutual.",
                "Lloyds Mutual was founded by Janet Pryce.",
                "Janet Pryce goes fishing on Kent Water.",
            ),
            "On which lake does the founder of the publisher of Simple Algebra go fishing?",
            "Kent Water",
        ),
    ),
    question="Question: {question} Answer:",
    nothing="Question: {question} Nothing known. Answer:",
)
