"""The prompts of the suites: an instruction and worked examples, none of whose words a dataset uses.

The examples end where the notes of the question begin, so that the whole of it is read once.
"""

from memeval.types import PromptFormat

EPISODIC = PromptFormat(
    prefix="""\
Answer the question from the notes, in as few words as possible. If the notes do not tell, answer unknown.

Notes:
Question: Who kissed the plastic toy?
Nothing known.
Answer: unknown

Notes:
- Alice Doyle sold a woollen sock at Bristol Docks on Monday.
Question: Where did Alice Doyle sell the woollen sock?
Answer: Bristol Docks

Notes:
- On Friday, Peter Hobbs caught a glass bowl at Leeds Arcade.
Question: What did Peter Hobbs catch at Leeds Arcade?
Answer: a glass bowl

Notes:
- On Sunday, Janet Pryce weighed a cotton towel at Luton Airport.
Question: Who weighed the cotton towel at Luton Airport?
Answer: Janet Pryce

Notes:
- Susan Blake kissed a paper lid at Dundee Zoo on Saturday.
Question: On what date did Susan Blake kiss the paper lid?
Answer: Saturday

Notes:
Question: Where did Alan Foy weigh the paper lid?
Nothing known.
Answer: unknown

Notes:
- On Monday, Susan Blake caught a rubber ball at Leeds Arcade.
Question: Who was at Leeds Arcade?
Answer: Susan Blake

Notes:
- Martin Foley burned a tin spool at York Museum on Sunday.
Question: Where was Martin Foley?
Answer: York Museum

Notes:
- On Saturday, Megan Price threw a nylon tarp at Perth Stadium.
Question: Where was the nylon tarp thrown?
Answer: Perth Stadium

Notes:
- Correction: Colin Reeve kept a woollen sock at Kent Arcade.
Question: Where did Colin Reeve keep the woollen sock?
Answer: Kent Arcade

Notes:
- Peter Hobbs weighed a paper lid at Luton Airport on Friday.
- There he also noticed a glass bead.
Question: What did Peter Hobbs notice at Luton Airport?
Answer: a glass bead

Notes:
- On Monday, Susan Blake caught a rubber ball at Leeds Arcade.
- Then she threw it to Alan Foy.
Question: To whom did Susan Blake throw the rubber ball?
Answer: Alan Foy

Notes:
"""
)
