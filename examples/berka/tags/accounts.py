"""Tags of accounts: how many clients share one, what it borrowed, how its loans went."""

from c360 import given, tag
from tags.sources import Account, Disposition, Loan

clients_of_account = tag(
    Disposition.count(),
    entity=Account,
    title="Clients of the account", zh="账户客户数", unit="client", owner="retail",
    example=given(
        "1998-12-31",
        Account="account; A1; A2",
        Disposition="disposition|client|account; D1|C1|A1; D2|C2|A1; D3|C3|A2",
    ).gives(A1=2, A2=1),
)  # fmt: skip

borrowed = tag(
    Loan.amount.sum().or_zero(),
    entity=Account,
    title="Borrowed by the account", zh="账户贷款总额", unit="koruna", owner="lending",
    example=given(
        "1998-12-31",
        Account="account; A1; A2",
        Loan="account|granted_on|amount; A1|1994-01-05|80952; A2|1999-01-01|5000",
    ).gives(A1=80952, A2=0),
)  # fmt: skip

has_bad_loan = tag(
    Loan.status.is_in("unpaid", "in_debt").any(),
    entity=Account,
    title="Loan unpaid or in debt", zh="不良贷款", owner="lending",
    description="How a loan went has no history: current runs only.",
    example=given(
        "1998-12-31",
        Account="account; A1; A2; A3",
        Loan="account|granted_on|status; A1|1994-01-05|in_debt; A2|1994-01-05|paid",
    ).gives(A1=True, A2=False, A3=False),
)  # fmt: skip
