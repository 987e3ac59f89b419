"""Word lists of the suites. No list shares a word with another, or with a prompt's examples."""

from typing import NamedTuple


class Verb(NamedTuple):
    """One action in the forms that events and questions need, and the same in another word."""

    past: str
    base: str
    participle: str
    synonym: str  # past participle of a verb that says the same


FEMALE_NAMES = tuple(
    """Adela Agatha Alma Amina Astrid Beatrix Bettina Brenda Camille Carmen Celia Clara Cora Dagmar
    Daphne Delia Dora Edith Elena Elsa Esther Fatima Flora Frieda Gerda Greta Hanna Hazel Hilda
    Imelda Ingrid Irma Isolde Jolanda Judith Karin Klara Leila Lena Lidia Lotte Magda Marta Matilda
    Mercy Mina Nadia Nora Olga Paula Petra Ramona Renata Rosa Ruth Sabine Selma Sofia Tamara Thea
    Ursula Vera Wanda Yvonne Zelda Zora""".split()
)
MALE_NAMES = tuple(
    """Abel Albin Anton Arnold Axel Barnaby Bela Boris Bruno Casper Cedric Conrad Cyril Dario
    Desmond Dieter Edgar Egon Emil Ernst Felix Fergus Frank Gaston Gilbert Gregor Gustav Hector
    Henrik Hugo Igor Ivan Jasper Joachim Jonas Julian Kasimir Klaus Konrad Lars Leopold Lorenz
    Ludwig Magnus Marcel Milo Nils Norbert Olaf Oscar Otto Pablo Philip Quentin Rafael Ramon Rolf
    Rupert Sergei Simon Stefan Theo Ulrich Victor Walter Xavier Yuri""".split()
)
FIRST_NAMES = (
    *((name, "she") for name in FEMALE_NAMES),
    *((name, "he") for name in MALE_NAMES),
)
"""With their pronouns."""
SURNAMES = tuple(
    """Abbot Ackroyd Aldrin Amsel Arkwright Ashdown Babcock Bancroft Bardsley Baxter Beckett Bellamy
    Benning Bexley Birkett Blackwood Bolton Bracken Bramwell Briggs Brodie Burgess Calloway Cardew
    Carver Chadwick Clifton Colby Corbin Cotter Crane Crowley Culver Dalton Danvers Darrow Dawson
    Delmar Denholm Dexter Dobson Drummond Dunning Eastman Eckhart Eldridge Ellwood Emery Endicott
    Fairfax Farrow Fenwick Finch Fletcher Fontaine Forsyth Garland Garrick Gibbons Gilmore Goddard
    Granger Greenfield Grimshaw Hadley Halloran Hammond Hargrove Hartley Hathaway Hawkins Hendrix
    Holloway Horton Huxley Ingram Jarvis Jessup Keating Kendrick Kersey Kimball Kirkland Lachlan
    Lambert Langley Larkin Latimer Leighton Lockhart Lombard Lowell Mallory Manning Marlow Maddox
    Merrick Milburn Montague Moreland Mortimer Nash Neville Newell Norwood Oakley Ogden Osborne
    Paxton Pemberton Penrose Perkins Pickett Prescott Quigley Radcliffe Ramsey Redmond Renshaw
    Ridley Rowland Rutledge Salter Sanborn Sawyer Seaton Sheldon Sinclair Slater Stanton Sterling
    Stockton Sutton Talbot Tanner Thackeray Thornton Tillman Trent Tucker Tyndale Upton Vance
    Vaughn Wakefield Walcott Warwick Weatherby Webster Wexford Whitaker Wickham Winslow Woodrow
    Wyatt Yardley Yorke""".split()
)
ADJECTIVES = tuple(
    """amber ancient battered bent black blue brass bronze brown carved checkered copper cracked
    crimson crooked dented dusty emerald enamel engraved faded gilded golden grey heavy
    hollow iron ivory lacquered leaden marble narrow orange painted pale patched pewter pink
    polished purple round rusty scarlet silver spotted steel striped tiny velvet violet
    white wooden yellow""".split()
)
NOUNS = tuple(
    """abacus accordion anchor anvil apron armchair arrow banjo barometer barrel bell belt
    bench bonnet bookmark bracelet brooch buckle button candle candlestick cannon canteen
    castanet cello chisel clarinet clasp coffin comb compass crayon crib cork crown cymbal
    domino dresser earring easel fan feather fork funnel furnace gauge glove goblet gong guitar
    hammer harness harp helmet hinge hook horseshoe hourglass inkwell jigsaw key kettle kite
    ladder ladle lens lever loom lute magnet mallet mandolin mask medal microscope millstone nail
    needle notebook oar oboe organ paddle padlock pedal pencil pendulum periscope pipe pitchfork
    plough pump quill rake ribbon saddle sail sandal saw saxophone scale scroll
    shield sickle sieve skate sled spindle spoon spur stamp stapler stethoscope stirrup stove
    suitcase sundial sword tambourine telescope thermometer thimble tile toboggan torch
    trombone trowel trumpet tuba typewriter umbrella urn valve vase vise wheel wheelbarrow whip
    whistle wrench xylophone zither""".split()
)
SYNONYM_NOUNS = tuple(
    (said, cued)
    for said, cued in (
        pair.split("/")
        for pair in """lantern/lamp sofa/couch bicycle/bike automobile/car photograph/picture jewel/gem
        rug/carpet mug/cup axe/hatchet boat/vessel rifle/gun rock/stone purse/handbag
        serpent/snake blossom/flower drape/curtain cupboard/cabinet
        trunk/chest crate/box bucket/pail spade/shovel dagger/knife gown/dress robe/cloak
        sweater/pullover cap/hat diary/journal novel/book chart/map portrait/painting
        statue/sculpture violin/fiddle wagon/cart biscuit/cookie ale/beer perfume/fragrance
        rope/cord parcel/package trophy/award puppet/doll basket/hamper plate/dish bottle/flask
        quilt/blanket pillow/cushion banner/flag scarf/shawl coat/jacket
        necklace/pendant clock/timepiece canoe/kayak carriage/coach
        gift/present refrigerator/fridge airplane/plane telephone/phone movie/film taxi/cab
        truck/lorry medicine/medication pistol/handgun""".split()
    )
)
VERBS = (
    Verb("bought", "buy", "bought", "purchased"),
    Verb("fixed", "fix", "fixed", "repaired"),
    Verb("found", "find", "found", "discovered"),
    Verb("hid", "hide", "hidden", "concealed"),
    Verb("built", "build", "built", "constructed"),
    Verb("lost", "lose", "lost", "misplaced"),
    Verb("gathered", "gather", "gathered", "collected"),
    Verb("cleaned", "clean", "cleaned", "washed"),
    Verb("got", "get", "got", "obtained"),
    Verb("chose", "choose", "chosen", "selected"),
    Verb("sent", "send", "sent", "dispatched"),
    Verb("drew", "draw", "drawn", "sketched"),
    Verb("broke", "break", "broken", "smashed"),
    Verb("examined", "examine", "examined", "inspected"),
    Verb("showed", "show", "shown", "displayed"),
    Verb("carried", "carry", "carried", "transported"),
    Verb("rented", "rent", "rented", "hired"),
    Verb("swapped", "swap", "swapped", "exchanged"),
    Verb("ordered", "order", "ordered", "requested"),
    Verb("saved", "save", "saved", "rescued"),
    Verb("moved", "move", "moved", "relocated"),
    Verb("watched", "watch", "watched", "observed"),
)
PLACE_NAMES = tuple(
    """Alder Amberley Ardmore Ashby Barrow Birch Blythe Bourne Bramble Briar Brockley Burnt Cairn
    Calder Cedar Chalk Cinder Clover Coldwell Cobalt Coral Crag Cray Cress Crow Cutler Dale Deepwell
    Dover Drift Dune Eastleigh Ebony Eel Elder Elm Ember Fallow Farrier Fawn Fell Fern Flint Foss
    Foxglove Frost Gable Garnet Glen Gorse Granite Gull Harrow Haven Heather Hemlock Heron Hickory
    Holly Hornbeam Indigo Ivy Jackdaw Jasmine Juniper Kelp Kestrel Kiln Kingfisher Lark Laurel
    Lavender Lichen Lilac Linden Lindow Loch Lupin Magpie Maple Marsh Mead Merlin Mint Moor Moss
    Myrtle Nettle Nightjar Nutmeg Oaken Onyx Opal Orchard Osprey Otter Owl Pebble Pelham Pine
    Plover Poplar Primrose Quail Quarry Raven Reed Robin Rook Rowan Rush Saffron Sage Salt Sandy
    Sedge Shale Slate Sloe Snipe Sorrel Sparrow Spruce Starling Stony Sumac Swallow Swift Sycamore
    Tansy Teal Thistle Thrush Thyme Trout Vale Vetch Walnut Warren Willow Wren Yarrow Yew""".split()
)
PLACE_KINDS = tuple(
    """Abbey Bank Bay Bridge Castle Cliff Corner Court Cross Farm Field Ford Gate Green Grove
    Harbour Hill House Inn Island Lane Lodge Market Mill Park Pier Point Road Square Station Street
    Tower Wharf""".split()
)
ROOM_KINDS = tuple(
    """Attic Ballroom Bedroom Cellar Chamber Chapel Closet Foyer Gallery Hallway Kitchen
    Laundry Library Lobby Loft Lounge Nursery Office Pantry Parlour Salon Studio Study Vault
    Vestibule Veranda Workshop""".split()
)
MONTHS = tuple(
    """January February March April May June July August September October November
    December""".split()
)

CHATTER_TIMES = (
    "In the morning",
    "In the afternoon",
    "In the evening",
    "After lunch",
    "Before dinner",
    "For most of the day",
    "At the end of the day",
    "For a while",
    "All week",
    "Once again",
)
CHATTER_STATES = (
    "the weather was nice",
    "it was quiet outside",
    "nothing much happened",
    "there was not much to do",
    "everything was the same",
    "it was a normal day",
    "the sun was out",
    "it was a little cold",
    "there was a bit of rain",
    "it was very warm",
)
CHATTER_TAILS = (
    "and everyone went home as usual",
    "and people went on with their day",
    "and no one had anything to say",
    "so we stayed at home for a while",
    "and it was the same as before",
    "and there was nothing new to report",
    "so people went for a walk as usual",
    "and everyone was in a good mood",
    "and that was all there was to it",
    "and we all went to bed early",
)
