"""A manifest's document in, its digest out; apart from the records, so that a count need not load what checks them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

OUTSIDE = ("digest", "made_at")  # what the digest is not over: itself, and the only value of a clock


def digest_of(document: dict[str, Any]) -> str:
    """Return the digest over a manifest's document as it stands in the file, so that what is passed over counts too."""
    body = {name: value for name, value in document.items() if name not in OUTSIDE}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
