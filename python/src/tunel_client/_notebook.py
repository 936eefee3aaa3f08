"""How objects look in a notebook."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable, List, Mapping, Sequence, TypeVar

T = TypeVar("T")


def table(rows: Iterable[Sequence[object]], head: Sequence[str] = ()) -> str:
    """An HTML table; every value is text."""
    header = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(_text(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{'<tr>' + header + '</tr>' if header else ''}{body}</table>"


def _text(value: object) -> str:
    return "" if value is None else str(value)


class Described:
    """Something that shows the fields that `_shown` names."""

    def _shown(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self._shown().items() if value not in (None, ""))
        return f"{type(self).__name__}({fields})"

    def _repr_html_(self) -> str:
        return table((name, value) for name, value in self._shown().items())


class ItemList(List[T]):
    """A list that a notebook shows as a table."""

    def _repr_html_(self) -> str:
        if not self:
            return "<em>none</em>"
        rows = [item._shown() if isinstance(item, Described) else {"": item} for item in self]
        return table([list(row.values()) for row in rows], list(rows[0]))
