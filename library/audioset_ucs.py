"""Which CatIDs a class of AudioSet may be filed under, where its name alone misleads.

"Door" is to AudioSet a door; as a word it stands in UCS for those of ships and cars as well.
Written by hand from both lists' own definitions; classes that are not here go by their names.
"""

_TABLE = """
Speech: VOXMisc VOXMale VOXFem
Conversation: CRWDConv CRWDWalla
Shout: VOXReac VOXScrm
Yell: VOXReac VOXScrm
Screaming: VOXScrm
Laughter: VOXLaff CRWDLaff
Giggle: VOXLaff
Chuckle, chortle: VOXLaff
Crying, sobbing: VOXCry
Groan: VOXEfrt VOXReac
Grunt: VOXEfrt
Wail, moan: VOXCry VOXReac
Breathing: HMNBrth
Gasp: HMNBrth VOXReac
Whistling: WHSTHmn
Walk, footsteps: FEETHmn FOLYFeet FEETMisc
Run: FEETHmn FOLYFeet
Shuffle: FEETHmn FOLYFeet
Patter: FEETAnml FEETMisc
Chewing, mastication: FOODEat
Biting: FOODEat
Hands: FOLYHand HMNSkin
Clapping: CRWDApls
Cheering: CRWDCheer VOXCheer
Applause: CRWDApls
Chatter: CRWDWalla
Crowd: CRWDMisc CRWDWalla
Hubbub, speech noise, speech babble: CRWDWalla
Animal: ANMLMisc ANMLWild
Dog: ANMLDog
Bark: ANMLDog
Howl: ANMLWdog ANMLDog
Growling: ANMLWild CREABeast ANMLDog
Roar: ANMLWcat CREABeast CREAMnstr
Roaring cats (lions, tigers): ANMLWcat
Cat: ANMLCat
Hiss: AIRHiss ANMLRept ANMLCat
Livestock, farm animals, working animals: ANMLFarm
Horse: ANMLHors
Clip-clop: FEETHors
Cattle, bovinae: ANMLFarm
Moo: ANMLFarm
Pig: ANMLFarm
Oink: ANMLFarm
Goat: ANMLFarm
Bleat: ANMLFarm
Sheep: ANMLFarm
Fowl: BIRDFowl
Chicken, rooster: BIRDFowl
Cluck: BIRDFowl
Turkey: BIRDFowl
Duck: BIRDFowl BIRDWade
Goose: BIRDFowl BIRDWade
Bird: BIRDMisc BIRDSong
Bird vocalization, bird call, bird song: BIRDSong BIRDMisc
Chirp, tweet: BIRDSong
Crow: BIRDCrow
Bird flight, flapping wings: WINGBird
Insect: ANMLInsc AMBInsc
Cricket: ANMLInsc AMBInsc
Fly, housefly: ANMLInsc WINGInsc
Bee, wasp, etc.: ANMLInsc WINGInsc
Buzz: ELECBuzz ANMLInsc
Percussion: MUSCPerc
Drum: MUSCPerc
Drum kit: MUSCPerc
Snare drum: MUSCPerc
Bass drum: MUSCPerc
Cymbal: MUSCPerc
Hi-hat: MUSCPerc
Bell: BELLMisc BELLHand
Church bell: BELLLrg
Bicycle bell: BELLHand VEHBike
Chime: BELLMisc MUSCChim CLOCKChim
Wind chime: MUSCChim
Wind: WIND WINDGust
Wind noise (microphone): WIND
Thunderstorm: THUN STORM
Thunder: THUN
Water: WATRMisc WATRFlow
Rain: RAIN
Raindrop: RAIN WATRDrip
Rain on surface: RAIN RAINConc
Stream: WATRFlow
Waterfall: WATRFall
Ocean: WATRWave WATRSurf
Waves, surf: WATRSurf WATRWave
Fire: FIREBurn FIREMisc
Crackle: FIRECrkl
Vehicle: VEHMisc VEHCar
Car: VEHCar
Motor vehicle (road): VEHCar VEHMisc
Car passing by: VEHBy
Vehicle horn, car horn, honking: VEHHorn
Truck: VEHTruck
Motorcycle: VEHMoto
Traffic noise, roadway noise: AMBTraf
Rail transport: TRNMisc TRNClak
Train: TRNMisc TRNDiesl
Aircraft: AEROMisc AEROProp
Jet engine: AEROJet
Engine: MOTRComb VEHCar
Engine starting: VEHCar MOTRComb
Door: DOORWood DOORMisc DOORMetl
Sliding door: DOORSlid
Slam: DOORWood DOORMetl DOORMisc
Knock: DOORKnck
Tap: OBJMisc MECHClik
Squeak: DOORCreak WOODFric
Creak: DOORCreak WOODFric
Cupboard open or close: DOORCab
Drawer open or close: DRWRWood DRWRMisc
Zipper (clothing): OBJZipr
Keys jangling: OBJKey
Coin (dropping): OBJCoin
Typing: CMPTKey
Writing: OBJWrite
Telephone: COMTelph
Telephone bell ringing: COMTelph
Alarm: ALRMMisc
Siren: ALRMSirn VEHSirn
Whistle: WHSTHmn WHSTMech
Mechanisms: MECHMisc
Ratchet, pawl: MECHRtch
Clock: CLOCKMisc CLOCKTick
Tick: CLOCKTick
Tick-tock: CLOCKTick
Hammer: TOOLHand METLImpt
Sawing: TOOLHand TOOLPowr
Explosion: EXPLReal EXPLDsgn
Boom: EXPLReal DSGNBoom
Gunshot, gunfire: GUNPis GUNRif GUNMisc
Machine gun: GUNAuto
Fusillade: GUNAuto
Artillery fire: GUNArtl GUNCano
Cap gun: GUNPis
Fireworks: FRWKMisc
Wood: WOODImpt WOODMisc
Chop: WOODImpt WEAPAxe
Splinter: WOODBrk
Crack: WOODBrk
Glass: GLASImpt GLASMisc
Chink, clink: GLASImpt
Shatter: GLASBrk GLASCrsh
Splash, splatter: WATRSplsh
Drip: WATRDrip
Pour: WATRPour
Gurgling: WATRBubl
Plop: WATRDrip WATRImpt
Arrow: WEAPArro WEAPBow
Whoosh, swoosh, swish: SWSH WHSH DSGNWhsh
Thump, thud: FGHTBf WOODImpt
Bouncing: BNCE
Basketball bounce: BNCE SPRTCourt
Slap, smack: FGHTImpt
Whack, thwack: FGHTImpt
Smash, crash: DESTRCrsh
Breaking: DESTRCrsh GLASBrk WOODBrk
Whip: WEAPWhip
Crumpling, crinkling: PAPRHndl
Tearing: PAPRRip CLOTHRip
Rustle: CLOTHMvmt FOLYClth PAPRHndl
Beep, bleep: BEEP UIBeep
Ping: UIAlert BEEP
Ding: BELLHand UIAlert
Clang: METLImpt
Rumble: DSGNRmbl NATDQuak
Hum: MACHMisc ELECBuzz
Mains hum: ELECBuzz
Zing: WEAPSwrd
Clicking: MECHClik UIClick
Inside, small room: AMBRoom
Inside, large room or hall: AMBPubl
Outside, urban or manmade: AMBUrbn
Outside, rural or natural: AMBRurl AMBPark
"""

# A sound of its own may well be none of these: they say what AudioSet could not tell.
_SAY_NOTHING = """Music|Musical instrument|Sound effect|Silence|Noise|Environmental noise|Echo
Reverberation|Field recording|Inside, public space|Pulse|Distortion|Throbbing|Vibration"""

OF_CLASS: dict[str, tuple[str, ...]] = {
    name: tuple(cat_ids.split())
    for name, _, cat_ids in (line.partition(": ") for line in _TABLE.strip().splitlines())
}
OF_CLASS |= dict.fromkeys(_SAY_NOTHING.replace("\n", "|").split("|"), ())
