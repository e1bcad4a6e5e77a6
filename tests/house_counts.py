"""What the rules of the house count: methods of a class with its mixins, files of a folder, names used twice, circles of modules."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def python_files(root: Path, *tops: str) -> Iterator[Path]:
    """All of them below these folders but the `__init__`s, which hold a docstring at most."""
    for top in tops:
        yield from sorted(path for path in (root / top).rglob("*.py") if path.name != "__init__.py")


def files_a_folder(root: Path, *tops: str) -> dict[str, int]:
    """How many files lie in each folder itself."""
    counted: dict[str, int] = defaultdict(int)
    for path in python_files(root, *tops):
        counted[str(path.parent.relative_to(root))] += 1
    return dict(counted)


def _classes(root: Path, *tops: str) -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in python_files(root, *tops):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield path, node


def _last_name(base: ast.expr) -> str:
    """`Base`, `module.Base` and `Base[T]` are all Base."""
    if isinstance(base, ast.Subscript):
        return _last_name(base.value)
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def methods_a_class(root: Path, *tops: str) -> dict[str, int]:
    """Methods of each class, those of its own bases counted in, by `Name`: public names are used once, private ones in one file.

    A property and its setter are one; what an imported library's base brings is not counted.
    """
    own: dict[str, list[tuple[Path, ast.ClassDef]]] = defaultdict(list)
    for path, node in _classes(root, *tops):
        own[node.name].append((path, node))

    def names(path: Path, node: ast.ClassDef, seen: frozenset[str]) -> set[str]:
        found = {part.name for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
        for name in {_last_name(base) for base in node.bases} - seen:
            for where, base in own.get(name, []):
                if not name.startswith("_") or where == path:
                    found |= names(where, base, seen | {name})
        return found

    counted: dict[str, int] = {}
    for name, places in own.items():
        counted[name] = max(len(names(path, node, frozenset({name}))) for path, node in places)
    return counted


def names_used_twice(root: Path, *tops: str) -> dict[str, list[str]]:
    """Names of files and of public classes that stand in more than one file, with these files."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in python_files(root, *tops):
        places[path.stem].append(str(path.relative_to(root)))
    for path, node in _classes(root, *tops):
        if not node.name.startswith("_"):
            places[node.name].append(str(path.relative_to(root)))
    return {name: where for name, where in places.items() if len(where) > 1}


def attributes_written(root: Path, owner: str, *tops: str) -> list[str]:
    """Places ("file:line attribute") that assign to, or delete, an attribute of something named `owner` or `_owner`."""
    return sorted(
        f"{path.relative_to(root)}:{node.lineno} {node.attr}"
        for path in python_files(root, *tops)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
        if _last_name(node.value).lstrip("_") == owner
    )


def circles(imports: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """The groups of modules that reach each other (strongly connected, more than one), from what each imports. Tarjan's way."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[frozenset[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        path.append(module)
        for other in imports.get(module, ()):
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in path:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            group = frozenset(path[path.index(module) :])
            del path[path.index(module) :]
            if len(group) > 1:
                found.append(group)

    for module in imports:
        if module not in order:
            visit(module)
    return found
