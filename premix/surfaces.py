"""Surfaces and their likeness underfoot. Pure."""

# Surfaces that give a foot the same answer, from the hard to the yielding to the wet.
_FAMILIES = (
    ("concrete", "asphalt", "rock", "marble", "tile", "ceramic", "brick", "linoleum", "plastic"),
    ("wood", "linoleum", "plastic", "metal"),
    ("metal", "glass", "ceramic"),
    ("gravel", "sand", "dirt", "rock", "snow"),
    ("grass", "foliage", "dirt", "carpet", "mud"),
    ("snow", "ice", "sand", "gravel"),
    ("carpet", "cloth", "rubber", "leather", "grass"),
    ("water", "mud", "snow"),
    ("ice", "glass", "snow", "tile"),
    ("paper", "cloth", "foliage"),
)


def alike(surface: str) -> list[str]:
    """Other surfaces, the likest first."""
    own = [family for family in _FAMILIES if family[0] == surface]
    others = [family for family in _FAMILIES if surface in family[1:]]
    rest = [family for family in _FAMILIES if surface not in family]
    ordered = [one for family in (*own, *others, *rest) for one in family]
    return [one for one in dict.fromkeys(ordered) if one != surface]
