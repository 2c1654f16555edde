"""The scratch copy against the tree, token by token: they differ where a rule says, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from patchkit.errors import HostError
from patchkit.kbuild.newcc.effect import Compared, Effect, Untold, effects, summed
from patchkit.kbuild.newcc.prepare import Rewritten
from patchkit.kbuild.workspace import Workspace
from patchkit.tree.base import Tree


def proven(done: Iterable[Rewritten], tree: Tree, workspace: Workspace) -> tuple[Effect, ...]:
    """What the rules did to each rewritten file, as it is in the workspace now.

    Raises:
        HostError: a token differs though no rule says so; nothing may be built from that.
    """
    found = (_found(one, tree, workspace) for one in done if one.places)
    return summed(_told(effects, workspace) for effects in found)


def _found(one: Rewritten, tree: Tree, workspace: Workspace) -> tuple[Effect, ...] | Untold:
    there = workspace.read(one.path) or b""
    if there == one.text:  # what was compared when it was rewritten
        return one.effects
    return effects(Compared(one.path, tree.read(one.path) or b"", there, one.spans))


def _told(found: tuple[Effect, ...] | Untold, workspace: Workspace) -> tuple[Effect, ...]:
    if not isinstance(found, Untold):
        return found
    before, after = found.token.before, found.token.after
    raise HostError(
        f"{found.path}:{found.token.line}: {_shown(after)} where the tree has "
        f"{_shown(before)}, and no rewrite rule says so; a fault of patchkit, or of what else "
        f"wrote to {workspace.folder}: remove that and try again"
    )


def _shown(token: bytes | None) -> str:
    return "nothing" if token is None else ascii(token[:60])[1:]
