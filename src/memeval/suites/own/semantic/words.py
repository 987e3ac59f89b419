"""Word lists of the semantic suite. No list shares a word with another, or with its prompt."""

COMPANY_NAMES = tuple(
    """Apex Argon Astra Atlas Aurora Axiom Beacon Bolt Carbon Cascade Catalyst Centaur Citadel Comet
    Corona Cosmos Crest Cygnus Delta Dynamo Eclipse Element Epoch Equinox Fusion Galaxy Genesis
    Gravity Helios Horizon Icarus Impulse Jupiter Keystone Krypton Lumen Matrix Meridian Meteor
    Momentum Monarch Nebula Neon Nexus Nimbus Nova Nucleus Olympus Omega Orbit Orion Paragon Pegasus
    Phoenix Photon Pinnacle Polaris Prism Pulsar Quantum Quasar Saturn Sigma Solaris Spectrum
    Stellar Tempest Titan Triton Umbra Unity Vanguard Vector Vertex Vulcan Zenith Zephyr""".split()
)
COMPANY_KINDS = tuple(
    """Airlines Batteries Brewing Chemicals Electronics Fabrics Foods Insurance Logistics Motors
    Plastics Shipping Software Toys""".split()
)
CITY_KINDS = tuple(
    """Beach Borough Crossing Falls Gardens Heights Junction Landing Plains Shores Springs Terrace
    Valley Village""".split()
)
COUNTRY_NAMES = tuple(
    """Albatross Avocado Bamboo Barley Blizzard Boulder Butterfly Cactus Caramel Cinnamon Citrus
    Coconut Cotton Cypress Dolphin Eagle Eucalyptus Falcon Flamingo Geyser Ginger Glacier Grape
    Hazelnut Honey Hurricane Jaguar Jackal Leopard Lemon Lobster Mahogany Mango Mineral Monsoon
    Mustang Obsidian Olive Orchid Panther Papaya Parrot Peach Pelican Penguin Pepper Phosphor
    Plateau Platinum Quartz Salmon Sapphire Savanna Spice Sugar Sulphur Tiger Topaz Tropic Tulip
    Tundra Turquoise Vanilla Velcro Walrus Waterfall Wheat Wool Zebra""".split()
)
COUNTRY_KINDS = tuple("Colony Confederation Empire Federation Kingdom Republic Territory".split())
NATURE_NAMES = tuple(
    """Angel Arctic Badland Bandit Bishop Blazing Breezy Bullet Candy Champion Chilly Cloudy
    Cowboy Cradle Crystal Dancing Devil Diamond Dragon Dreamy Drifting Druid Dusky Dwarf Echo Fairy
    Fiddler Foggy Forgotten Gentle Ghost Giant Gloomy Goblin Gardener Hazy Hermit Icy Jagged Jolly
    Knight Laughing Lazy Leafy Leaping Lightning Lonely Lucky Magic Maiden Mason Mermaid Midnight
    Miller Mirror Misty Monk Moonlight Mossy Muddy Nomad Nymph Outlaw Painter Phantom Pilgrim
    Pirate Princess Rainbow Roaring Rocky Rushing Sailor Shady Shepherd Shimmer Singing Sleepy
    Snowy Soldier Sorcerer Splash Stormy Sunset Tailor Thorny Thunder Troll Tumbling Twilight
    Twisted Vagabond Viking Wandering Weaver Weeping Whisper Wild Windy Wizard""".split()
)
RIVER_KINDS = tuple("Brook Canal Creek Rapids River Stream".split())
MOUNTAIN_KINDS = tuple("Cliffs Mountain Peak Ridge Summit Volcano".split())
LAKE_KINDS = tuple("Basin Lagoon Pond Reservoir Tarn".split())
FOREST_KINDS = tuple("Jungle Thicket Wilderness Woodland Woods".split())
TITLE_OPENINGS = tuple(
    """Bitter Borrowed Burning Buried Careless Cruel Distant Endless Eternal Faithful Fallen Fatal
    Final Frozen Haunted Humble Immortal Innocent Invisible Loyal Nameless Perfect Reckless Restless
    Sacred Savage Secret Silent Sinister Solemn Stolen Stubborn Sudden Tender Tragic Vanishing
    Wicked Wounded""".split()
)
TITLE_ENDINGS = tuple(
    """Alibi Ballad Bargain Betrayal Captain Castaway Confession Daughter Destiny Dream Elegy Enemy
    Farewell Fugitive Harvest Hunter Journey Lament Legacy Letter Memory Mistress Oath Orphan
    Paradise Promise Prophet Reunion Revenge Riddle Sonata Stranger Symphony Throne Verdict Voyage
    Widow Winter Witness""".split()
)
MUSEUM_NAMES = tuple(
    """Adonis Ajax Apollo Ariadne Athena Aztec Bacchus Baroque Byzantine Cicero Circe Cleopatra
    Cupid Doric Etruscan Euclid Gothic Hercules Hermes Homer Iris Jason Juno Leonardo Lyra Mars
    Medea Mercury Midas Minerva Mozart Muse Nero Odyssey Ovid Pandora Perseus Plato Pluto Pompeii
    Raphael Sappho Socrates Sphinx Thalia Theseus Trojan Ulysses Venus Vesta Virgil Xerxes
    Zeus""".split()
)
MUSEUM_KINDS = tuple(
    "Academy Archive Atelier Collection Foundation Institute Museum Pavilion Rotunda Treasury".split()
)
