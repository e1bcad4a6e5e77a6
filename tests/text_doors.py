"""Which texts of the window's sources reach a widget past the doors of endodesk/ui/widgets/plain_text.py. Reads sources, runs nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

DOORS = {
    "widgets/plain_text.py": {"QLabel", "drawText"},
    "widgets/number_boxes.py": {"QSpinBox", "QDoubleSpinBox"},
    "dialogs/questions.py": {"QMessageBox", "QInputDialog", "setInformativeText", "setDetailedText"},
}
"""By file: what it alone may name."""
ALONE = {
    "QLabel", "QMessageBox", "QInputDialog", "QSpinBox", "QDoubleSpinBox", "QDoubleValidator", "QIntValidator", "QErrorMessage",
    "QProgressDialog", "QTextBrowser", "QTextEdit", "QTextDocument", "QWhatsThis", "QToolTip", "QStaticText", "QWizard", "QSplashScreen",
    "QSystemTrayIcon", "TextItem", "LabelItem", "QGraphicsTextItem", "setHtml", "insertHtml", "appendHtml", "drawText", "drawStaticText",
    "setInformativeText", "setDetailedText", "setTextFormat", "setStatusTip", "setWhatsThis", "QFormLayout",
}  # fmt: skip
TEXT_OF = {
    "setToolTip": 0, "setWindowTitle": 0, "showMessage": 0, "setTabText": 1, "addTab": 1, "addItem": 0, "insertItem": 1, "setItemText": 1,
    "addMenu": 0, "setTitle": 0, "setLabel": 1, "setFormat": 0, "QPushButton": 0, "QCheckBox": 0, "QRadioButton": 0, "QGroupBox": 0,
    "QAction": 0, "QToolBar": 0, "QTableWidgetItem": 0, "QListWidgetItem": 0, "QTreeWidgetItem": 0, "QStandardItem": 0,
    "push_button": 0, "_key_button": 0, "_switch": 0, "InfiniteLine": -1, "PlotDataItem": -1,
}  # fmt: skip
"""Calls that show a text, and which of their arguments it is; below 0: a keyword."""
SAFE = {
    "tr",
    "marked",
    "tip_text",
    "button_text",
    "bar_text",
    "title_text",
    "title_of",
    "visible_lines",
    "visible",
    "printable",
    "shape_name",
    "clock",
}
"""Functions whose value may be shown: constant texts of the program, and the doors."""


def past_the_doors(root: Path) -> list[str]:
    """Lines such as "gallery/panel.py:12 setToolTip", in the order of files; `root` is the folder of the window's sources."""
    files = [(path, path.relative_to(root).as_posix()) for path in sorted(root.rglob("*.py"))]
    return [f"{name}:{found}" for path, name in files for found in _of(path, name)]


def _of(path: Path, name: str) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    own = DOORS.get(name, set())
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]
    text = path.read_text("utf-8")
    if "ToolTipRole" in text and "tip_text" not in text:
        yield "1 ToolTipRole"
    for node in ast.walk(tree):
        used = _named(node)
        if used in ALONE - own - ({"setTextFormat"} if own else set()):
            yield f"{node.lineno} {used}"
        if isinstance(node, ast.Call) and used in TEXT_OF and (shown := _shown(node, used)) is not None and not _is_safe(shown):
            yield f"{node.lineno} {used}"


def _named(node: ast.AST) -> str:
    """What a call calls, or an import or an attribute names."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", ""))
    if isinstance(node, ast.alias):
        return node.name
    return node.attr if isinstance(node, ast.Attribute) and not isinstance(node.parent, ast.Call) else ""  # type: ignore[attr-defined]


def _shown(call: ast.Call, used: str) -> ast.expr | None:
    keywords = {one.arg: one.value for one in call.keywords}
    if TEXT_OF[used] < 0:
        return keywords.get("label") or keywords.get("name")
    if "ignoreBounds" in keywords or (used == "addItem" and _is_plot(call)):
        return None  # of a graphics view
    return call.args[TEXT_OF[used]] if len(call.args) > TEXT_OF[used] and not isinstance(call.args[0], ast.Starred) else None


def _is_plot(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and any(word in ast.unparse(call.func.value) for word in ("plot", "_owners"))


def _is_safe(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.FormattedValue(format_spec=ast.JoinedStr()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in SAFE
        case ast.Call(func=ast.Attribute(attr="format", value=form), keywords=keywords):
            return _is_safe(form) and all(_is_safe(one.value) for one in keywords)
        case ast.JoinedStr(values=values):
            return all(_is_safe(one) for one in values)
        case ast.FormattedValue(value=inner) | ast.Subscript(value=inner):
            return _is_safe(inner)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _is_safe(one) and _is_safe(other)
        case ast.Name():
            return _is_safe_name(value)
    return False


def _is_safe_name(name: ast.Name) -> bool:
    """A name is safe if all that the function gives it is, or if the function is one of those whose callers are looked at."""
    scope: ast.AST = name
    while not isinstance(scope, ast.FunctionDef | ast.Lambda | ast.Module):
        scope = scope.parent  # type: ignore[attr-defined]
    if isinstance(scope, ast.FunctionDef) and scope.name in TEXT_OF and any(one.arg == name.id for one in scope.args.args):
        return True
    given = [one for node in ast.walk(scope) for one in _given(node, name.id)]
    return bool(given) and all(_is_safe(one) for one in given)


def _given(node: ast.AST, name: str) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            yield value
        case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
            yield value
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            yield from (value for one, value in zip(targets, values, strict=True) if getattr(one, "id", "") == name)
        case ast.comprehension(target=ast.Name(id=target), iter=ast.Tuple(elts=values)) if target == name:
            yield from values
