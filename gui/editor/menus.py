"""Context menus: what can be done with a neuron, a synapse, a layer, the ground; with the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from engine.activations import activations
from gui import icons
from gui.editor import commands
from gui.editor.groups import FIRST, group_title, grouped
from gui.editor.landing import NEURON, landing, settle
from gui.editor.marks import Kind, Thing
from gui.editor.picture import activation_spec, can_choose_activation
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def menu_for(canvas: Canvas, thing: Thing, point: QPointF) -> QMenu:
    """The menu for a thing; ``point`` is where something new would be put."""
    menu = QMenu(canvas)
    menu.setFont(canvas.workspace.theme.fonts.ui)
    menu.setAccessibleName(canvas.tr("What can be done here"))
    if thing.is_wire:
        _synapse(menu, canvas, thing)
    elif thing.kind is Kind.TRUNK:
        _trunk(menu, canvas, thing)
    elif thing.is_unit or thing.kind is Kind.BIAS:
        _neuron(menu, canvas, thing)
    elif thing.is_layer:
        _layer(menu, canvas, thing.layer)
    elif thing.kind is Kind.GROUP:
        _group(menu, canvas, thing.group)
    else:
        _ground(menu, canvas, point)
    return menu


def _entry(
    menu: QMenu,
    canvas: Canvas,
    text: str,
    icon: str,
    do: Callable[[], object],
    key: str = "",
    on: bool = True,
) -> None:
    """One line; the key stands after a tab, so that Qt shows it without binding it a second time."""
    action = menu.addAction(f"{text}\t{key}" if key else text)
    if icon:
        action.setIcon(icons.icon(icon, canvas.workspace.theme))
    action.triggered.connect(lambda _=False: do())
    action.setEnabled(on)


def _synapse(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    workspace, wires = canvas.workspace, canvas.network.wires
    chosen = workspace.selection.synapses
    synapse = wires.synapse(thing.wire)
    about = chosen if synapse in chosen else frozenset({synapse})
    key, index = wires.cell(thing.wire)
    locked = wires.locked(thing.wire)
    first = commands.initial_of(workspace, key, index)

    def back() -> None:
        if first is not None:
            commands.set_value(workspace, key, index, first)

    _entry(
        menu, canvas, canvas.tr("Set the weight …"), "pencil", lambda: canvas.edit(thing), canvas.tr("Enter")
    )
    text = canvas.tr("Back to its initial value")
    now = commands.value_of(workspace, key, index)
    _entry(menu, canvas, text, "rotate-ccw", back, on=first is not None and first != now)
    text = canvas.tr("Unlock") if locked else canvas.tr("Lock: training leaves it as it is")
    _entry(
        menu,
        canvas,
        text,
        "lock-open" if locked else "lock",
        lambda: commands.lock(workspace, about, not locked),
        "L",
    )
    menu.addSeparator()
    many = canvas.tr("Cut {count} synapses").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Cut this synapse")
    _entry(menu, canvas, text, "scissors", lambda: commands.cut(workspace, about), canvas.tr("Del"))


def _trunk(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    workspace = canvas.workspace
    chosen, wire = workspace.selection.wires, canvas.network.trunks.wire(thing.wire)
    about = Selection(wires=chosen if wire in chosen else frozenset({wire}))
    many = canvas.tr("Cut {count} connections").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Cut this connection")
    _entry(menu, canvas, text, "scissors", lambda: commands.remove(workspace, about), canvas.tr("Del"))


def _neuron(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    workspace = canvas.workspace
    layer, key = thing.unit
    place = canvas.network.geometry.places[layer]
    units = workspace.selection.units
    about = units if thing.unit in units else frozenset({thing.unit})
    if place.bias:
        bias = Thing(Kind.BIAS, layer, key)
        _entry(
            menu, canvas, canvas.tr("Set the bias …"), "pencil", lambda: canvas.edit(bias), canvas.tr("Enter")
        )
    at = workspace.document.layer(layer).unit(key) + 1
    text = canvas.tr("Add a neuron below")
    _entry(
        menu, canvas, text, "circle-plus", lambda: commands.add_unit(workspace, layer, at), canvas.tr("Ins")
    )
    _connect(menu, canvas, layer, key)
    menu.addSeparator()
    many = canvas.tr("Remove {count} neurons").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Remove this neuron")
    _entry(menu, canvas, text, "trash-2", lambda: canvas.remove(units=about), canvas.tr("Del"))
    menu.addSeparator()
    _layer(menu, canvas, layer, short=True)


def _layer(menu: QMenu, canvas: Canvas, layer: str, short: bool = False) -> None:
    workspace = canvas.workspace
    block = canvas.network.geometry.places[layer].is_block
    if not short:
        text = canvas.tr("Add a unit") if block else canvas.tr("Add a neuron")
        if commands.is_sized(workspace.document, layer):
            add = lambda: commands.add_unit(workspace, layer)  # noqa: E731
            _entry(menu, canvas, text, "circle-plus", add, canvas.tr("Ins"))
        _connect(menu, canvas, layer, None)
    _disconnect(menu, canvas, layer)
    place = canvas.network.geometry.places[layer]
    spec = activation_spec(place)
    if spec is not None and can_choose_activation(place):
        sub = menu.addMenu(icons.icon("square-function", workspace.theme), canvas.tr("Activation"))
        for kind in activations:
            action = sub.addAction(kind.title)
            action.setCheckable(True)
            action.setChecked(kind.kind == spec.kind)
            action.triggered.connect(
                lambda _, name=kind.kind: commands.set_activation(workspace, layer, name)
            )
    caption = Thing(Kind.CAPTION, layer)
    _entry(menu, canvas, canvas.tr("Rename the layer …"), "pencil", lambda: canvas.edit(caption), "F2")
    menu.addSeparator()
    about = workspace.selection.layers if layer in workspace.selection.layers else frozenset({layer})
    many = canvas.tr("Remove {count} layers").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Remove the layer")
    key = "" if short else canvas.tr("Del")
    _entry(menu, canvas, text, "trash-2", lambda: canvas.remove(layers=about), key)


def _group(menu: QMenu, canvas: Canvas, group: str) -> None:
    layers = canvas.network.enclosures.layers_of(group)
    chosen = Selection(layers=layers)
    text = canvas.tr("Select {count} layers").format(count=len(layers))
    _entry(menu, canvas, text, "square-dashed", lambda: canvas.workspace.select(chosen))
    text = canvas.tr("Remove {count} layers").format(count=len(layers))
    _entry(menu, canvas, text, "trash-2", lambda: canvas.remove(layers=layers))


def _connect(menu: QMenu, canvas: Canvas, layer: str, sender: int | None) -> None:
    """The way to connect without a mouse."""
    workspace, geometry = canvas.workspace, canvas.network.geometry
    document = workspace.document
    sub = menu.addMenu(icons.icon("spline", workspace.theme), canvas.tr("Connect to"))
    for each in document.layers:
        if each.id == layer:
            continue
        wire = document.connection(layer, each.id)
        missing = wire is None or bool(wire.cut)
        reason = commands.why_not(document, layer, each.id)
        title = commands.layer_title(document, each.id)
        if sender is None or each.size > 30 or geometry.places[each.id].is_block:
            action = sub.addAction(title)
            action.triggered.connect(lambda _, goal=each.id: commands.connect(workspace, layer, goal))
            action.setEnabled(missing and not reason)
            action.setToolTip(reason)
            continue
        single = sub.addMenu(title)
        single.setEnabled(missing and not reason)
        for number, key in enumerate(each.units, 1):
            action = single.addAction(canvas.tr("Neuron {number}").format(number=number))
            action.setEnabled(wire is None or (key, sender) in wire.cut)
            action.triggered.connect(
                lambda _, goal=each.id, unit=key: commands.draw(workspace, layer, sender, goal, unit)
            )
    sub.setEnabled(any(action.isEnabled() for action in sub.actions()))
    sub.setToolTipsVisible(True)


def _disconnect(menu: QMenu, canvas: Canvas, layer: str) -> None:
    workspace = canvas.workspace
    document = workspace.document
    wires = (*document.incoming(layer), *document.outgoing(layer))
    sub = menu.addMenu(icons.icon("unlink", workspace.theme), canvas.tr("Disconnect from"))
    sub.setEnabled(bool(wires))
    for wire in wires:
        other = wire.source if wire.target == layer else wire.target
        action = sub.addAction(commands.layer_title(document, other))
        action.triggered.connect(
            lambda _, one=wire.source, two=wire.target: commands.disconnect(workspace, one, two)
        )


def _ground(menu: QMenu, canvas: Canvas, point: QPointF) -> None:
    workspace, network = canvas.workspace, canvas.network

    def put(kind: str) -> Callable[[], object]:
        zoom = canvas.camera.zoom
        return lambda: settle(workspace, landing(network.geometry, network.wires, kind, point, zoom))

    _entry(menu, canvas, canvas.tr("Neuron here"), "circle-plus", put(NEURON))
    groups = grouped()
    for group, kinds in groups.items():
        here = menu if group in FIRST or len(groups) < 3 else menu.addMenu(group_title(group))
        for kind in kinds:
            _entry(here, canvas, canvas.tr("{layer} here").format(layer=kind.title), "plus", put(kind.kind))
    menu.addSeparator()
    _entry(menu, canvas, canvas.tr("Scissors"), "scissors", lambda: canvas.gestures.put_scissors(True), "X")
    _entry(menu, canvas, canvas.tr("Select all"), "square-dashed", canvas.select_all, "Ctrl+A")
    _entry(menu, canvas, canvas.tr("Show the whole network"), "maximize", canvas.fit, "Ctrl+0")
