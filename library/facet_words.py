"""The words by which names and descriptions tell of facets: a controlled vocabulary.

Each facet has few values, each value the words that stand for it in English and, where
sound libraries use them, in German, French, Spanish and Italian. Words are compared
without accents and capitals; of two that fit, the longer one is heard. docs/facets.md
shows the table.
"""

from collections.abc import Mapping

Vocabulary = Mapping[str, Mapping[str, tuple[str, ...]]]


def _read(text: str) -> Mapping[str, tuple[str, ...]]:
    """ "value: word, two words" to a line; what a line starts with a blank goes on."""
    lines = text.strip().replace("\n    ", " ").splitlines()
    entries = (line.partition(":") for line in lines)
    return {value: tuple(map(str.strip, words.split(","))) for value, _, words in entries}


# What is stepped on, struck or handled.
_SURFACE = """
asphalt: asphalt, tarmac, blacktop, street, road, pavement, sidewalk, asfalto, asphalte, strasse
brick: brick, bricks, cobble, cobbles, cobblestone, cobblestones, cobbled, kopfsteinpflaster,
    pave, ladrillo
carpet: carpet, carpeted, rug, teppich, moquette, tapis, alfombra, moqueta, tappeto
ceramic: ceramic, porcelain, keramik, fliesen
cloth: cloth, fabric, cotton, denim, stoff, tissu, tela
concrete: concrete, cement, conc, beton, hormigon, cemento, calcestruzzo
dirt: dirt, earth, soil, ground, erde, terre, tierra, terra, dirt path, dirt road
foliage: foliage, leaf, leaves, dry leaves, brush, undergrowth, twigs, laub, blatter, feuilles,
    hojas, foglie
glass: glass, broken glass, shards, glas, verre, vidrio, cristal, vetro
grass: grass, lawn, turf, meadow, gras, wiese, herbe, hierba, cesped, erba
gravel: gravel, pebble, pebbles, shingle, scree, kies, schotter, gravier, grava, ghiaia
ice: ice, icy, frozen, eis, glace, hielo, ghiaccio
leather: leather, leder, cuir, cuero
linoleum: linoleum, lino, vinyl floor, vinyl flooring, pvc floor
marble: marble, terrazzo, granite, marmor, marbre, marmol, marmo
metal: metal, metallic, steel, iron, tin, aluminium, aluminum, grate, grating, catwalk, metall,
    stahl, acier, acero, metallo, metl
mud: mud, muddy, sludge, bog, schlamm, matsch, boue, barro, fango
paper: paper, cardboard, papier, pappe, carton, papel, carta
plastic: plastic, plexiglass, plastik, kunststoff, plastique, plastico, plastica
rock: rock, rocks, rocky, stone, stones, stein, fels, pierre, roche, piedra, roca, pietra
rubber: rubber, gummi, caoutchouc, goma, gomma
sand: sand, sandy, beach sand, sable, arena, sabbia
snow: snow, snowy, schnee, neige, nieve, neve
tile: tile, tiles, tiled, kachel, carrelage, azulejo, piastrelle
water: water, puddle, puddles, shallow water, wasser, pfutze, eau, flaque, agua, charco, acqua
wood: wood, wooden, parquet, hardwood, floorboard, floorboards, plank, planks, plywood, boards,
    holz, parkett, bois, madera, legno
"""

# What is on the foot.
_SHOE = """
barefoot: barefoot, bare foot, bare feet, barefeet, barfuss, pieds nus, descalzo, scalzo
boots: boot, boots, work boots, combat boots, cowboy boots, army boots, stiefel, bottes, botas,
    stivali
clogs: clog, clogs, holzschuhe, sabots
dress shoes: dress shoe, dress shoes, leather shoe, leather shoes, oxford, oxfords, loafer,
    loafers, hard sole, hard soled, hard shoe, hard shoes
heels: heels, high heel, high heels, stiletto, stilettos, pumps, stockelschuhe, absatz, talons,
    talons hauts, tacones, tacchi
hooves: hoof, hooves, hoofs, horseshoe, horseshoes, huf, hufe, sabot, pezuna, zoccoli
paws: paw, paws, claws, pfote, pfoten, pattes, patas, zampe
sandals: sandal, sandals, flip flop, flip flops, flipflops, sandalen, sandales, sandalias
slippers: slipper, slippers, hausschuhe, pantoffeln, pantoufles, pantuflas, pantofole, socks,
    sock
sneakers: sneaker, sneakers, trainers, running shoes, gym shoes, tennis shoes, soft sole, soft
    soled, turnschuhe, baskets, zapatillas, scarpe da ginnastica
"""

# How somebody or something moves.
_GAIT = """
climb: climb, climbs, climbing, stairs, stair, steps up, steps down, upstairs, downstairs,
    ladder, treppe, escalier, escaleras, scale
crawl: crawl, crawls, crawling, kriechen, ramper
gallop: gallop, gallops, galloping, canter, galopp, galop, galope, galoppo
jog: jog, jogs, jogging, trot, trotting, traben
jump: jump, jumps, jumping, leap, hop, hopping, springen, sprung, saut, salto
land: land, landing, lands, jump land, body fall, bodyfall, landung, atterrissage
limp: limp, limps, limping, hobble, hobbling, hinken, boiter, cojear
march: march, marches, marching, marschieren, marche militaire, marcha, marcia
pivot: pivot, pivots, turn around, turning
run: run, runs, running, sprint, sprints, sprinting, rennen, laufen, courir, course, correr,
    corriendo, correre, corsa
scuff: scuff, scuffs, scuffing, scuffle, scrape step
shuffle: shuffle, shuffles, shuffling, drag feet, dragging feet, schlurfen, trainer les pieds
sneak: sneak, sneaks, sneaking, creep, creeps, creeping, tiptoe, tiptoes, tip toe, tiptoeing,
    stealth, schleichen, pointe des pieds, puntillas
stomp: stomp, stomps, stomping, stamp, stamps, stamping, stampfen
stumble: stumble, stumbles, stumbling, trip, stolpern, trebucher, tropezar
walk: walk, walks, walking, stroll, strolling, gehen, marcher, marche, caminar, caminando,
    andar, camminare, camminata
"""

# How fast.
_PACE = """
slow: slow, slowly, slower, langsam, lent, lente, lento, lenta
medium: medium pace, medium speed, moderate pace, normal pace, mid tempo
fast: fast, faster, quick, quickly, rapid, rapidly, hurried, schnell, rapide, vite, rapido,
    rapida, veloce
"""

# With how much force.
_INTENSITY = """
soft: soft, softly, light, lightly, gentle, gently, quiet, quietly, subtle, delicate, small,
    weak, leise, leicht, sanft, doux, leger, legere, suave, ligero, leggero, piano
medium: medium, moderate, normal, mid, mittel, moyen, moyenne, medio
hard: hard, harder, heavy, heavily, loud, loudly, strong, violent, violently, aggressive,
    aggressively, intense, massive, huge, forceful, slam, smash, hart, schwer, laut, stark,
    fort, forte, violente, lourd, fuerte, pesado, duro, pesante
"""

# How far the microphone stands.
_PERSPECTIVE = """
close: close up, closeup, close perspective, close mic, close miked, near, nearby, close, cu,
    nah, gros plan, proche, cerca, vicino
medium: medium distance, medium perspective, mid distance, medium shot, ms
distant: distant, distance, far, far away, faraway, dist, fern, entfernt, weit, loin, lointain,
    lejos, lejano, lontano
onboard: onboard, on board, pov
"""

# Where it was recorded.
_LOCATION = """
interior: int, interior, indoor, indoors, inside, room, hall, hallway, corridor, stairwell,
    innen, interieur, interno
exterior: ext, exterior, outdoor, outdoors, outside, aussen, draussen, exterieur, esterno
"""

# How the surface is.
_CONDITION = """
dry: dry, trocken, sec, seche, seco, seca, secco
wet: wet, damp, soaked, soggy, squelch, squelchy, squishy, nass, mouille, mojado, bagnato
creaky: creaky, creaking, squeaky, squeaking, knarrend, grincant
"""

FACETS: Vocabulary = {
    "surface": _read(_SURFACE),
    "shoe": _read(_SHOE),
    "gait": _read(_GAIT),
    "pace": _read(_PACE),
    "intensity": _read(_INTENSITY),
    "perspective": _read(_PERSPECTIVE),
    "location": _read(_LOCATION),
    "condition": _read(_CONDITION),
}

# Phrases in which a word of the vocabulary means something else: they say nothing.
OTHER_MEANINGS = _read("""
words: light switch, light bulb, light bulbs, lightbulb, traffic light, light saber,
    lightsaber, light aircraft, light rail, hard drive, hard disk, hard hat, hard disc,
    heavy metal, soft drink, soda water, glass of water, running water, water running,
    run up, car run, engine run, test run, train run, on land, land rover, wasteland,
    rock music, rock band, rock and roll, iron maiden, brush teeth, hair brush, paint
    brush, brush stroke, tin whistle, quiet room tone, small talk, road noise, road
    traffic, boot up, car boot, computer boot, piano string, piano strings, grand piano,
    upright piano, piano note, piano chord, fire hall, concert hall reverb, street
    ambience, street traffic, stock market, broken heels, trip wire, ground hum, ground
    loop, street walla, medium format
""")["words"]

# With these, "close" is what the thing does, not where the microphone stands.
CLOSING_THINGS = _read("""
words: door, doors, gate, drawer, drawers, window, windows, lid, hatch, trunk, cabinet,
    cupboard, box, case, bag, zip, zipper, book, valve, curtain, curtains, blinds,
    shutter, locker, safe, fridge, refrigerator, oven, microwave, garage, open, opens,
    opening, suitcase, briefcase, chest, umbrella, laptop, hood, lock, latch, tur,
    porte, puerta, porta, fenster
""")["words"]
