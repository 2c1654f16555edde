"""Files that name a primitive and use none: definitions, comments, reads of the bit."""

from __future__ import annotations

from patchkit.audit.driver import Driver, Memory, Verdict
from patchkit.audit.site import FileSites, Role


def without_uses(file: FileSites) -> Driver:
    nothing = Memory((), None)
    if any(site.role is Role.DEFINE for site in file.sites):
        reason = "The primitives are defined here; nothing is reserved."
        return Driver(file.file, Verdict.DEFINITION, reason, nothing)
    if any(site.live and site.role is Role.MENTION for site in file.sites):
        reason = "The bit is only read here."
        return Driver(file.file, Verdict.FALSE_FRIEND, reason, nothing)
    if any(site.live and site.function is None for site in file.sites):
        reason = "Macros here are other names for the primitives; their users are judged."
        return Driver(file.file, Verdict.DEFINITION, reason, nothing)
    reason = "What stands here is never compiled: comments, or branches for other kernels."
    return Driver(file.file, Verdict.COMMENT, reason, nothing)
