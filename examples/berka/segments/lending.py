"""Segments of the bank: clients with an account, those who share one, those beside an unpaid loan."""

from c360 import given, segment
from tags.accounts import clients_of_account, has_bad_loan
from tags.clients import borrowed_as_owner
from tags.sources import Account, Client, Disposition

shared_accounts = segment(
    clients_of_account > 1,
    entity=Account,
    title="Shared accounts", zh="共享账户", owner="retail",
    example=given(
        "1998-12-31", Account="account; A1; A2", Disposition="disposition|client|account; D1|C1|A1; D2|C2|A1; D3|C3|A2"
    ).gives(A1=True, A2=False),
)  # fmt: skip

with_account = segment(
    Disposition.account.opened_on.is_known().any(),
    entity=Client,
    title="Clients with an open account", zh="有账户客户", owner="retail",
    description="A client has no date of its own: before its account is opened it is a row and no client yet.",
    example=given(
        "1995-06-30",
        Client="client; C1; C2; C3",
        Account="account|opened_on; A1|1995-06-30; A2|1995-07-01",
        Disposition="disposition|client|account; D1|C1|A1; D2|C2|A2",
    ).gives(C1=True, C2=False, C3=False),
)  # fmt: skip

borrowing_owners = segment(
    borrowed_as_owner > 0,
    universe=with_account,
    title="Owners who borrowed", zh="借款户主", owner="lending",
    example=given(
        "1998-12-31",
        Client="client; C1; C2",
        Account="account|opened_on; A1|1993-01-01",
        Disposition="disposition|client|account|kind; D1|C1|A1|owner; D2|C2|A1|disponent",
        Loan="account|granted_on|amount; A1|1994-01-05|100",
    ).gives(C1=True, C2=False),
)  # fmt: skip

beside_bad_loan = segment(
    Disposition.account[has_bad_loan].any(),
    universe=with_account,
    title="May use an account with a bad loan", zh="不良贷款账户客户", owner="lending",
    description="Owners and disponents alike; how a loan went has no history.",
    example=given(
        "1998-12-31",
        Client="client; C1; C2; C3",
        Account="account|opened_on; A1|1993-01-01; A2|1993-01-01",
        Disposition="disposition|client|account|kind; D1|C1|A1|owner; D2|C2|A1|disponent; D3|C3|A2|owner",
        Loan="account|granted_on|status; A1|1994-01-05|unpaid; A2|1994-01-05|running",
    ).gives(C1=True, C2=True, C3=False),
)  # fmt: skip
