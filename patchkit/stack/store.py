"""The state of a stack on the disk. Each write is whole or not at all, and comes before what it
speaks of: whatever is cut short is made up for by the next command."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write, locked, reason
from patchkit.stack.codec import stack_of, stack_text, state_of, state_text
from patchkit.stack.place import state_folder
from patchkit.stack.state import Mail, State, Step

STATE = "state.json"
STACK = "stack.json"
HOW = "'patchkit apply --continue' goes on, --skip leaves the patch out, --abort undoes all"


@dataclass(frozen=True, slots=True)
class Store:
    """The folder in which the state of the stack on ``tree`` is kept."""

    tree: Path
    folder: Path

    @property
    def under_way(self) -> bool:
        return (self.folder / STATE).is_file()

    def refuse_under_way(self) -> None:
        """Raises InputError where a stack is under way."""
        if self.under_way:
            raise InputError(f"{self.tree}: a stack of patches is under way here: {HOW}")

    def save_stack(self, mails: tuple[Mail, ...]) -> None:
        """Raises HostError where the disk refuses."""
        atomic_write(self.folder / STACK, stack_text(mails), permissions=0o600)

    def save(self, state: State, step: Step | None = None) -> None:
        """Keep *state*, to which *step* leads; from here on there is a stack under way.

        Raises:
            HostError: the disk refuses; the state before is still there.
        """
        atomic_write(self.folder / STATE, state_text(state, step), permissions=0o600)

    def load(self) -> tuple[State, Step | None]:
        """Raises HostError where it can't be read."""
        try:
            return state_of((self.folder / STATE).read_bytes())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable(STATE, error) from error

    def load_stack(self) -> tuple[Mail, ...]:
        """Raises HostError where it can't be read."""
        try:
            return stack_of((self.folder / STACK).read_bytes())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable(STACK, error) from error

    def forget(self) -> None:
        """There is no stack under way any more."""
        (self.folder / STATE).unlink(missing_ok=True)
        (self.folder / STACK).unlink(missing_ok=True)

    def _unreadable(self, name: str, error: Exception) -> HostError:
        why = reason(error) if isinstance(error, OSError) else "it is damaged"
        return HostError(
            f"{self.folder / name}: can't be read: {why}; 'patchkit apply --quit' forgets the "
            "stack and leaves the tree as it is"
        )


@contextmanager
def opened(tree: Path) -> Iterator[Store]:
    """The store of *tree*, for this process alone.

    Raises:
        HostError: another patchkit is at work there, or the disk refuses.
    """
    folder = state_folder(tree)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(f"{folder}: can't be made: {reason(error)}") from error
    busy = f"{tree}: another patchkit is at work here; run this again when it has finished"
    with locked(folder, busy=busy):
        try:
            yield Store(tree, folder)
        finally:
            if not (folder / STATE).exists():
                shutil.rmtree(folder, ignore_errors=True)
