"""Carrying a patch to a tree, from Python: docs/api.md. What is named here stays as it is."""

from patchkit.history.version import History
from patchkit.port.ladder.table import ADAPTING, EXACT_ONLY, Ladder
from patchkit.port.outcome import FileReport, How, HunkReport, Outcome, PatchReport
from patchkit.port.patch import Ported, port
from patchkit.port.taken_back import taken_back
from patchkit.repair.mend import Mended, mend
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, File, MemoryTree

__all__ = [
    "ADAPTING",
    "EXACT_ONLY",
    "Changes",
    "File",
    "FileReport",
    "History",
    "How",
    "HunkReport",
    "Ladder",
    "MemoryTree",
    "Mended",
    "Mode",
    "Outcome",
    "PatchReport",
    "Ported",
    "Tree",
    "mend",
    "port",
    "taken_back",
]
