"""Vietnamese text: one Unicode form, search without accents, true alphabetical order.

Search keys and sort keys are computed here and stored, so they do not depend on the machine.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_PIECES = re.compile(r"[0-9]+|[^0-9]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
# Names come in thousands and repeat: a list of 5.000 sites has a few dozen kinds.
_REMEMBERED = 8192
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_STROKES = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})

# Two signs a letter, from [0-9a-z] only, so that every collation orders the keys alike.
_LETTERS = {letter: f"{letter}0" for letter in "abcdefghijklmnopqrstuvwxyz"} | {
    "ă": "a1",
    "â": "a2",
    "đ": "d1",
    "ê": "e1",
    "ô": "o1",
    "ơ": "o2",
    "ư": "u1",
}
# ngang < huyền < hỏi < ngã < sắc < nặng
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_END, _SPACE, _NUMBER, _OTHER_SIGN, _OTHER_LETTER = "0", "1", "2", "3", "z9"


def nfc(value: str) -> str:
    """Return one trimmed line: composed, without invisible characters, with single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _visible(value))).strip()


def nfc_lines(value: str) -> str:
    """Return text of several lines, each as ``nfc`` makes it, without blank lines at the ends."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(nfc(line) for line in lines).strip("\n")


@lru_cache(maxsize=_REMEMBERED)
def search_key(value: str) -> str:
    """Return what all spellings of a name share: lower case, no accents, đ as d, single spaces."""
    plain = nfc(value).translate(_APOSTROPHES).translate(_STROKES)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    if folded.isascii():
        return nfc(folded)
    letters = "".join([sign for sign in folded if not unicodedata.combining(sign)])
    return nfc(letters.translate(_STROKES))


@lru_cache(maxsize=_REMEMBERED)
def sort_key(value: str) -> str:
    """Return a string of [0-9a-z] whose order is the Vietnamese alphabetical order of the text.

    Syllable by syllable, as a dictionary: letters decide first (a ă â b c d đ), then the tone, so
    that every "Tân …" stands before every "Tấn …"; numbers go by value ("Tổ 2", "Tổ 10").
    """
    plain = nfc(value).translate(_APOSTROPHES).lower()
    return _SPACE.join(_word_key(word) for word in plain.split(" "))


def _word_key(word: str) -> str:
    """Return the key of one syllable: its letters, an end, their tones."""
    letters: list[str] = []
    tones: list[str] = []
    for piece in _PIECES.findall(word):
        if piece[0] in "0123456789":
            letters.append(_number_key(piece))
        else:
            tone, letter = _without_tone(piece)
            letters.append(_letter_key(letter))
            tones.append(tone)
    return f"{''.join(letters)}{_END}{''.join(tones)}"


def _visible(value: str) -> str:
    """Drop control, format and surrogate characters; white space stays, as a plain space."""
    if value.isprintable():  # nothing of that kind in it, as in nearly every text
        return value
    return "".join(
        " " if sign.isspace() else sign
        for sign in value
        if sign.isspace() or unicodedata.category(sign) not in _INVISIBLE
    )


def _number_key(digits: str) -> str:
    """Order numbers by value: first by their length, then by their digits."""
    plain = digits.lstrip("0") or "0"
    return f"{_NUMBER}{min(len(plain), 999):03d}{plain}"


def _letter_key(letter: str) -> str:
    """Return the fixed-width code of one letter or sign."""
    if letter in _LETTERS:
        return _LETTERS[letter]
    if not letter:
        return ""
    if letter.isascii():
        return f"{_OTHER_SIGN}{ord(letter):02x}"
    return _OTHER_LETTER + "".join(f"{ord(sign):06x}" for sign in letter)


def _without_tone(sign: str) -> tuple[str, str]:
    """Return the tone and the letter that carries it: "ấ" gives "4" and "â"."""
    decomposed = unicodedata.normalize("NFD", sign)
    tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), "0")
    bare = "".join(mark for mark in decomposed if mark not in _TONES)
    return tone, unicodedata.normalize("NFC", bare)
