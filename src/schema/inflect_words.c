/* The words and endings the inflector knows.
 *
 * A row serves both directions. A word belongs to inflect_irregulars when its ending would mislead ("ties" end like
 * "parties", "canoes" like "volcanoes"), and to inflect_endings when lower-case compounds of it should follow
 * (superhero, grandchild). An ending of regular words appears where a longer or irregular one would claim them. */
#include "schema/inflect_words.h"

#include <stddef.h>

const char *const inflect_uncountables[] = {
    "accommodation", "adulthood", "advertising", "advice", "aerobics", "aggression", "agriculture", "aircraft",
    "alcohol", "analytics", "anger", "applause", "aries", "arithmetic", "arthritis", "asbestos", "assistance",
    "athletics", "baggage", "barracks", "biceps", "billiards", "biology", "bison", "bluetooth", "botany", "bourgeois",
    "bread", "butter", "camaraderie", "cannabis", "cash", "cattle", "chaos", "chassis", "chess", "clothes",
    "clothing", "cod", "cosmos", "countryside", "crossroads", "css", "cutlery", "cybernetics", "dancing", "debris",
    "deer", "diabetes", "dirt", "dns", "dust", "education", "electricity", "electronics", "engineering", "equipment",
    "ethernet", "ethics", "evidence", "feedback", "fiction", "firmware", "flour", "forceps", "freeware", "furniture",
    "gallows", "garbage", "garlic", "genetics", "gold", "golf", "gps", "graffiti", "gratitude", "gymnastics",
    "happiness", "hardware", "hatred", "headquarters", "health", "herpes", "homework", "honesty", "hospitality",
    "housework", "hovercraft", "https", "hubris", "hydrogen", "information", "ios", "jeans", "jewellery", "jewelry",
    "judo", "karate", "knowledge", "kudos", "laughter", "leather", "leisure", "lightning", "linguistics",
    "literature", "livestock", "logistics", "luck", "luggage", "machinery", "malware", "mankind", "mathematics",
    "measles", "merchandise", "metadata", "milk", "miniseries", "molasses", "money", "moose", "mud", "multimedia",
    "mumps", "music", "news", "nitrogen", "nonsense", "nutrition", "obesity", "offspring", "oxygen", "pajamas",
    "pants", "pasta", "pathos", "patience", "photography", "plankton", "pliers", "poetry", "police", "pollution",
    "poverty", "progress", "psychology", "publicity", "pumice", "punctuation", "pyjamas", "quadriceps", "rabies",
    "racism", "ramen", "research", "revenge", "rice", "robotics", "rubbish", "sabotage", "safety", "salmon",
    "scenery", "scissors", "seafood", "semen", "series", "shareware", "sheep", "shopping", "shrimp", "sms", "snow",
    "software", "soil", "spacecraft", "spaghetti", "species", "spyware", "squid", "steam", "stuff", "subseries",
    "subspecies", "sunglasses", "sunshine", "swine", "telemetry", "tennis", "thanks", "thunder", "timber",
    "timeseries", "tls", "traffic", "transportation", "triceps", "trousers", "trout", "tuna", "tweezers", "underwear",
    "unemployment", "violence", "watercraft", "wealth", "weather", "welfare", "wheat", "whereabouts", "wildlife",
    "wisdom", "yoga", "zinc", "zoology",
    NULL
};

const struct inflect_pair inflect_irregulars[] = {
    /* Germanic and other old plurals. */
    { "ox", "oxen" }, { "mouse", "mice" }, { "dormouse", "dormice" }, { "titmouse", "titmice" }, { "louse", "lice" },
    { "woodlouse", "woodlice" }, { "die", "dice" }, { "die", "dies" }, { "penny", "pennies" }, { "penny", "pence" },
    { "mongoose", "mongooses" }, { "life", "lives" }, { "olive", "olives" },
    { "passerby", "passersby" },

    /* -man and -men that are no men. */
    { "roman", "romans" }, { "norman", "normans" }, { "shaman", "shamans" }, { "talisman", "talismans" },
    { "ottoman", "ottomans" }, { "caiman", "caimans" }, { "brahman", "brahmans" }, { "omen", "omens" },
    { "amen", "amens" },

    /* -is: the ones that are no -sis, and -i words whose plural looks like them. */
    { "axis", "axes" }, { "axe", "axes" }, { "pickaxe", "pickaxes" }, { "praxis", "praxes" }, { "oasis", "oases" },
    { "iris", "irises" }, { "ibis", "ibises" }, { "pelvis", "pelvises" }, { "trellis", "trellises" },
    { "portcullis", "portcullises" }, { "marquis", "marquises" }, { "mantis", "mantises" }, { "testis", "testes" },
    { "dais", "daises" }, { "chrysalis", "chrysalises" }, { "clematis", "clematises" }, { "penis", "penises" },
    { "stasis", "stases" }, { "metastasis", "metastases" }, { "thrombosis", "thromboses" },
    { "exegesis", "exegeses" }, { "apotheosis", "apotheoses" }, { "prophylaxis", "prophylaxes" },
    { "catharsis", "catharses" }, { "hypnosis", "hypnoses" }, { "psi", "psis" },

    /* A final s that is part of the word. */
    { "alias", "aliases" }, { "bias", "biases" }, { "gas", "gases" }, { "biogas", "biogases" },
    { "atlas", "atlases" }, { "canvas", "canvases" }, { "pancreas", "pancreases" }, { "christmas", "christmases" },
    { "lens", "lenses" }, { "os", "oses" }, { "yes", "yeses" }, { "rhinoceros", "rhinoceroses" },
    { "thermos", "thermoses" }, { "ethos", "ethoses" }, { "albatross", "albatrosses" }, { "summons", "summonses" },
    { "fracas", "fracases" },

    /* -us with a Latin plural, and the second forms one meets. */
    { "radius", "radii" }, { "cactus", "cacti" }, { "fungus", "fungi" }, { "nucleus", "nuclei" },
    { "stimulus", "stimuli" }, { "alumnus", "alumni" }, { "alumna", "alumnae" }, { "locus", "loci" },
    { "bacillus", "bacilli" }, { "terminus", "termini" }, { "modulus", "moduli" }, { "torus", "tori" },
    { "nimbus", "nimbi" }, { "corpus", "corpora" }, { "genus", "genera" }, { "syllabus", "syllabuses" },
    { "syllabus", "syllabi" }, { "focus", "focuses" }, { "focus", "foci" }, { "octopus", "octopuses" },
    { "octopus", "octopi" }, { "virus", "viruses" }, { "virus", "viri" }, { "hippopotamus", "hippopotamuses" },
    { "hippopotamus", "hippopotami" }, { "abacus", "abacuses" }, { "abacus", "abaci" },

    /* -u, whose plural would pass for -us. */
    { "cpu", "cpus" }, { "gpu", "gpus" }, { "tpu", "tpus" }, { "npu", "npus" }, { "mcu", "mcus" }, { "ecu", "ecus" },
    { "icu", "icus" }, { "pdu", "pdus" }, { "sku", "skus" }, { "psu", "psus" }, { "guru", "gurus" },
    { "haiku", "haikus" }, { "emu", "emus" }, { "gnu", "gnus" }, { "tutu", "tutus" }, { "flu", "flus" },
    { "bayou", "bayous" }, { "caribou", "caribous" }, { "zebu", "zebus" }, { "sudoku", "sudokus" },
    { "tofu", "tofus" }, { "snafu", "snafus" }, { "luau", "luaus" }, { "mu", "mus" }, { "nu", "nus" },
    { "you", "yous" }, { "thou", "thous" },

    /* -use, whose plural would pass for that of -us. */
    { "use", "uses" }, { "reuse", "reuses" }, { "misuse", "misuses" }, { "overuse", "overuses" },
    { "disuse", "disuses" }, { "abuse", "abuses" }, { "muse", "muses" }, { "ruse", "ruses" }, { "excuse", "excuses" },
    { "recluse", "recluses" }, { "hypotenuse", "hypotenuses" },

    /* -sse and -z. */
    { "posse", "posses" }, { "mousse", "mousses" }, { "finesse", "finesses" }, { "crevasse", "crevasses" },
    { "impasse", "impasses" }, { "lacrosse", "lacrosses" }, { "topaz", "topazes" }, { "fez", "fezzes" },

    /* -ch that sounds like k, and -che. */
    { "stomach", "stomachs" }, { "epoch", "epochs" }, { "loch", "lochs" }, { "eunuch", "eunuchs" },
    { "czech", "czechs" }, { "tech", "techs" }, { "fintech", "fintechs" }, { "biotech", "biotechs" },
    { "ache", "aches" }, { "headache", "headaches" }, { "toothache", "toothaches" }, { "backache", "backaches" },
    { "heartache", "heartaches" }, { "stomachache", "stomachaches" }, { "mustache", "mustaches" },
    { "moustache", "moustaches" }, { "attache", "attaches" }, { "avalanche", "avalanches" },
    { "tranche", "tranches" }, { "earache", "earaches" }, { "bellyache", "bellyaches" }, { "cloche", "cloches" },
    { "fiche", "fiches" }, { "microfiche", "microfiches" }, { "douche", "douches" }, { "niche", "niches" },
    { "quiche", "quiches" }, { "cliche", "cliches" }, { "pastiche", "pastiches" }, { "brioche", "brioches" },
    { "creche", "creches" }, { "psyche", "psyches" },

    /* -ie, and the -y words that would pass for uncountables or -ie. */
    { "tie", "ties" }, { "bowtie", "bowties" }, { "necktie", "neckties" }, { "pie", "pies" }, { "magpie", "magpies" },
    { "potpie", "potpies" }, { "lie", "lies" }, { "genie", "genies" }, { "brownie", "brownies" },
    { "pixie", "pixies" }, { "indie", "indies" }, { "goodie", "goodies" }, { "birdie", "birdies" },
    { "collie", "collies" }, { "cutie", "cuties" }, { "auntie", "aunties" }, { "foodie", "foodies" },
    { "junkie", "junkies" }, { "goalie", "goalies" }, { "groupie", "groupies" }, { "newbie", "newbies" },
    { "hippie", "hippies" }, { "veggie", "veggies" }, { "hoodie", "hoodies" }, { "smoothie", "smoothies" },
    { "prairie", "prairies" }, { "sortie", "sorties" }, { "lassie", "lassies" }, { "nightie", "nighties" },
    { "sweetie", "sweeties" }, { "talkie", "talkies" }, { "budgie", "budgies" }, { "boogie", "boogies" },
    { "bogie", "bogies" }, { "menagerie", "menageries" }, { "reverie", "reveries" }, { "coterie", "coteries" },
    { "patisserie", "patisseries" }, { "rotisserie", "rotisseries" }, { "brasserie", "brasseries" },
    { "eyrie", "eyries" }, { "oldie", "oldies" }, { "techie", "techies" }, { "roadie", "roadies" },
    { "freebie", "freebies" }, { "quickie", "quickies" }, { "yuppie", "yuppies" }, { "townie", "townies" },
    { "beanie", "beanies" }, { "weenie", "weenies" }, { "laddie", "laddies" }, { "homie", "homies" },
    { "hoagie", "hoagies" }, { "cabbie", "cabbies" }, { "pinkie", "pinkies" }, { "scrunchie", "scrunchies" },
    { "zombie", "zombies" },

    /* -oe, which other words in -oes end like. */
    { "toe", "toes" }, { "tiptoe", "tiptoes" }, { "mistletoe", "mistletoes" }, { "foe", "foes" }, { "hoe", "hoes" },
    { "doe", "does" }, { "roe", "roes" }, { "woe", "woes" }, { "floe", "floes" }, { "aloe", "aloes" },
    { "sloe", "sloes" }, { "canoe", "canoes" }, { "backhoe", "backhoes" }, { "oboe", "oboes" }, { "throe", "throes" },

    /* Greek and Latin neuters whose ending is too common to be trusted. */
    { "medium", "media" }, { "stratum", "strata" }, { "substratum", "substrata" }, { "erratum", "errata" },
    { "curriculum", "curricula" }, { "addendum", "addenda" }, { "millennium", "millennia" },
    { "symposium", "symposia" }, { "spectrum", "spectra" }, { "ovum", "ova" }, { "desideratum", "desiderata" },
    { "memorandum", "memorandums" }, { "memorandum", "memoranda" }, { "stadium", "stadiums" },
    { "stadium", "stadia" }, { "aquarium", "aquariums" }, { "aquarium", "aquaria" }, { "maximum", "maximums" },
    { "maximum", "maxima" }, { "minimum", "minimums" }, { "minimum", "minima" }, { "consortium", "consortia" },
    { "compendium", "compendia" }, { "moratorium", "moratoria" }, { "auditorium", "auditoriums" },
    { "auditorium", "auditoria" }, { "gymnasium", "gymnasiums" }, { "gymnasium", "gymnasia" },
    { "optimum", "optimums" }, { "optimum", "optima" }, { "quantum", "quanta" }, { "referendum", "referendums" },
    { "referendum", "referenda" }, { "forum", "forums" }, { "forum", "fora" }, { "automaton", "automata" },
    { "larva", "larvae" }, { "alga", "algae" }, { "vertebra", "vertebrae" }, { "formula", "formulas" },
    { "formula", "formulae" }, { "antenna", "antennas" }, { "antenna", "antennae" }, { "nebula", "nebulas" },
    { "nebula", "nebulae" }, { "schema", "schemas" }, { "schema", "schemata" }, { "stigma", "stigmas" },
    { "stigma", "stigmata" }, { "apex", "apexes" }, { "apex", "apices" }, { "beau", "beaux" },
    { NULL, NULL }
};

const struct inflect_pair inflect_endings[] = {
    /* The regular ones. */
    { "", "s" }, { "~y", "~ies" }, { "quy", "quies" }, { "ss", "sses" }, { "x", "xes" }, { "ch", "ches" },
    { "sh", "shes" }, { "ze", "zes" }, { "z", "zes" }, { "zz", "zzes" }, { "tz", "tzes" }, { "o", "os" },
    { "o", "oes" }, { "se", "ses" }, { "us", "uses" }, { "ouse", "ouses" }, { "ause", "auses" }, { "fuse", "fuses" },
    { "eau", "eaus" }, { "eau", "eaux" }, { "ieu", "ieus" }, { "menu", "menus" }, { "quiz", "quizzes" },
    { "whiz", "whizzes" }, { "cache", "caches" }, { "arch", "arches" }, { "monarch", "monarchs" },
    { "triarch", "triarchs" }, { "oligarch", "oligarchs" }, { "hierarch", "hierarchs" }, { "movie", "movies" },
    { "ookie", "ookies" }, { "selfie", "selfies" }, { "calorie", "calories" }, { "shoe", "shoes" },
    { "fish", "fish" }, { "physics", "physics" }, { "economics", "economics" }, { "politics", "politics" },
    { "dynamics", "dynamics" }, { "masseuse", "masseuses" }, { "ous", "ous" }, { "zu", "zus" }, { "tsu", "tsus" },

    /* -sis; -ses alone is far more often that of -se, so those of -sis are spelt out. */
    { "sis", "ses" }, { "base", "bases" }, { "basis", "bases" }, { "ysis", "yses" }, { "thesis", "theses" },
    { "crisis", "crises" }, { "gnosis", "gnoses" }, { "emphasis", "emphases" }, { "genesis", "geneses" },
    { "synopsis", "synopses" }, { "nemesis", "nemeses" }, { "neurosis", "neuroses" }, { "psychosis", "psychoses" },
    { "osmosis", "osmoses" }, { "morphosis", "morphoses" }, { "biosis", "bioses" }, { "polis", "polises" },
    { "itis", "itises" }, { "dermis", "dermises" }, { "glottis", "glottises" }, { "taxi", "taxis" },

    /* -f and -fe that turn into -ves. */
    { "half", "halves" }, { "calf", "calves" }, { "elf", "elves" }, { "twelve", "twelves" }, { "delve", "delves" },
    { "wolf", "wolves" }, { "wife", "wives" }, { "knife", "knives" }, { "afterlife", "afterlives" },
    { "nightlife", "nightlives" }, { "thief", "thieves" }, { "loaf", "loaves" }, { "scarf", "scarves" },
    { "wharf", "wharves" }, { "hoof", "hooves" }, { "dwarf", "dwarves" }, { "sheaf", "sheaves" },

    /* -o that takes -oes. */
    { "hero", "heroes" }, { "potato", "potatoes" }, { "tomato", "tomatoes" }, { "echo", "echoes" },
    { "veto", "vetoes" }, { "torpedo", "torpedoes" }, { "buffalo", "buffaloes" }, { "mosquito", "mosquitoes" },
    { "embargo", "embargoes" }, { "tornado", "tornadoes" }, { "volcano", "volcanoes" }, { "domino", "dominoes" },

    /* People, their parts and their animals. */
    { "person", "people" }, { "child", "children" }, { "man", "men" }, { "human", "humans" }, { "german", "germans" },
    { "specimen", "specimens" }, { "abdomen", "abdomens" }, { "regimen", "regimens" }, { "stamen", "stamens" },
    { "lumen", "lumens" }, { "acumen", "acumens" }, { "hymen", "hymens" }, { "cyclamen", "cyclamens" },
    { "bitumen", "bitumens" }, { "dolmen", "dolmens" }, { "foot", "feet" }, { "tooth", "teeth" },
    { "goose", "geese" },

    /* Greek and Latin ones whose ending is theirs alone. */
    { "index", "indices" }, { "vertex", "vertices" }, { "matrix", "matrices" }, { "appendix", "appendices" },
    { "codex", "codices" }, { "vortex", "vortices" }, { "cortex", "cortices" }, { "helix", "helices" },
    { "directrix", "directrices" }, { "datum", "data" }, { "bacterium", "bacteria" }, { "criterion", "criteria" },
    { "phenomenon", "phenomena" }, { "hedron", "hedra" },
    { NULL, NULL }
};
