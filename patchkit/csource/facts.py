"""What a C file says, as frozen values.

All offsets are bytes into the file, ends excluded. Texts are code: comments and strings in them are
blanks, white space is as it stood.
"""

from __future__ import annotations

from typing import NamedTuple


class Call(NamedTuple):
    """``name(arguments)``; ``base`` is ``dev`` where the callee is a member, ``dev->mmap(x)``."""

    name: bytes
    arguments: tuple[bytes, ...]
    base: bytes | None
    start: int
    end: int


class Assignment(NamedTuple):
    """``target operator value``; a declaration with a value is one with ``=`` and its type."""

    target: bytes
    operator: bytes
    value: bytes
    start: int
    end: int


class Return(NamedTuple):
    value: bytes
    start: int
    end: int


class Loop(NamedTuple):
    """A loop; ``initial`` and ``update`` are empty for all but ``for``. ``body`` is where the
    repeated statement begins."""

    kind: str  # for, while, do
    initial: bytes
    condition: bytes
    update: bytes
    start: int
    body: int
    end: int


class Local(NamedTuple):
    """A declared name in a function; ``type`` is without the stars."""

    type: bytes
    name: bytes


class Body(NamedTuple):
    """What one function does, in the order of the text."""

    calls: tuple[Call, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    returns: tuple[Return, ...] = ()
    loops: tuple[Loop, ...] = ()
    locals: tuple[Local, ...] = ()
    unparsed: tuple[tuple[int, int], ...] = ()


class Macro(NamedTuple):
    """A ``#define``; ``parameters`` is None for one that is no function."""

    name: bytes
    parameters: tuple[bytes, ...] | None
    body: bytes
    start: int
    end: int


class Include(NamedTuple):
    """``#include``, ``path`` as spelled; ``system`` for angle brackets."""

    path: str
    system: bool
    start: int


class Slot(NamedTuple):
    """One value of an initialiser: by ``field`` (``x:`` or ``.x =``), or by ``position`` from 0."""

    field: bytes | None
    position: int
    value: bytes
    start: int


class Initialiser(NamedTuple):
    """``struct type variable = { slots };``"""

    type: bytes
    variable: bytes
    slots: tuple[Slot, ...]
    start: int
    end: int
