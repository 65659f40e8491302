"""Tags of accounts made of what their clients are: the way back from clients."""

from c360 import given, tag
from tags.clients import age, borrowed_by_head, cards
from tags.sources import Account, Disposition

youngest_client = tag(
    Disposition.client[age].min(),
    entity=Account,
    title="Age of the youngest client", zh="最年轻客户年龄", unit="year", owner="retail",
    example=given(
        "1998-12-31",
        Account="account; A1; A2",
        Client="client|birth_date; C1|1970-12-31; C2|1980-12-31",
        Disposition="disposition|client|account; D1|C1|A1; D2|C2|A1",
    ).gives(A1=18, A2=None),
)  # fmt: skip

cards_of_clients = tag(
    Disposition.client[cards].sum().or_zero(),
    entity=Account,
    title="Cards of the account's clients", zh="账户客户银行卡数", unit="card", owner="retail",
    description="Equal to the account's own cards only because no client of this bank has two accounts.",
    example=given(
        "1998-12-31",
        Account="account; A1; A2",
        Client="client; C1; C2",
        Disposition="disposition|client|account; D1|C1|A1; D2|C2|A1",
        Card="disposition|issued_on; D1|1998-01-01; D2|1998-01-01",
    ).gives(A1=2, A2=0),
)  # fmt: skip

borrowed_again = tag(
    Disposition.client[borrowed_by_head].sum().or_zero(),
    entity=Account,
    title="Borrowed, rolled up and back", zh="往返贷款总额", unit="koruna", owner="lending",
    description="The parts of the account's clients, added: anything but what the account borrowed would be a fault.",
    example=given(
        "1998-12-31",
        Account="account; A1; A2",
        Client="client; C1; C2",
        Disposition="disposition|client|account; D1|C1|A1; D2|C2|A1",
        Loan="account|granted_on|amount; A1|1994-01-05|100",
    ).gives(A1=100, A2=0),
)  # fmt: skip
