"""Tags of clients over their accounts: three ways to count a shared loan, of which one says it twice on purpose."""

from c360 import as_of, given, tag
from tags.accounts import borrowed, clients_of_account
from tags.sources import Card, Client, Disposition

SHARED = given(
    "1998-12-31",
    Account="account; A1; A2",
    Client="client; C1; C2; C3",
    Disposition="disposition|client|account|kind; D1|C1|A1|owner; D2|C2|A1|disponent; D3|C3|A2|owner",
    Loan="account|granted_on|amount; A1|1994-01-05|100",
)

age = tag(
    Client.birth_date.months_until(as_of()) // 12,
    title="Age", zh="年龄", unit="year", owner="retail", sensitivity="internal",
    example=given("1998-12-31", Client="client|birth_date; C1|1970-12-31; C2|1971-01-01").gives(C1=28, C2=27),
)  # fmt: skip

share_of_loans = tag(
    Disposition.account[borrowed] / Disposition.account[clients_of_account],
    entity=Disposition,
    title="Loans of the account, by head", zh="人均账户贷款", unit="koruna", owner="lending",
    example=SHARED.gives(D1=100 / 2, D2=100 / 2, D3=0),
)  # fmt: skip

borrowed_by_head = tag(
    share_of_loans.sum(),
    title="Borrowed, shared out by head", zh="按人分摊贷款", unit="koruna", owner="lending",
    description="A shared account's loans in equal parts; over all clients it is what the accounts borrowed.",
    example=SHARED.gives(C1=100 / 2, C2=100 / 2, C3=0),
)  # fmt: skip

borrowed_as_owner = tag(
    Disposition.where(Disposition.kind == "owner")[Disposition.account[borrowed]].sum().or_zero(),
    title="Borrowed as owner", zh="户主贷款", unit="koruna", owner="lending",
    description="An account has one owner, so over all clients it is what the accounts borrowed, to the heller.",
    example=SHARED.gives(C1=100, C2=0, C3=0),
)  # fmt: skip

borrowed_within_reach = tag(
    Disposition.account[borrowed].sum(),
    title="Borrowed by accounts the client may use", zh="可用账户贷款", unit="koruna", owner="lending",
    description="The whole loan for each client of a shared account: right for one client, not to be added up over clients.",
    example=SHARED.gives(C1=100, C2=100, C3=0),
)  # fmt: skip

cards = tag(
    Card.count(),
    entity=Client,
    title="Cards", zh="银行卡数", unit="card", owner="retail",
    example=given(
        "1998-12-31",
        Disposition="disposition|client; D1|C1; D2|C2",
        Card="disposition|issued_on; D1|1998-12-31; D1|1996-01-01; D2|1999-01-01",
    ).gives(C1=2, C2=0),
)  # fmt: skip
