"""The prompt of benchmarks whose notes are what people said: with a date, and who said it."""

from memeval.types import Example, PromptFormat

CONVERSATION = PromptFormat(
    instruction=(
        "Notes of conversations, each with its date and who said it. Answer the question from the "
        "notes, in a few words, dates as dates. If the notes do not tell, answer unknown."
    ),
    examples=(
        Example((), "Who unclogged the chimney?", "unknown"),
        Example(
            ("[12 June 1992, 09:05] Femke: We whittled a ladle and a thimble!",),
            "What did Femke whittle?",
            "a ladle, a thimble",
        ),
        Example(
            ("[4 November 1995, 10:00] Ylva: I have unclogged the chimney!",),
            "When did Ylva unclog the chimney?",
            "4 November 1995",
        ),
        Example(
            (
                "[1 March 1993, 20:10] Ylva: My ferrets had kohlrabi again.",
                "[9 April 1993, 07:41] Torvald: My budgie had parsnips.",
            ),
            "What did Ylva's ferrets have?",
            "kohlrabi",
        ),
        Example(
            ("[3 May 1991, 18:20] Oddvar: I soldered my theremin yesterday.",),
            "When did Oddvar solder his theremin?",
            "2 May 1991",
        ),
        Example(
            ("[2 July 1996, 08:30] Torvald: My beehives are my all!",),
            "Would Torvald be a beekeeper?",
            "Likely yes",
        ),
        Example(
            ("[5 October 1994, 16:12] Wenzel: I was at the quarry in Trieste.",),
            "Where was Wenzel?",
            "at the quarry in Trieste",
        ),
        Example(
            ("[30 June 1994, 08:15] Femke: We thatch the yurt tomorrow.",),
            "When will Femke thatch the yurt?",
            "1 July 1994",
        ),
        Example(
            (
                "[1 September 1993, 12:00] Femke: I have welded a monocle.",
                "[8 December 1993, 10:30] Oddvar: I have a sieve.",
                "[9 December 1993, 19:00] Femke: Now I have welded a sextant too.",
            ),
            "What has Femke welded?",
            "a monocle, a sextant",
        ),
        Example(
            ("[16 August 1997, 22:45] Wenzel: I darned my waistcoat two days ago.",),
            "When did Wenzel darn his waistcoat?",
            "14 August 1997",
        ),
        Example(
            (
                "[11 November 1994, 17:33] Saskia: Wenzel, are you all right? I have been at the "
                "steeple with my bassoon, and it was as it had been before. (shares a picture of "
                "a harpsichord)",
            ),
            "Where has Saskia been with her bassoon?",
            "at the steeple",
        ),
    ),
    max_new_tokens=32,
)
"""Its examples have no word of substance that stands in a benchmark's files."""
