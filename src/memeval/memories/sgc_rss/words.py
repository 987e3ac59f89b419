"""Words of English that carry no relation: where names, cues and clauses begin and end."""

ARTICLES = frozenset({"a", "an", "the"})
AUXILIARIES = frozenset(
    """am are be been being can could did do does had has have is may might must shall should was
    were will would""".split()
)
ASKING = frozenset("how what when where which who whom whose why".split())
PREPOSITIONS = frozenset(
    """about above across after against along among around at before behind below beneath beside
    between beyond by despite down during for from in inside into near of off on onto out outside
    over past since through throughout till to toward towards under until up upon with within
    without""".split()
)
PRONOUNS = frozenset(
    """anybody anyone anything everybody everyone everything he her him his i it its me my nobody
    nothing one our she somebody someone something that their them there these they this those us
    we you your""".split()
)
OPENERS = frozenset(
    """actually again all also although and as because both but each either even eventually every
    finally first fortunately here however if indeed instead last later many meanwhile moreover most
    neither never next no nor not now often once only or other perhaps please rather several so some
    sometimes soon still such suddenly tell then therefore though thus today tomorrow tonight
    unfortunately unless usually very well whether while yes yesterday yet""".split()
)
FUNCTION_WORDS = ARTICLES | AUXILIARIES | ASKING | PREPOSITIONS | PRONOUNS | OPENERS
SAME_AS = frozenset(
    {
        "is also called",
        "is also known as",
        "is better known as",
        "is nicknamed",
        "is short for",
        "stands for",
        "was also called",
        "was also known as",
    }
)
"""What says that two names are of one entity."""
NAME_LINKS = frozenset("al bin da de del der di du la le of van von".split())
"""Small words that stand inside a name: "Bank of England", "Ludwig van Beethoven"."""
