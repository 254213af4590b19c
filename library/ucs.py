"""UCS file names: read, checked and built. The categories themselves are `ucs_table`.

    CatID(-UserCategory)_(VendorCategory-)FXName_CreatorID_SourceID(_UserData).wav

Source: Universal Category System 8.2.1, universalcategorysystem.com.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath

from library import LibraryError
from library.ucs_table import (
    LANGUAGES,
    UcsCategory,
    cat_id_in_any_case,
    categories,
    category_of,
    hint_for,
    synonyms,
)
from library.ucs_words import find_categories, suggest_cat_ids

__all__ = [
    "LANGUAGES",
    "UcsCategory",
    "UcsName",
    "UcsNameError",
    "build_file_name",
    "categories",
    "category_of",
    "find_categories",
    "parse_file_name",
    "read_name",
    "suggest_cat_ids",
    "synonyms",
]

_PATTERN = "CatID_FXName_CreatorID_SourceID"
# "9.5mm Burst_TN_DORY" has a dot but no suffix: a suffix is short and has no blank and no "_".
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_FREESOUND = re.compile(r"^\d+__[^_]+(?:[_-][^_]+)*?__")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


class UcsNameError(LibraryError, ValueError):
    """A file name does not follow UCS."""


@dataclass(frozen=True, kw_only=True)
class UcsName:
    """The blocks of a UCS file name.

    `fx_name` keeps its whole block, vendor category and all, as UCS gives it. A name that
    `read_name` made sense of may lack its creator and source: they are "" then.
    """

    cat_id: str
    fx_name: str
    creator_id: str
    source_id: str
    user_category: str | None = None
    user_data: str | None = None

    @property
    def vendor_category(self) -> str | None:
        """What stands before the first hyphen of the FXName's block, if there is one.

        >>> UcsName(cat_id="GUNMech", fx_name="Ak47-Layer 4", creator_id="aXL",
        ...         source_id="MtSw").vendor_category
        'Ak47'
        """
        vendor, hyphen, rest = self.fx_name.partition("-")
        # "Whoosh - Slow" and "-x" are names with a dash in them, not a vendor's category.
        return vendor if hyphen and vendor.strip() == vendor and vendor and rest else None


def parse_file_name(path: str | PurePath) -> UcsName:
    """Split a UCS file name into its blocks, strictly.

    Args:
        path: a file name, with or without folders and suffix.

    Raises:
        UcsNameError: fewer than four blocks, an empty block, or a CatID that UCS 8.2.1
            does not have (capitals count).

    >>> parse_file_name("GUNAuto-EXT_UZI 9mm-Rapid Fire_TN_NONE_416-DualMono.wav").user_data
    '416-DualMono'
    """
    file_name = PurePath(path).name
    blocks = _SUFFIX.sub("", file_name).split("_", maxsplit=4)
    if len(blocks) < 4:
        raise UcsNameError(f"{file_name}: a UCS name has 4 blocks, {_PATTERN}; found {len(blocks)}")
    first, fx_name, creator_id, source_id, *rest = blocks
    cat_id, user_category = _split_first(first)
    if cat_id not in categories():
        raise UcsNameError(f"{file_name}: {cat_id!r} is not a UCS CatID{hint_for(cat_id)}")
    name = UcsName(
        cat_id=cat_id,
        fx_name=fx_name,
        creator_id=creator_id,
        source_id=source_id,
        user_category=user_category,
        user_data=rest[0] if rest else None,
    )
    _refuse_empty(name, file_name)
    return name


def build_file_name(name: UcsName, suffix: str = "") -> str:
    """The file name of these blocks; `parse_file_name` reads it back as the same value.

    Args:
        suffix: ".wav", or "" for none.

    Raises:
        UcsNameError: not a CatID, an empty block, or a character that a block cannot hold
            ("_" outside UserData, "-" in a CatID, what file systems refuse).
    """
    if name.cat_id not in categories():
        raise UcsNameError(f"{name.cat_id!r} is not a UCS CatID{hint_for(name.cat_id)}")
    _refuse_empty(name, "a UCS name")
    for block, text in (
        ("UserCategory", name.user_category),
        ("FXName", name.fx_name),
        ("CreatorID", name.creator_id),
        ("SourceID", name.source_id),
    ):
        if text is not None and "_" in text:
            raise UcsNameError(f"{block} {text!r} holds '_', which separates blocks; write a blank")
    for text in (name.user_category, name.fx_name, name.creator_id, name.source_id, name.user_data):
        bad = _FORBIDDEN.search(text) if text else None
        if bad:
            raise UcsNameError(
                f"{text!r} holds {bad[0]!r}, which a file name cannot hold everywhere"
            )
    first = name.cat_id if name.user_category is None else f"{name.cat_id}-{name.user_category}"
    blocks = [first, name.fx_name, name.creator_id, name.source_id]
    if name.user_data is not None:
        blocks.append(name.user_data)
    stem = "_".join(blocks)
    if not suffix and _SUFFIX.search(stem):
        raise UcsNameError(f"{stem!r} ends like a suffix; give the file's own suffix")
    return stem + suffix


def read_name(path: str | PurePath) -> UcsName | None:
    """What can be told of a file's name where it follows UCS loosely; None where it does not.

    Beyond `parse_file_name` this takes a CatID in other capitals ("DoorWood"), a name
    whose creator or source is missing, and the form in which Freesound serves files
    ("123456__user__gunauto_uzi_tn_dory.wav"). A plain word that happens to be a CatID
    ("rain_heavy_02.wav") is not taken for one.

    >>> read_name("123456__user__gunauto_x_tn_dory.wav").cat_id
    'GUNAuto'
    >>> read_name("rain_heavy_02_b.wav") is None
    True
    """
    stem = _SUFFIX.sub("", PurePath(path).name)
    # What would be right is told where a name is refused, which takes time; most names are others.
    if _split_first(stem.partition("_")[0])[0] in categories():
        try:
            return parse_file_name(path)
        except UcsNameError:
            pass
    stem = _FREESOUND.sub("", stem)
    first, *blocks = (block.strip() for block in stem.split("_", maxsplit=4))
    written, user_category = _split_first(first)
    cat_id = cat_id_in_any_case(written)
    # Capitals tell RAIN the CatID from rain the word; "doorwood" can only be a CatID.
    if cat_id is None or not blocks or not (written == cat_id or cat_id != cat_id.upper()):
        return None
    blocks = [*blocks, "", "", "", ""]
    return UcsName(
        cat_id=cat_id,
        fx_name=blocks[0],
        creator_id=blocks[1],
        source_id=blocks[2],
        user_category=user_category or None,
        user_data=blocks[3] or None,
    )


def _split_first(block: str) -> tuple[str, str | None]:
    cat_id, hyphen, user_category = block.partition("-")
    return cat_id, user_category if hyphen else None


def _refuse_empty(name: UcsName, where: str) -> None:
    blocks = {
        "UserCategory": name.user_category,
        "FXName": name.fx_name,
        "CreatorID": name.creator_id,
        "SourceID": name.source_id,
        "UserData": name.user_data,
    }
    empty = [block for block, text in blocks.items() if text is not None and not text.strip()]
    if empty:
        raise UcsNameError(
            f"{where}: {' and '.join(empty)} of {_PATTERN}(_UserData) "
            f"{'is' if len(empty) == 1 else 'are'} empty; NONE stands for no source"
        )
