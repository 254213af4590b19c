"""Which CatIDs a learned kind of sound (library.ear_kinds) may be filed under.

Written by hand from what the kinds are and from UCS's own explanations; the likeliest first.
"""

_TABLE = """
ambience city: AMBUrbn AMBTraf AMBTown
ambience day: AMBRurl AMBPark AMBForst AMBBird
ambience night: AMBRurl AMBInsc AMBForst
animal growl: ANMLWild ANMLWcat ANMLDog CREABeast
arrow hit: WEAPArro WEAPBow
ball hit: SPRTMisc SPRTCourt SPRTField
bell: BELLMisc BELLHand BELLLrg
bird song: BIRDSong BIRDMisc
body land: FGHTBf FEETHmn MOVEHmn
book paper: PAPRHndl OBJBook PAPRMisc
bow shot: WEAPBow WEAPArro
bubbles: WATRBubl LIQBubl
building collapse: DESTRClpse DESTRCrsh ROCKCrsh
cannon fire: GUNCano GUNArtl
clock tick: CLOCKTick CLOCKMech
cloth rustle: CLOTHMvmt FOLYClth CLOTHHndl
coin cash: OBJCoin
cow: ANMLFarm
creak: WOODFric DOORCreak ROPECreak
creature hiss: CREAMisc CREARept CREAMnstr
crowd cheer: CRWDCheer CRWDSprt VOXCheer
crowd murmur: CRWDWalla CRWDConv
dig earth: DIRTImpt DIRTCrsh DIRTHndl
dog bark: ANMLDog
door close: DOORWood DOORMetl DOORMisc
door open: DOORWood DOORMetl DOORCreak DOORMisc
drum clap: MUSCPerc CRWDApls
drum cymbal: MUSCPerc
drum hihat: MUSCPerc
drum kick: MUSCPerc
drum snare: MUSCPerc
drum tom: MUSCPerc
duck goose: BIRDFowl BIRDWade
earthquake rumble: NATDQuak DSGNRmbl
eat munch: FOODEat
electric spark: ELECSprk ELECArc ELECZap
elephant: ANMLWild
engine vehicle: VEHCar MOTRComb VEHMisc
explosion: EXPLReal EXPLDsgn
fire crackle: FIRECrkl FIREBurn
fire extinguish: FIRESizz WATRFizz WATRStm
flame burst: FIREBrst FIREWhsh FIREIgn
footstep dirt sand: FEETHmn FOLYFeet
footstep generic: FEETHmn FOLYFeet
footstep grass: FEETHmn FOLYFeet
footstep gravel: FEETHmn FOLYFeet
footstep hard: FEETHmn FOLYFeet
footstep metal: FEETHmn FOLYFeet
footstep snow: FEETHmn FOLYFeet
footstep soft: FEETHmn FOLYFeet
footstep water: FEETHmn FOLYFeet WATRMvmt
footstep wood: FEETHmn FOLYFeet
fuse burn: FIREBurn FIREIgn FIRESizz
glass break: GLASBrk GLASCrsh
gore splat: GORESplt GOREFlsh GORESqsh
gull: BIRDSea
gun reload: GUNMech GUNHndl
gunshot: GUNPis GUNRif GUNMisc
hammer anvil: METLImpt TOOLHand
horn fanfare: MUSCBrass HORNCele
horse neigh: ANMLHors
insect buzz: ANMLInsc WINGInsc
jet aircraft: AEROJet
laser shot: LASRGun SCIWeap LASRMisc
lava: GEOLava LIQBubl
lift platform: MACHElev MECHHydr MACHMisc
machine hum: MACHMisc MACHInd ELECBuzz
machinegun: GUNAuto
magic spell: MAGSpel MAGMisc MAGShim
metal hit: METLImpt METLMisc
monster vocal: CREAMnstr CREAMisc CREABeast
notification chime: UIAlert BEEP BELLMisc
pickaxe stone: ROCKImpt TOOLHand ROCKBrk
pig: ANMLFarm
poultry: BIRDFowl
propeller aircraft: AEROProp
punch body hit: FGHTImpt FGHTBf
rain: RAIN
raptor cry: BIRDPrey
ricochet: BLLTRico BLLTImpt
rock hit: ROCKImpt ROCKMisc
rocket launch: AERORckt WEAPSiege GUNArtl
saw: TOOLPowr TOOLHand WOODBrk
sheep goat: ANMLFarm
skeleton bones: CREAMnstr GOREBone CREAHmn
steam hiss: AIRHiss WATRStm AIRBrst
switch lever: MECHSwtch MECHLvr MECHClik
sword hit: WEAPSwrd METLImpt
teleport: MAGMisc SCIMisc MAGPoof
thunder: THUN
train: TRNMisc TRNDiesl TRNClak
tree fall: VEGETree WOODBrk
ui beep: UIBeep BEEP UIAlert
ui click: UIClick MECHClik
vehicle horn: VEHHorn TRNHorn BOATHorn
voice laugh: VOXLaff
voice pain: VOXReac VOXEfrt
voice scream: VOXScrm VOXReac
water drop: WATRDrip WATRImpt
water splash: WATRSplsh WATRImpt
water stream: WATRFlow WATRMisc
weapon swing: SWSH WHSH WEAPSwrd
whistle: WHSTMech WHSTHmn WHSTMisc
wind: WIND WINDGust
wing flap: WINGBird WINGMisc
wolf howl: ANMLWdog
wood break: WOODBrk WOODCrsh
wood chop: WOODImpt TOOLHand WEAPAxe
wood hit: WOODImpt WOODMisc
"""

OF_KIND: dict[str, tuple[str, ...]] = {
    name: tuple(cat_ids.split())
    for name, _, cat_ids in (line.partition(": ") for line in _TABLE.strip().splitlines())
}
