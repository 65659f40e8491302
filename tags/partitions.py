"""Reference partitions of the customers: brands by age and contribution, and life stages; each complete and disjoint."""

from c360 import first_match, given, param, tag
from tags.base import age_years, vip_level
from tags.sources import Customer
from tags.spend import arpu_3m

_pays_premium = arpu_3m >= param("brand.premium_arpu", 100, source="S")

brand_segment = tag(
    first_match(
        premium_vip=_pays_premium & (vip_level >= param("brand.vip_from", "gold")).or_false(),
        premium=_pays_premium,
        youth=(age_years <= param("brand.youth_age", 25)).or_false(),
        local=(Customer.brand == "local").or_false(),
        otherwise="mass",
    ),
    title="Brand that fits",
    zh="品牌分群",
    owner="market",
    description="First that holds: ARPU of 100 or more, with a VIP level of gold or more, or without; aged 25 or less; on a local "
    "tariff; else mass. An age, level or brand that is not known does not count, so everyone has exactly one.",
    source="field sources (brands, the ARPU); age, and the order, ours",
    levels_zh={
        "premium_vip": "高端品牌VIP", "premium": "高端品牌", "youth": "青年品牌", "local": "本地资费", "mass": "大众品牌",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="""customer|birth_date|vip_level|brand
            C1|2005-01-01|gold|youth; C2|2005-01-01|silver|local; C3|2000-11-01|gold|local; C4|2000-10-31|gold|local
            C5||| ; C6|2000-11-01||""",
        Line="line|customer; L1|C1; L2|C2; L3|C3",
        Bill="line|month|total; L1|2026-10|300; L2|2026-10|300; L3|2026-10|299.97",
    ).gives(C1="premium_vip", C2="premium", C3="youth", C4="local", C5="mass", C6="youth"),
)  # fmt: skip

_married = Customer.family_stage.is_in("couple", "young_children", "grown_children", "empty_nest")

life_stage = tag(
    first_match(
        married_women=((Customer.gender == "female") & _married).or_false(),
        teenagers=(age_years >= param("life.teen_from", 13, source="S")) & (age_years < param("life.student_from", 19, source="S")),
        students=(age_years >= param("life.student_from", 19, source="S"))
        & (age_years < param("life.working_from", 25, source="S")),
        working=(age_years >= param("life.working_from", 25, source="S"))
        & (age_years < param("life.working_to", 36, source="S")),
        otherwise="other",
    ),
    title="Life stage",
    zh="生命阶段分群",
    owner="market",
    description="First that holds: a woman known to be married, whatever her age; 13 to 18; 19 to 24; 25 to 35; else other. "
    "Whoever is not known to be married goes by age; 'unknown' where that is not known.",
    source="field sources",
    levels_zh={
        "married_women": "已婚女性", "teenagers": "13-18岁", "students": "19-24岁", "working": "25-35岁", "other": "其他",
        "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="""customer|birth_date|gender|family_stage
            C1|1990-01-01|female|couple; C2||female|empty_nest; C3|2013-10-31|male|; C4|2007-10-31||; C5|2001-10-31|female|single
            C6|1990-10-31|male|couple; C7||female|; C8|2013-11-01||; C9|1990-11-01|male|couple
            C10|2007-11-01||; C11|2001-11-01||""",
    ).gives(
        C1="married_women", C2="married_women", C3="teenagers", C4="students", C5="working", C6="other", C7="unknown",
        C8="other", C9="working", C10="teenagers", C11="students",
    ),
)  # fmt: skip
