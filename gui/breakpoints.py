"""The breakpoints that the user has set: events at which the training stands still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from engine.breakpoints import breakpoints
from engine.breakpoints.reached import Reached
from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.session import Hit, SetBreakpoints, Snapshot
from engine.trace import Trace
from gui.laid_out import layout_of
from gui.selection import Synapse
from gui.stepping.goals import Goal
from gui.walkthrough.words import example_name, phase_name

if TYPE_CHECKING:
    from gui.workspace import Workspace

MOST = 50
"""A file with more breakpoints than these has the first ones taken."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One breakpoint of the list; off, it stays there and stops nothing."""

    spec: Spec
    on: bool = True


@dataclass(frozen=True, slots=True)
class Reach(Hit):
    """A step at which a walk stopped; its update is not done yet."""

    at: int = 0
    """The step; before it is the one before."""


class Breakpoints:
    """The list, and the last hit. They belong to the project's view: no edit, and no undo entry."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.entries: tuple[Entry, ...] = ()
        self.hit: Hit | None = None
        """The last one at which training stopped in this project."""
        self._told = 0

    # ---------------------------------------------------------------- the list

    def add(self, spec: Spec) -> None:
        """One more, switched on; one that is there already is only switched on."""
        spec = breakpoints.make(spec).spec
        others = tuple(each for each in self.entries if each.spec != spec)
        if len(others) < len(self.entries):
            self._set(tuple(replace(each, on=True) if each.spec == spec else each for each in self.entries))
        elif len(others) < MOST:
            self._set((*others, Entry(spec)))

    def remove(self, spec: Spec) -> None:
        """One less."""
        self._set(tuple(each for each in self.entries if each.spec != spec))

    def switch(self, spec: Spec, on: bool) -> None:
        """On or off."""
        self._set(tuple(replace(each, on=on) if each.spec == spec else each for each in self.entries))

    def forget(self) -> None:
        """Another project begins, without any."""
        self.entries, self.hit = (), None
        self._workspace.breakpoints_changed.emit()

    @property
    def slow(self) -> bool:
        """Whether one of them makes the training slower."""
        return any(each.on and breakpoints[each.spec.kind].slow for each in self.entries)

    # ---------------------------------------------------------------- from the canvas

    def stop_at_sign(self, synapse: Synapse) -> None:
        """Stop when the weight of a synapse changes its sign."""
        source, sender, target, receiver = synapse
        self._show(Spec.of("sign", layer=target, source=source, receiver=receiver, sender=sender))

    def stop_at_signs(self, layer: str) -> None:
        """Stop when any weight of a layer changes its sign."""
        self._show(Spec.of("sign", layer=layer))

    def stop_at_death(self, layer: str, unit: int | None = None) -> None:
        """Stop when a neuron of a layer dies, or a certain one."""
        self._show(Spec.of("dead", layer=layer, unit=unit))

    def can_die(self, layer: str) -> bool:
        """Whether neurons of a layer can die."""
        return not self.unfit(Spec.of("dead", layer=layer))

    def has_weights(self, layer: str) -> bool:
        """Whether a layer has weights to learn."""
        return not self.unfit(Spec.of("sign", layer=layer))

    def _show(self, spec: Spec) -> None:
        self.add(spec)
        self._workspace.wanted.emit("breakpoints")

    def stop_walk_at(self, layer: str, unit: int | None = None) -> None:
        """Stop a walk when it comes to a layer or a neuron; no more if it does so already."""
        spec = breakpoints.make(Spec.of("reached", layer=layer, unit=unit)).spec
        if self.stops_walk_at(layer, unit):
            self.remove(spec)
        else:
            self.add(spec)

    def stops_walk_at(self, layer: str, unit: int | None = None) -> bool:
        """Whether it does."""
        spec = breakpoints.make(Spec.of("reached", layer=layer, unit=unit)).spec
        return Entry(spec) in self.entries

    # ---------------------------------------------------------------- in a walk

    @property
    def stops(self) -> tuple[tuple[str, int | None], ...]:
        """The layers, and neurons by their keys, at which a walk stops."""
        found = (breakpoints.make(each.spec) for each in self.entries if each.on)
        return tuple((each.layer, each.unit) for each in found if isinstance(each, Reached))

    @property
    def goals(self) -> dict[Goal, Spec]:
        """What a walk stops at."""
        walks = (each.spec for each in self.entries if each.on and breakpoints[each.spec.kind].walks)
        return {goal: spec for spec in walks if (goal := self._goal(spec)) is not None}

    def _goal(self, spec: Spec) -> Goal | None:
        found = breakpoints.make(spec)
        if not isinstance(found, Reached) or self.unfit(spec):
            return None
        at = found.index(layout_of(self._workspace.document))
        return Goal(frozenset({found.layer}), None if at is None else (at,))

    def reach(self, trace: Trace, number: int, goal: Goal) -> None:
        """A walk comes to a step at which it is to stop."""
        spec = self.goals[goal]
        section = trace.section_of(number)[1]
        text = QCoreApplication.translate("Breakpoints", "Update {update}, {where}: {event}.")
        where = ", ".join(
            filter(None, (example_name(trace, section.example), phase_name(section.phase).lower()))
        )
        event = breakpoints.make(spec).said(layout_of(self._workspace.document))
        sentence = text.format(update=f"{trace.step_number + 1:,}", where=where, event=event)
        self._tell(Reach(0, trace.step_number + 1, sentence, (spec,), number))

    # ---------------------------------------------------------------- in words

    def said(self, spec: Spec) -> str:
        """A breakpoint in words, with a capital letter."""
        try:
            text = breakpoints.make(spec).said(layout_of(self._workspace.document))
        except AxonError:
            text = breakpoints[spec.kind].title
        return text[:1].upper() + text[1:] if text[1:2] not in {"[", "‖"} else text

    def unfit(self, spec: Spec) -> str:
        """Why it cannot happen in the network as it is; empty if it can, or while that is not known."""
        data = self._workspace.data
        if data is None:
            return ""
        try:
            return breakpoints.make(spec).unfit(layout_of(self._workspace.document), data)
        except AxonError as error:
            return str(error)

    # ---------------------------------------------------------------- hits

    @property
    def can_go_back(self) -> bool:
        """Whether the state before the last hit can be restored."""
        return self.hit is not None and self.hit.step - 1 >= self._workspace.snapshot.back_to

    def take(self, snapshot: Snapshot) -> None:
        """Tell of a hit that was not told yet."""
        hit = snapshot.hit
        if hit is None or hit.number <= self._told:
            return
        self._told = hit.number
        self._tell(hit)

    def _tell(self, hit: Hit) -> None:
        self.hit = hit
        text = QCoreApplication.translate("Breakpoints", "Go back before it")
        self._workspace.offered.emit(hit.sentence, ((text, lambda: self.go_back(hit)),))
        self._workspace.breakpoints_changed.emit()

    def go_back(self, hit: Hit | None = None) -> None:
        """To the state before the update of a hit; of the last one by default."""
        hit = hit or self.hit
        if hit is None:
            return
        if hit.step - 1 < self._workspace.snapshot.back_to:
            self._workspace.say(
                QCoreApplication.translate(
                    "Breakpoints",
                    "The network was changed since, so that update cannot be taken back. Undo the change.",
                )
            )
            return
        if isinstance(hit, Reach):
            self._workspace.walking.go((hit.step - 1, hit.at - 1))
        else:
            self._workspace.training.seek(hit.step - 1)

    # ---------------------------------------------------------------- in the project's view

    def plain(self) -> list[dict[str, Any]]:
        """As JSON."""
        return [{"on": each.on, "at": each.spec.to_json()} for each in self.entries]

    def restore(self, found: Any) -> None:
        """From a file; what makes no sense there is left out."""
        read: dict[Spec, Entry] = {}
        for each in found if isinstance(found, list) else []:
            if isinstance(each, Mapping):
                try:
                    spec = breakpoints.make(Spec.from_json(each.get("at"))).spec
                except (AxonError, ValueError):
                    continue
                read[spec] = Entry(spec, each.get("on") is not False)
        self._set(tuple(read.values())[:MOST])

    def _set(self, entries: tuple[Entry, ...]) -> None:
        if entries != self.entries:
            self.entries = entries
            on = tuple(each.spec for each in entries if each.on)
            self._workspace.link.send(SetBreakpoints(on))
            self._workspace.breakpoints_changed.emit()
