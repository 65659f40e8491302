"""Grouping variables, demographic and psychographic, and where customers live; each with its levels, none invented."""

from c360 import given, param, tag, tiers, when
from tags.base import age_years
from tags.sources import Customer, Interest

_unit = Customer.unit

home_city = tag(
    when(_unit.kind == "cell").then(_unit.parent_unit.name).when(_unit.kind == "city").then(_unit.name).or_null(),
    title="City",
    zh="本地网",
    owner="market",
    description="Of the organisational unit the customer belongs to today; missing where the unit is a province or not known.",
    source="field sources (geographic)",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Unit="unit|name|kind|parent_unit; U1|Cell 7|cell|U2; U2|Northtown|city|U3; U3|North|province|",
        Customer="customer|unit; C1|U1; C2|U2; C3|U3; C4|",
    ).gives(C1="Northtown", C2="Northtown", C3=None, C4=None),
)

home_province = tag(
    when(_unit.kind == "cell")
    .then(_unit.parent_unit.parent_unit.name)
    .when(_unit.kind == "city")
    .then(_unit.parent_unit.name)
    .when(_unit.kind == "province")
    .then(_unit.name)
    .or_null(),
    title="Province",
    zh="省份",
    owner="market",
    description="Of the organisational unit the customer belongs to today; missing where it is not known.",
    source="field sources (geographic)",
    sensitivity="internal",
    example=given(
        "2026-10-31",
        Unit="unit|name|kind|parent_unit; U1|Cell 7|cell|U2; U2|Northtown|city|U3; U3|North|province|",
        Customer="customer|unit; C1|U1; C2|U2; C3|U3; C4|",
    ).gives(C1="North", C2="North", C3="North", C4=None),
)

sex = tag(
    Customer.gender,
    title="Sex",
    zh="性别",
    owner="market",
    description="Missing where it is not known, as with organisations.",
    source="field sources (demographic)",
    levels_zh={"female": "女", "male": "男"},
    example=given("2026-10-31", Customer="customer|gender; C1|female; C2|").gives(C1="female", C2=None),
)

age_decade = tag(
    tiers(
        age_years,
        over_60=param("age.over_60", 60),
        aged_50=param("age.fifties", 50),
        aged_40=param("age.forties", 40),
        aged_30=param("age.thirties", 30),
        aged_20=param("age.twenties", 20),
        otherwise="under_20",
    ),
    title="Age in decades",
    zh="年龄组",
    owner="market",
    description="Completed years; 'unknown' without a birth date. Life stages by age are age_band and life_stage.",
    source="field sources (demographic); cuts ours",
    sensitivity="internal",
    levels_zh={
        "over_60": "60岁及以上", "aged_50": "50-59岁", "aged_40": "40-49岁", "aged_30": "30-39岁", "aged_20": "20-29岁",
        "under_20": "20岁以下", "unknown": "未知",
    },
    example=given(
        "2026-10-31",
        Customer="""customer|birth_date
            C1|1966-10-31; C2|1966-11-01; C3|2006-10-31; C4|2006-11-01; C5|
            C6|1976-10-31; C7|1976-11-01; C8|1986-10-31; C9|1986-11-01; C10|1996-10-31; C11|1996-11-01""",
    ).gives(
        C1="over_60", C2="aged_50", C3="aged_20", C4="under_20", C5="unknown", C6="aged_50", C7="aged_40", C8="aged_40",
        C9="aged_30", C10="aged_30", C11="aged_20",
    ),
)  # fmt: skip

nationality = tag(
    Customer.nationality,
    title="Nationality",
    zh="国籍",
    owner="market",
    description="Sensitive; missing where it is not known.",
    source="field sources (demographic)",
    example=given("2026-10-31", Customer="customer|nationality; C1|CN; C2|").gives(C1="CN", C2=None),
)

education = tag(
    Customer.education,
    title="Education",
    zh="学历",
    owner="market",
    description="As it is today; missing where it is not known.",
    source="field sources (demographic)",
    levels_zh={"primary": "小学", "secondary": "中学", "college": "大专", "bachelor": "本科", "postgraduate": "研究生"},
    example=given("2026-10-31", Customer="customer|education; C1|bachelor; C2|").gives(C1="bachelor", C2=None),
)

occupation = tag(
    Customer.occupation,
    title="Occupation",
    zh="职业",
    owner="market",
    description="As it is today; missing where it is not known.",
    source="field sources (demographic)",
    example=given("2026-10-31", Customer="customer|occupation; C1|teacher; C2|").gives(C1="teacher", C2=None),
)

industry = tag(
    Customer.industry,
    title="Industry",
    zh="行业",
    owner="market",
    description="As it is today, of organisations above all; missing where it is not known.",
    source="field sources (demographic)",
    example=given("2026-10-31", Customer="customer|industry; C1|banking; C2|").gives(C1="banking", C2=None),
)

income_band = tag(
    Customer.income_band,
    title="Income",
    zh="收入档",
    owner="market",
    description="As it is today; missing where it is not known.",
    source="field sources (demographic)",
    levels_zh={"low": "低收入", "middle": "中等收入", "high": "高收入"},
    example=given("2026-10-31", Customer="customer|income_band; C1|middle; C2|").gives(C1="middle", C2=None),
)

household_size_band = tag(
    tiers(
        Customer.household_size,
        large=param("household.large", 5),
        middle=3,
        couple=2,
        otherwise="single",
    ),
    title="Size of the household",
    zh="家庭规模",
    owner="market",
    description="1, 2, 3 or 4, 5 and more persons, as it is today; 'unknown' where it is not known.",
    source="field sources (demographic); cuts ours",
    levels_zh={"large": "5人及以上", "middle": "3-4人", "couple": "2人", "single": "1人", "unknown": "未知"},
    example=given(
        "2026-10-31",
        Customer="customer|household_size; C1|5; C2|4; C3|3; C4|2; C5|1; C6|",
    ).gives(C1="large", C2="middle", C3="middle", C4="couple", C5="single", C6="unknown"),
)

family_stage = tag(
    Customer.family_stage,
    title="Family stage",
    zh="家庭阶段",
    owner="market",
    description="As it is today; missing where it is not known.",
    source="field sources (demographic)",
    levels_zh={
        "single": "单身", "couple": "二人世界", "young_children": "子女年幼", "grown_children": "子女成年", "empty_nest": "空巢",
    },
    example=given("2026-10-31", Customer="customer|family_stage; C1|single; C2|").gives(C1="single", C2=None),
)  # fmt: skip

social_class = tag(
    Customer.social_class,
    title="Social class",
    zh="社会阶层",
    owner="market",
    description="Sensitive; as it is today, missing where it is not known.",
    source="field sources (psychographic)",
    levels_zh={"basic": "基层", "middle": "中层", "upper": "上层"},
    example=given("2026-10-31", Customer="customer|social_class; C1|upper; C2|").gives(C1="upper", C2=None),
)

lifestyle = tag(
    Customer.lifestyle,
    title="Lifestyle",
    zh="生活方式",
    owner="market",
    description="As it is today; missing where it is not known.",
    source="field sources (psychographic)",
    example=given("2026-10-31", Customer="customer|lifestyle; C1|outdoor; C2|").gives(C1="outdoor", C2=None),
)

personality = tag(
    Customer.personality,
    title="Personality",
    zh="性格",
    owner="market",
    description="Sensitive; as it is today, missing where it is not known.",
    source="field sources (psychographic)",
    example=given("2026-10-31", Customer="customer|personality; C1|cautious; C2|").gives(C1="cautious", C2=None),
)

interests = tag(
    Interest.interest.top(20),
    title="Interests",
    zh="兴趣爱好",
    owner="market",
    description="All that were noted by D, the one noted most often first; empty where none was.",
    source="field sources (traits)",
    example=given(
        "2026-10-31",
        Customer="customer; C1; C2",
        Interest="customer|noted_on|interest; C1|2026-01-01|chess; C1|2026-02-01|sport; C1|2026-03-01|sport; C2|2026-11-01|sport",
    ).gives(C1=("sport", "chess"), C2=()),
)
