"""The sure rungs: the hunk's image stands in the target, byte for byte or but for white space."""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.port.ladder.choose import choose
from patchkit.port.ladder.place import TRIVIAL, Answer, Landing, Miss, Present, Sought, weight
from patchkit.port.outcome import How
from patchkit.port.text import Haystack, key, spelled

# Away from its stated line, an image of fewer telling lines than this may be any place.
TELLING = 2


def exact(sought: Sought) -> Answer:
    """Byte for byte, at its line or moved."""
    old, new = (
        tuple(spelled(line.text, newline=line.newline) for line in side)
        for side in (sought.hunk.old, sought.hunk.new)
    )
    answer = _answer(sought, sought.text.exact, old, new)
    if isinstance(answer, Miss):
        return answer
    if answer.at not in (sought.stated, sought.expected) and _stands_loosely(sought):
        # Twin functions: the mail's lost blanks must not send the hunk to the other one.
        return Miss()
    stated = answer.at == sought.stated
    return answer._replace(how=How.EXACT if stated else How.OFFSET)


def white_space(sought: Sought) -> Answer:
    """But for white space: a mailer's, or the tree was indented anew since."""
    keys = tuple(key(line) for line in sought.old), tuple(key(line) for line in sought.new)
    if keys[0] == keys[1]:
        # Nothing can tell before from after; the restored lines are told as doubtful.
        landing = choose(sought.text.loose.places(keys[0]), (sought.expected, sought.stated))
        if landing is None or landing < sought.floor:
            return Miss("changes white space only, and its white space was lost")
        return Landing(landing, How.WHITESPACE)
    return _answer(sought, sought.text.loose, *keys)


def _answer(
    sought: Sought, haystack: Haystack, old: tuple[bytes, ...], new: tuple[bytes, ...]
) -> Answer:
    wanted = (sought.expected, sought.stated)
    if not old and len(sought.text):
        return Miss("it adds lines and has no context: no place can be told")
    here = [at for at in haystack.places(old) if _may_land(sought, at, old)]
    there = [at for at in haystack.places(new) if at >= sought.floor]
    there = [at for at in there if _is_proof(sought, at, new)]
    if not here and not there:
        return Miss()
    # Below an insertion without context below it, the old image stands also after the change.
    if not sought.trailing or not sought.leading:
        here = [at for at in here if not (at in there or _covered(at, there, old, new))]
    landing, present = choose(here, wanted), choose(there, wanted)
    # An image that stands where it should outweighs any other that stands elsewhere.
    if landing is not None and (landing in wanted or not there):
        return Landing(landing, How.WHITESPACE)
    if present is not None and (present in wanted or not here):
        return Present(present, How.WHITESPACE)
    if here and there:
        return Miss(
            "the change is made in one place and not in another", tuple(sorted((*here, *there)))
        )
    return Miss("fits in several places", tuple(here or there))


def _stands_loosely(sought: Sought) -> bool:
    """Does the old image stand at its own place, but for white space?"""
    old = tuple(key(line) for line in sought.old)
    return any(
        sought.floor <= at and sought.text.keys[at : at + len(old)] == old
        for at in {sought.stated, sought.expected}
    )


def _may_land(sought: Sought, at: int, old: tuple[bytes, ...]) -> bool:
    """Is the old image at *at* enough to make the change there?"""
    if at < sought.floor:
        return False
    # Added below everything, at the end of the file as it was: there, or nowhere.
    at_end = at + len(old) == len(sought.text)
    if not sought.trailing and not sought.removes and not sought.cut_off and not at_end:
        return False
    return at in (sought.stated, sought.expected) or weight(old) >= TELLING


def _is_proof(sought: Sought, at: int, new: tuple[bytes, ...]) -> bool:
    """Is the new image at *at* enough to say that the change is there already?"""
    if sought.adds:
        return at in (sought.stated, sought.expected) or weight(new) >= TELLING
    # A pure removal leaves only its context: what it removes must be gone from around there.
    removed = {key(line) for line in sought.old} - {key(line) for line in new} - TRIVIAL
    around = sought.text.keys[max(0, at - 3) : at + len(new) + 3 + len(sought.old)]
    return weight(new) >= TELLING and not removed & set(around)


def _covered(at: int, there: Sequence[int], old: tuple[bytes, ...], new: tuple[bytes, ...]) -> bool:
    """Is the old image at *at* only a part of a new image?"""
    return any(place <= at and at + len(old) <= place + len(new) for place in there)
