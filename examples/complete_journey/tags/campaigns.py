"""Tags of what campaigns did: how often a household was reached, what it redeemed."""

from c360 import given, tag
from tags.sources import Contact, Redemption

campaigns_received = tag(
    Contact.count(),
    title="Campaigns received", zh="已触达活动数", unit="campaign", owner="campaigns",
    example=given(
        "2017-06-30",
        Contact="household|contacted_on; H1|2017-02-08; H1|2017-06-30; H2|2017-07-12",
        Redemption="household|redeemed_on; H2|2017-06-01",
    ).gives(H1=2, H2=0),
)  # fmt: skip

days_since_contact = tag(
    Contact.days_since_last(),
    title="Days since the last campaign began", zh="距上次活动天数", unit="day", owner="campaigns",
    description="Null for a household that no campaign reached.",
    example=given(
        "2017-06-30",
        Contact="household|contacted_on; H1|2017-05-31",
        Redemption="household|redeemed_on; H2|2017-06-01",
    ).gives(H1=30, H2=None),
)  # fmt: skip

coupons_redeemed = tag(
    Redemption.count(),
    title="Coupons redeemed", zh="已核销优惠券数", unit="coupon", owner="campaigns",
    example=given(
        "2017-06-30",
        Redemption="household|redeemed_on; H1|2017-06-30; H1|2017-06-30; H2|2017-07-01",
        Contact="household|contacted_on; H2|2017-06-01",
    ).gives(H1=2, H2=0),
)  # fmt: skip

type_a_campaigns = tag(
    Contact.where(Contact.campaign.kind == "A").count(),
    title="Campaigns of type A received", zh="已触达A类活动数", unit="campaign", owner="campaigns",
    example=given(
        "2017-06-30",
        Campaign="campaign|starts_on|kind; 8|2017-05-08|A; 9|2017-05-31|B",
        Contact="household|campaign|contacted_on; H1|8|2017-05-08; H1|9|2017-05-31; H2|9|2017-05-31",
    ).gives(H1=1, H2=0),
)  # fmt: skip
