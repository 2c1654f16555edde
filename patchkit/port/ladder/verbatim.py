"""The sure rungs: the hunk's image stands in the target, byte for byte or but for white space."""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from patchkit.patch.model import Kind, Spacing
from patchkit.port.ladder.choose import choose
from patchkit.port.ladder.place import TRIVIAL, Answer, Landing, Miss, Present, Sought, weight
from patchkit.port.ladder.section import begun, in_section
from patchkit.port.outcome import How
from patchkit.port.text import Haystack, key, spelled

# Away from its stated line, an image of fewer telling lines than this may be any place.
TELLING = 2
# So much of the old image's telling lines near its own place mean that it is there, rewritten.
MOST = 0.75
WORD = re.compile(rb"\w+")


class Images(NamedTuple):
    """What is looked for, and in what."""

    haystack: Haystack
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]


def exact(sought: Sought) -> Answer:
    """Byte for byte, at its line or moved."""
    old, new = (
        tuple(spelled(line.text, newline=line.newline) for line in side)
        for side in (sought.hunk.old, sought.hunk.new)
    )
    answer = _answer(sought, Images(sought.text.exact, old, new))
    if isinstance(answer, Miss):
        return answer
    if isinstance(answer, Landing) and _stands_loosely_at_home(sought, answer.at):
        # Twin functions: the mail's lost blanks must not send the hunk to the other one.
        return Miss()
    stated = sought.stated if isinstance(answer, Landing) else sought.stated_new
    return answer._replace(how=How.EXACT if answer.at == stated else How.OFFSET)


def white_space(sought: Sought) -> Answer:
    """But for white space: a mailer's, or the tree was indented anew since."""
    keys = tuple(key(line) for line in sought.old), tuple(key(line) for line in sought.new)
    if keys[0] != keys[1]:
        return _answer(sought, Images(sought.text.loose, *keys))
    if sought.hunk.spacing is Spacing.KEPT:
        return Miss("it changes white space only, and the target's is another")
    # Nothing can tell before from after; the restored lines are told as doubtful.
    landing = choose(sought.text.loose.places(keys[0]), sought.wanted)
    if landing is None or landing < sought.floor:
        return Miss("it changes white space only, and its white space was lost")
    return Landing(landing, How.WHITESPACE)


def _answer(sought: Sought, images: Images) -> Answer:
    if not images.old:
        return _into_nothing(sought)
    here, there = _landings(sought, images), _presences(sought, images)
    if not (here and there):
        twins = here or there
        meant = in_section(sought, twins)
        if len(meant) == 1 < len(twins):
            at = meant[0]
            return Landing(at, How.WHITESPACE) if here else Present(at, How.WHITESPACE)
    # An image that stands where it should outweighs any other that stands elsewhere.
    for at in sought.wanted:
        # Among repeated lines both may stand at one place: the longer one is no coincidence.
        if at in here and not (at in there and len(images.new) > len(images.old)):
            return Landing(at, How.WHITESPACE)
    for at in sought.wanted_new:
        if at in there:
            return Present(at, How.WHITESPACE)
    return _elsewhere(sought, here, there)


def _elsewhere(sought: Sought, here: list[int], there: list[int]) -> Answer:
    """Away from its own place, at which neither image stands."""
    places = tuple(sorted((*here, *there)))
    if not places:
        return Miss()
    if here and there:
        return Miss("the change is made in one place and not in another", places)
    at = choose(places, sought.wanted if here else sought.wanted_new)
    if at is None:
        return Miss("fits in several places", places)
    if _is_rewritten_at_home(sought, at):
        return Miss("rewritten at its own place, and its like stands elsewhere", (at,))
    return Landing(at, How.WHITESPACE) if here else Present(at, How.WHITESPACE)


def _into_nothing(sought: Sought) -> Answer:
    """Lines added without any context: sure only where the file is empty."""
    if len(sought.text):
        return Miss("it adds lines and has no context: no place can be told")
    return Landing(0, How.WHITESPACE)


def _landings(sought: Sought, images: Images) -> list[int]:
    """Where the old image stands and the change may be made."""
    found = _places(images.haystack, images.old, sought.wanted)
    found = [at for at in found if _may_land(sought, at, images.old)]
    if sought.removes or (sought.trailing and sought.leading):
        return found
    # Beside an insertion with context on one side only, the old image stands also after it.
    made = _places(images.haystack, images.new, sought.wanted_new)
    size, whole = len(images.old), len(images.new)
    return [at for at in found if not any(p <= at and at + size <= p + whole for p in made)]


def _presences(sought: Sought, images: Images) -> list[int]:
    """Where the new image stands and proves that the change was made."""
    found = _places(images.haystack, images.new, sought.wanted_new)
    found = [at for at in found if at >= sought.floor and _is_proof(sought, at, images.new)]
    if sought.adds or (sought.trailing and sought.leading):
        return found
    # Beside a removal with context on one side only, the new image stands also before it.
    left = _places(images.haystack, images.old, sought.wanted)
    size, whole = len(images.new), len(images.old)
    return [at for at in found if not any(p <= at and at + size <= p + whole for p in left)]


def _places(haystack: Haystack, block: tuple[bytes, ...], wanted: tuple[int, ...]) -> list[int]:
    """The places of *block*: the wanted ones in any case, of the others a bounded number."""
    found = haystack.places(block)
    return found + [at for at in wanted if at not in found and haystack.has(block, at)]


def _stands_loosely_at_home(sought: Sought, elsewhere: int) -> bool:
    """Does the old image stand at its own place, but for white space, and not only, as far as
    the section tells, *elsewhere*?"""
    old = tuple(key(line) for line in sought.old)
    return elsewhere not in sought.wanted and any(
        sought.floor <= at
        and sought.text.keys[at : at + len(old)] == old
        and at in in_section(sought, [at, elsewhere])
        for at in set(sought.wanted)
    )


def _removed_stands(sought: Sought) -> bool:
    """Do the lines that the hunk removes stand anywhere, each run of them in a row?"""
    for is_removed, run in groupby(sought.hunk.lines, lambda line: line.kind is Kind.REMOVED):
        keys = tuple(key(line.text) for line in run)
        if is_removed and weight(keys) and sought.text.loose.places(keys, limit=1):
            return True
    return False


def _is_rewritten_at_home(sought: Sought, elsewhere: int) -> bool:
    """Do most of the hunk's telling lines stand at its own place, far from *elsewhere*? Then the
    code there was rewritten, and what fits elsewhere is its twin; unless the hunk begins a function
    that nothing at its own place names: then the twin is what stands there."""
    telling = {key(line) for line in sought.old} - TRIVIAL
    begins = begun(sought.old)
    size = len(sought.old)
    for at in set(sought.wanted):
        if abs(at - elsewhere) > size + 3 and telling:
            near = sought.text.keys[max(0, at - 3) : max(0, at + size + 3)]
            if begins and not begins & {word for line in near for word in WORD.findall(line)}:
                continue
            if len(telling & set(near)) >= MOST * len(telling):
                return True
    return False


def _may_land(sought: Sought, at: int, old: tuple[bytes, ...]) -> bool:
    """Is the old image at *at* enough to make the change there?"""
    if at < sought.floor:
        return False
    # Added below everything, at the end of the file as it was: there, or nowhere.
    at_end = at + len(old) == len(sought.text)
    if not sought.trailing and not sought.removes and not sought.cut_off and not at_end:
        return False
    return at in sought.wanted or weight(old) >= TELLING


def _is_proof(sought: Sought, at: int, new: tuple[bytes, ...]) -> bool:
    """Is the new image at *at* enough to say that the change is there already?"""
    if sought.adds:
        return weight(new) >= (1 if at in sought.wanted_new else TELLING)
    # A pure removal leaves only its context: what it removes must be gone, from the whole file
    # or, among lines that say something, from around there.
    if at in sought.wanted_new and not _removed_stands(sought):
        return True
    removed = {key(line) for line in sought.old} - {key(line) for line in new} - TRIVIAL
    around = sought.text.keys[max(0, at - 3) : at + len(new) + 3 + len(sought.old)]
    return weight(new) >= TELLING and not removed & set(around)
