"""Words that say nothing of a sound, in the languages that have them between others. Pure."""

from collections.abc import Iterable

# Articles and prepositions: a sound's name may do without them.
_LITTLE = """
    a an the of in on at to with from and for by
    de la le les du des un une et en dans sur au aux
    el los las una del con y lo gli il uno di da della dello dei degli delle nel nella e
    o os as do dos das um uma em no na com
    der die den dem ein eine und mit auf aus im von vom zum zur am
    het een van op met och ett på med af i z w
"""
LITTLE_WORDS = frozenset(_LITTLE.split())


def are_little(words: Iterable[str]) -> bool:
    """Whether all of some words are such.

    >>> are_little(["of", "The"]), are_little(["of", "rain"])
    (True, False)
    """
    return all(word.lower() in LITTLE_WORDS for word in words)
