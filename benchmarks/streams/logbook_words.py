"""What stands in the log of a party on a glacier. No word of it is of memeval's own suites.

In a wording `{v}` is what is asked for later, `{p}` a member of the party, and `{n}` a number.
"""

PARTY = ("Tarun", "Solveig", "Matteo", "Ayasha", "Bram", "Yusuf", "Keoni", "Ludmila")
AREAS = (
    "the icefall",
    "the moraine",
    "the snout",
    "the nunatak",
    "the meltwater pond",
    "the col",
    "the seracs",
    "the avalanche cone",
    "the bergschrund",
    "the medial ridge",
)

READINGS = {
    "How many centimetres was ablation stake {id} bare?": (
        [f"A{number}" for number in range(1, 25)],
        (20, 240),
        "Ablation stake {id}: {v} centimetres bare.",
        "Read stake {id}, {v} centimetres stick out of the ice.",
        "{v} centimetres at ablation stake {id}, more than {p} had bet on.",
        "{p} dug stake {id} free of slush and measured {v} centimetres.",
    ),
    "How many volts did battery {id} have?": (
        [f"B{number}" for number in range(1, 17)],
        (9, 15),
        "Battery {id} is at {v} volts after a night under zero.",
        "{p} put the voltmeter to battery {id}: {v} volts.",
        "Only {v} volts left in battery {id}.",
        "Charged battery {id} from the solar panel up to {v} volts.",
    ),
    "How deep was borehole {id} drilled?": (
        [f"D{number}" for number in range(1, 17)],
        (12, 99),
        "Drilling at borehole {id} stopped at {v} metres, the cutter had jammed.",
        "Borehole {id} now goes {v} metres deep.",
        "{p} lowered a probe down borehole {id} and touched bottom at {v} metres.",
        "{v} metres deep, borehole {id} is finished and sealed.",
    ),
    "How many ice cores lie in tray {id}?": (
        [f"T{number}" for number in range(1, 17)],
        (3, 19),
        "Tray {id} holds {v} ice cores.",
        "{p} put {v} ice cores in tray {id} and labelled them.",
        "Counted tray {id}: {v} ice cores, none of them melting.",
        "{v} ice cores packed on tray {id}.",
    ),
}

DEEDS = (
    ("the spark plug of the generator was replaced", "was the spark plug replaced"),
    ("an avalanche buried the latrine", "was the latrine buried"),
    ("a helicopter landed with mail", "did mail arrive by helicopter"),
    ("the satellite antenna turned silent", "did the satellite antenna turn silent"),
    ("the mess tent caught fire", "did the mess tent burn"),
    ("the first polynya opened", "did the first polynya open"),
    ("the seismometer was lowered into its pit", "was the seismometer installed"),
    ("two climbers from Peru passed by", "did the climbers from Peru come by"),
    ("the drill's winch seized up", "did the winch seize up"),
    ("the anemometer mast toppled", "did the mast topple"),
    ("the lidar scan of the tongue was completed", "was the lidar scan completed"),
    ("an arctic fox raided the larder", "was the larder raided"),
    ("the tracer dye came out at the snout", "did the tracer dye emerge"),
    ("the snowmobile's chain tore", "did the snowmobile fail"),
    ("a calving event drowned the tide sensor", "was the tide sensor drowned"),
    ("daylight came back over the horizon", "did daylight come back"),
    ("the minister's delegation took a tour", "did the delegation visit"),
    ("the espresso machine gave up", "did the espresso machine give up"),
)
WHEN = (
    ("To be entered: {deed}.", 0),
    ("Today {deed}.", 0),
    ("Event of the shift: {deed}.", 0),
    ("Yesterday {deed}, entered late.", 1),
    ("For the record, {deed} yesterday.", 1),
    ("Unplanned: {deed}, at breakfast time.", 0),
    ("{deed} two days ago, which nobody had put on paper.", 2),
    ("Shortly after midnight {deed}.", 0),
    ("At noon {deed}.", 0),
    ("As feared, {deed} today.", 0),
    ("We were asleep yesterday when {deed}.", 1),
    ("{p} tells us that {deed} three days ago.", 3),
    ("Cheers from all of us today: {deed}.", 0),
    ("Late in the shift {deed}.", 0),
    ("Log of the leader: {deed} two days ago.", 2),
    ("While {p} cooked porridge today, {deed}.", 0),
)

CHANGED = (
    (
        ("beside the icefall", "on the moraine", "under the nunatak", "at the col"),
        "Camp Two is pitched {v}.",
        "A serac came down, we shifted Camp Two: it stands {v}.",
        "Where is Camp Two?",
    ),
    (
        ("145.2", "146.8", "151.5", "148.9"),
        "Radio contact with base is on {v} megahertz.",
        "Too noisy, from here on we call base on {v} megahertz.",
        "On how many megahertz is base called?",
    ),
    (
        ("Tarun", "Solveig", "Bram", "Yusuf"),
        "{v} leads the party for the time being.",
        "The baton passes on: {v} is in charge of us all.",
        "Who leads the party?",
    ),
    (
        ("two hours", "three hours", "five hours", "ninety minutes"),
        "The generator runs {v} per night.",
        "To spare diesel the generator is cut down to {v}.",
        "How long does the generator run?",
    ),
    (
        ("the food drums", "the ammunition cases", "the skis", "the core trays"),
        "The bear alarm is wired to {v}.",
        "False alarms all night; {v} trigger the bear alarm now.",
        "What is the bear alarm wired to?",
    ),
    (
        ("pemmican", "lentils", "dried cod", "oatmeal"),
        "Breakfast ration until further notice: {v}.",
        "We are all sick of it. Breakfast becomes {v}.",
        "What is the breakfast ration?",
    ),
    (
        ("eleven", "seven", "nineteen", "fourteen"),
        "Depot East has {v} canisters of paraffin.",
        "Restocked, Depot East counts {v} canisters.",
        "How many canisters has Depot East?",
    ),
    (
        ("a red flare", "three red flares", "a smoke pot", "two mirror flashes"),
        "Signal for an emergency: {v}.",
        "Emergency signal altered to {v}, all have signed.",
        "What is the emergency signal?",
    ),
    (
        ("the eastern couloir", "the snow ramp", "the left flank", "the bolted line"),
        "Our way up the headwall goes by {v}.",
        "Rockfall, so the headwall is climbed by {v} instead.",
        "By which way is the headwall climbed?",
    ),
    (
        ("a Norwegian trawler", "the supply aircraft", "a dog team", "the icebreaker"),
        "Pick-up as the season closes: {v}.",
        "A telegram: we shall be fetched by {v}.",
        "What fetches the party when the season closes?",
    ),
    (
        ("fourteen", "nineteen", "eleven", "twenty-two"),
        "Dogs in the team: {v}.",
        "After the litter and two losses the team numbers {v} dogs.",
        "How many dogs are in the team?",
    ),
    (
        ("mineral oil", "kerosene", "glycol", "butyl acetate"),
        "The borehole fluid is {v}.",
        "Borehole fluid replaced, it is {v} all through.",
        "What fluid is in the boreholes?",
    ),
    (
        ("the geologist", "the doctor", "the cook", "the glaciologist"),
        "Access to the fuel cage: through {v}.",
        "The fuel cage code passed over to {v}.",
        "Who gives access to the fuel cage?",
    ),
    (
        ("six degrees", "minus two", "eleven degrees", "minus nine"),
        "The core freezer is set at {v}.",
        "Cores were sweating; freezer turned to {v}.",
        "What is the core freezer set at?",
    ),
    (
        ("Sunday", "Wednesday", "Friday", "Monday"),
        "Bath night is {v}.",
        "After some grumbling bath night was put off to {v}.",
        "Which night is bath night?",
    ),
    (
        ("Ayasha", "Keoni", "Matteo", "Ludmila"),
        "{v} guards the satellite terminal codes.",
        "Terminal codes handed over, they remain with {v}.",
        "Who guards the terminal codes?",
    ),
)

PARAPHRASED = (
    (
        "{p}'s toes have gone numb and waxy, treated with {v}.",
        "How was frostbite dealt with?",
        ("lukewarm water", "nifedipine", "a heat pack"),
    ),
    (
        "Nobody slept: {v} howled around the tents till dawn.",
        "What kept the party awake?",
        ("a blizzard", "wolves", "the katabatic gusts"),
    ),
    (
        "{p} plunged through a snow lid and hung by the belay; {v} hoisted the poor fellow out.",
        "How was the victim of the crevasse pulled up?",
        ("a Z-pulley", "the dogs", "the snowmobile winch"),
    ),
    (
        "The sky burned in waves all night; {p} said it was like {v}.",
        "What was the aurora compared to?",
        ("a cathedral", "spilled ink", "jellyfish"),
    ),
    (
        "Stomach cramps throughout, we blame {v}.",
        "What caused the food poisoning?",
        ("the tinned mussels", "undercooked seal", "the mayonnaise"),
    ),
    (
        "{p} won every game; the loser had to do {v}.",
        "What was the stake at cards?",
        ("the scrubbing", "night duty", "the latrine"),
    ),
    (
        "Eyes red and streaming after a trek without goggles, {p} rests with {v}.",
        "What helped against snow blindness?",
        ("tea bags", "cocaine drops", "dark bandages"),
    ),
    (
        "{p} played to us after supper, on {v}.",
        "Which instrument made music in camp?",
        ("a harmonica", "a ukulele", "a musical cleaver"),
    ),
    (
        "Huge paw prints circle the tents; {v} made it turn away.",
        "What drove off the polar bear?",
        ("pots and pans", "a signal flare", "pepper spray"),
    ),
    (
        "The ration of sweets is used up because {p} fed them to {v}.",
        "Who ate the candy?",
        ("the huskies", "the skuas", "the visitors"),
    ),
    (
        "{p} had word of a newborn daughter and named her {v} over the airwaves.",
        "What is the baby girl called?",
        ("Aurora", "Nanook", "Sedna"),
    ),
    (
        "Handwriting on a frozen note under a heap of gravel, signed by {v}.",
        "Whose old message turned up?",
        ("a whaler", "the 1931 party", "a missing priest"),
    ),
    (
        "It leaked through the seams, we stuffed them with {v}.",
        "How was the tent made watertight?",
        ("seal fat", "chewing gum", "wax"),
    ),
    (
        "{p} threatens to leave on the next flight, on account of {v}.",
        "Over what did someone want to quit?",
        ("the snoring", "unpaid wages", "the menu"),
    ),
    (
        "The beard had to come off, {p} used {v}.",
        "With what did someone shave?",
        ("an ice pick", "a scalpel", "sheep shears"),
    ),
    (
        "Trying to brighten the dark months, {p} planted {v} under the bulb.",
        "What greenery was grown indoors?",
        ("parsley seeds", "chilli", "dwarf beans"),
    ),
    (
        "{p} has a fever of forty and raves about {v}.",
        "What did the delirious patient speak of?",
        ("palm trees", "unpaid taxes", "an aunt's parrot"),
    ),
)

DUTIES = (
    ("From today {p} looks after the huskies.", "who looks after the huskies"),
    ("{p} is our cook until relieved.", "who cooks"),
    ("The drill is in {p}'s hands.", "in charge of the drill"),
    ("{p} volunteered as doctor.", "who acts as doctor"),
    ("All radio traffic goes through {p}.", "responsible for radio traffic"),
    ("{p} has been made keeper of the fuel.", "who keeps the fuel"),
    ("Navigation: {p}, as agreed at supper.", "who does the navigation"),
    ("The snowmobiles answer to {p} alone.", "in charge of the snowmobiles"),
)
OF_PERSONS = (
    (
        "{p} shares a tent with {v}.",
        "With what does the person {d} share a tent?",
        ("a bassoon", "forty thrillers", "the gravimeter"),
    ),
    (
        "A consignment from Lima arrived for {p}: {v}.",
        "What did the person {d} receive from Lima?",
        ("alpaca socks", "quinoa bars", "a hammock"),
    ),
    (
        "{p} wagered {v} that the ice will go out before Easter.",
        "What did the person {d} wager?",
        ("a beard", "ten pounds of tobacco", "a grand piano"),
    ),
    (
        "{p} cannot stand the smell of {v}.",
        "What smell annoys the person {d}?",
        ("paraffin", "wet wool", "fish oil"),
    ),
    (
        "On the long ski tour {p} snapped {v}.",
        "What did the person {d} snap when skiing?",
        ("a thumb", "both bindings", "a rib"),
    ),
    (
        "{p} turned thirty; the cake was made of {v}.",
        "What was the birthday cake of the person {d}?",
        ("crushed waffles", "polenta", "frozen custard"),
    ),
    (
        "{p} writes to {v} by every mail flight.",
        "To whom does the person {d} write letters?",
        ("a fiancee", "the bishop", "a chess partner"),
    ),
    (
        "{p} was seen talking to {v}, perhaps time for leave.",
        "To what was the person {d} talking?",
        ("a penguin decoy", "the theodolite", "the soup"),
    ),
    (
        "{p} whittled a chess set out of {v}.",
        "Out of what did the person {d} whittle chessmen?",
        ("walrus tusk", "soap", "driftwood"),
    ),
    (
        "{p} dreams of opening {v} back in the south.",
        "What would the person {d} like to open?",
        ("a laundromat", "an oyster bar", "a kindergarten"),
    ),
    (
        "{p} speaks {v} asleep, loudly.",
        "Which language does the person {d} speak asleep?",
        ("Finnish", "Quechua", "Welsh"),
    ),
    (
        "{p} came to us from {v}, where it never snows.",
        "Where did the person {d} come from?",
        ("Mauritius", "Oman", "Darwin"),
    ),
    (
        "{p} was stung by {v} before the voyage and has the scar.",
        "What stung the person {d}?",
        ("a stingray", "a scorpion", "a jellyfish"),
    ),
    (
        "{p} reads nothing but {v}.",
        "What does the person {d} read?",
        ("westerns", "tide tables", "Dostoevsky"),
    ),
    (
        "Punishment for swearing: {p} must recite {v}.",
        "What must the person {d} recite?",
        ("the periodic table", "psalms", "knot names"),
    ),
    (
        "{p} has tattooed {v} on the left arm.",
        "What is tattooed on the person {d}?",
        ("a narwhal", "the equator", "a mermaid"),
    ),
)

FILLER = (
    "It snowed for {n} hours, then the sky opened over {a}.",
    "{p} and {q} tied up and skirted {a}; back after {n} hours.",
    "Barometric pressure dropped by {n} hectopascals, gusts from {a}.",
    "Gusts of {n} knots, everybody remains under canvas.",
    "{p} sharpened crampons and darned socks.",
    "Visibility {n} metres at most near {a}.",
    "Soup for supper, {p} asked for seconds.",
    "{q} beat {p} at backgammon, {n} to two.",
    "Melted {n} litres of snow for drinking.",
    "Rime on all cables, {p} knocked it off by hand.",
    "GPS survey along {a}, {n} waypoints taken.",
    "Nothing stirs in this whiteout. {p} tells stories.",
    "Minus {n} at sunrise; moustaches froze.",
    "{p} complains about a blister, {q} about {p}.",
    "Hauled {n} kilos of gear towards {a}.",
    "A skua circled over {a} for an hour.",
    "Radar profile number {n} across {a}, crisp reflections.",
    "{p} scooped out the entrance, {n} minutes of sweat.",
    "Halo in the south, {q} took {n} snapshots.",
    "Tents flap, nerves as well. {p} makes cocoa.",
    "The stream under {a} roars; discharge up by {n} percent.",
    "{p} wants silence at breakfast, motion denied.",
    "Ice creaked {n} times during the night, close to {a}.",
    "Short ski to {a} with {q}, crust bearing.",
    "Albedo run number {n}, instruments behaved.",
    "{p} aired the sleeping bags; they smell no better.",
    "Fog in the valley, brilliance above {a}.",
    "Sastrugi as tall as {p} towards {a}.",
    "{n} seals basking far off, counted by {q} through binoculars.",
    "Inventory: {n} tins of peas too many.",
    "{p} taught {q} a splice and a rude song.",
    "A tremor of {n} seconds, calving beyond {a}.",
    "Noses blistered after {n} hours at {a}.",
    "{q} overslept, {p} ate the bacon.",
    "Snow pit near {a}, {n} layers, two of them crusts.",
    "Wet mittens everywhere. {p} strung a line for {n} pairs.",
    "Isotope samples {n} to {m} bagged by {q}.",
    "Easy going, {n} kilometres on skis with {p}.",
    "Tea with {p}'s rum, toasts to absent friends.",
    "Drone flight {n} over {a}, one propeller nicked.",
)
