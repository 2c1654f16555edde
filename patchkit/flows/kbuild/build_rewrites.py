"""The scratch copy against the tree, token by token: they differ where a rule says, or nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from patchkit.errors import HostError
from patchkit.kbuild.newcc.effect import Compared, Effect, Untold, effects
from patchkit.kbuild.newcc.prepare import Rewritten
from patchkit.kbuild.workspace import Workspace
from patchkit.tree.base import Tree


def proven(done: Iterable[Rewritten], tree: Tree, workspace: Workspace) -> tuple[Effect, ...]:
    """What the rules did to each rewritten file, as it is in the workspace now.

    Raises:
        HostError: a token differs though no rule says so; nothing may be built from that.
    """
    found = effects(
        Compared(one.path, tree.read(one.path) or b"", workspace.read(one.path) or b"", one.spans)
        for one in done
        if one.places
    )
    if isinstance(found, Untold):
        before, after = found.token.before, found.token.after
        raise HostError(
            f"{found.path}:{found.token.line}: {_shown(after)} where the tree has "
            f"{_shown(before)}, and no rewrite rule says so; a fault of patchkit, or of what else "
            f"wrote to {workspace.folder}: remove that and try again"
        )
    return found


def _shown(token: bytes | None) -> str:
    return "nothing" if token is None else ascii(token[:60])[1:]
