"""A list that nobody was contacted by in; taken out of the ledger, with a line in the audit log; leaves its file alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from c360.deliver.columns import refuse_reason
from c360.errors import Refused

if TYPE_CHECKING:
    from c360.records.ledger import ListRecord
    from c360.workspace import Workspace


def withdraw(workspace: Workspace, list_id: str, reason: str) -> ListRecord:
    """Forget whom a list would have contacted, so that caps and other campaigns do not count it, and return what it was.

    Raises NothingMatched for no such list, Refused without a reason, and where outcomes show that it was used.
    """
    records = workspace.records
    record = records.ledger.get(list_id)
    refuse_reason(reason, "withdrawn lists", "made to look at, nobody was called")
    if records.outcomes.imports(record.list_id):
        raise Refused(
            f"outcomes were imported for list {record.list_id}, so its customers were contacted",
            hint="a list that was used stays; c360 outcomes --forget takes back an import that was wrong",
        )
    records.audit.append("withdrawn", list_id=record.list_id, name=record.name, purpose=record.purpose, reason=reason)
    records.ledger.remove(record.list_id)
    return record
