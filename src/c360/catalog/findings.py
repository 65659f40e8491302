"""What a check says about definitions: plain records, made while files load and when they are read over."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Finding:
    """One thing to mend (``error``), to look at (``warning``) or to know (``note``).

    *code* names the rule, *name* the definition.
    """

    severity: str
    code: str
    name: str
    where: str
    message: str
    hint: str = ""
