"""An opened folder's target lists: made, arbitrated, approved, verified, evaluated, forgotten; computes nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from c360.expr.dates import as_day
from c360.opened import OpenedFolder

if TYPE_CHECKING:
    from c360.deliver.arbitrated import Arbitration
    from c360.deliver.effects import Evaluation
    from c360.deliver.listing import ListRequest, ListResult
    from c360.deliver.verification import Verification
    from c360.lists.adopting import Adopted
    from c360.lists.auditing import Held
    from c360.lists.delisting import Fate
    from c360.lists.erasing import Erasure
    from c360.lists.importing import Imported
    from c360.records.audit import AuditCheck, Line
    from c360.records.ledger import ListRecord
    from c360.records.outcomes import ImportRecord
    from c360.records.proposals import Proposal
    from c360.workspace import Workspace


class TargetLists(OpenedFolder):
    """What a workspace can do with lists; `Workspace` is the whole of it."""

    @property
    def _workspace(self) -> Workspace:
        return cast("Workspace", self)

    def export(
        self, segment: str | None = None, path: str | Path | None = None, *, where: str | None = None,
        entity: str | None = None, **options: Any,
    ) -> ListResult:  # fmt: skip
        """Write the target list of *segment* with its manifest; see `ListRequest` for the options.

        Instead of a segment's name, *where* gives a rule as text about rows of *entity* (else the default entity), or
        ``campaign=`` names a campaign. With ``dry_run=True`` nothing leaves: the result holds the rows, masked. Without *path* it
        holds them too, but they count as handed over: in the audit log and the ledger.
        """
        from c360.deliver.listing import ListRequest
        from c360.lists.listing import export

        if where is not None or (segment is None and not options.get("campaign")):
            asked, rule = self.ruled(segment, where, entity)
            return asked.export(rule, path, **options)
        request: ListRequest = ListRequest(segment or "", None if path is None else Path(path), **options)
        return export(self._workspace, request, made_at=datetime.now(UTC).isoformat(timespec="seconds"))

    def verify(self, file: str | Path, *, keys: Iterable[str] | None = None) -> Verification:
        """Hold a list's *file* (or its manifest) against its manifest and make it again; see `c360.lists.verifying.verify`.

        The result says what differs, kind by kind: file, manifest, data, definitions, parameters. *keys* are those that were given
        when the list was made.
        """
        from c360.lists.verifying import verify

        return verify(self._workspace, Path(file), keys)

    def arbitrate(self, month: str, *, folder: str | Path | None = None, **options: Any) -> Arbitration:
        """Give each person one campaign of *month* (as ``2026-11``), keep the decision, and write the lists into *folder*.

        See `c360.lists.arbitrating.MonthRequest` for the options. With ``preview=True`` nothing is kept; the result compares.
        """
        from c360.lists.arbitrating import MonthRequest, arbitrate

        request = MonthRequest(month, folder=None if folder is None else Path(folder), **options)
        return arbitrate(self._workspace, request, made_at=datetime.now(UTC).isoformat(timespec="seconds"))

    def campaign_rows(self) -> list[dict[str, Any]]:
        """Return the campaigns as plain data, the first to choose first; raises NothingMatched for none."""
        from c360.lists.campaigning import rows

        return rows(self._workspace)

    def campaign_card(self, name: str) -> dict[str, Any]:
        """Return everything about one campaign as plain data, with its plays, its past lists and what came of them."""
        from c360.lists.campaigning import card

        return card(self._workspace, name)

    def past_lists(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the lists that left, of one campaign or of all, the last first, each with its results where some are known."""
        from c360.lists.campaigning import past

        return past(self._workspace, name or "")

    def import_outcomes(self, file: str | Path, list_id: str, **options: Any) -> Imported:
        """Import what came back on a past list; see `OutcomesRequest` for the options. The same file again changes nothing."""
        from c360.lists.importing import OutcomesRequest, import_outcomes

        return import_outcomes(self._workspace, OutcomesRequest(Path(file), list_id, **options), self.records.clock())

    def imported_outcomes(self, list_id: str = "") -> list[ImportRecord]:
        """Return what was imported for a list, or for all, by the time it was made."""
        from c360.lists.importing import imported

        return imported(self._workspace, list_id)

    def forget_outcomes(self, import_id: str) -> ImportRecord:
        """Take an import back, as if its file had never come."""
        from c360.lists.importing import forget

        return forget(self._workspace, import_id)

    def data_problems(self, source: str = "") -> list[tuple[str, str]]:
        """Return what contacts found wrong with the data, as pairs of a source (empty: not known) and a line, of one or of all."""
        from c360.lists.importing import data_problems

        return data_problems(self._workspace, source)

    def adopt_list(self, file: str | Path, name: str, on: date | str, **options: Any) -> Adopted:
        """Take a past list that c360 did not make into the ledger, contacted on the day *on*; see `Adoption` for the options."""
        from c360.lists.adopting import Adoption, adopt

        return adopt(self._workspace, Adoption(Path(file), name, as_day(on), **options), self.records.clock())

    def evaluate(self, list_id: str, **options: Any) -> Evaluation:
        """Compare treated and held out of a past list; see `EvaluationRequest` for the options."""
        from c360.lists.evaluating import EvaluationRequest, evaluate

        return evaluate(self._workspace, EvaluationRequest(list_id, **options), self.records.clock())

    def propose(
        self, segment: str | None = None, *, where: str | None = None, entity: str | None = None, **options: Any
    ) -> Proposal:
        """Freeze what `export` with the same options would make, for another person to approve; nothing is written but that."""
        from c360.deliver.listing import ListRequest
        from c360.lists.approving import propose

        if where is not None or (segment is None and not options.get("campaign")):
            asked, rule = self.ruled(segment, where, entity)
            return asked.propose(rule, **options)
        return propose(self._workspace, ListRequest(segment or "", **options))

    def approve(self, proposal_id: str, *, max_rows: int | None = None) -> Proposal:
        """Say yes to a proposal as another person than its proposer, for at most *max_rows* rows: signed intent, no more."""
        from c360.lists.approving import approve

        return approve(self._workspace, proposal_id, max_rows=max_rows)

    def proposals(self) -> list[dict[str, Any]]:
        """Return what was proposed as plain data, the oldest first, with who said yes."""
        from c360.lists.approving import proposals

        return proposals(self._workspace)

    def audit_lines(self, **wanted: Any) -> list[Line]:
        """Return lines of the audit log, the last first: of an *event*, *name* or *list_id*, *since* a day, by *who*."""
        from c360.lists.auditing import lines

        return lines(self._workspace, **wanted)

    def verify_audit(self) -> AuditCheck:
        """Hold the audit log against its own hashes; the findings name file and line."""
        from c360.lists.auditing import verified

        return verified(self._workspace)

    def expiring_lists(self, days: int) -> list[Line]:
        """Return the audit lines of lists that are to be deleted within *days* days, or should have been."""
        from c360.lists.auditing import expiring

        return expiring(self._workspace, days)

    def lists_holding(self, keys: Iterable[str]) -> Held:
        """Return which past lists hold the customers with *keys*; the question itself is logged, as keyed hashes."""
        from c360.lists.auditing import holding

        return holding(self._workspace, keys)

    def erase(self, keys: Iterable[str]) -> Erasure:
        """Take customers out of all that c360 itself keeps, for good; see `c360.lists.erasing.erase`. Run again, it finishes."""
        from c360.lists.erasing import erase

        return erase(self._workspace, keys)

    def expire_lists(self) -> tuple[Fate, ...]:
        """Delete the files of lists that are past their delete-after date; whom they held stays in the ledger."""
        from c360.lists.erasing import expire

        return expire(self._workspace)

    def withdraw_list(self, list_id: str, reason: str) -> ListRecord:
        """Take back a list that nobody was contacted by: caps do not count it any more. The audit log keeps it, and the reason."""
        from c360.lists.withdrawing import withdraw

        return withdraw(self._workspace, list_id, reason)
