"""Contracts of the telecom sources: logical tables with their grain, types and roles; bindings live in c360.toml."""

from c360 import (
    Boolean,
    Category,
    Date,
    Entity,
    Facts,
    Integer,
    Key,
    Money,
    Month,
    Number,
    Ordered,
    Text,
    Volume,
    column,
    current,
    event,
    fixed,
    later,
    planned,
    since,
)


class Unit(Entity):
    """One row an organisational unit: a grid cell, its city, its province."""

    zh = "网格单元"
    name: Text = current(sensitivity="public", zh="单元名称")
    kind: Category["cell", "city", "province"] = fixed(
        zh="单元级别", levels_zh={"cell": "网格", "city": "本地网", "province": "省公司"}
    )
    parent_unit: Key["Unit"] = current(parent=False, zh="上级单元")


class Manager(Entity):
    """One row a customer manager."""

    zh = "客户经理"
    name: Text = current(sensitivity="personal", zh="经理姓名")
    unit: Key[Unit] = current()


class Channel(Entity):
    """One row a sales channel through which lines were acquired."""

    zh = "渠道"
    name: Text = current(sensitivity="internal", zh="渠道名称")
    kind: Category["own_store", "dealer", "online", "direct", "telesales"] = fixed(
        zh="渠道类别",
        levels_zh={"own_store": "自有厅", "dealer": "代理商", "online": "电子渠道", "direct": "直销", "telesales": "外呼"},
    )
    unit: Key[Unit] = current()
    unit_award: Money = current(min=0, unit="yuan/line", zh="单户酬金")
    handset_sales: Boolean = current(zh="带机销售")


class CustomerGroup(Entity):
    """One row a group: an organisation or a household whose members are customers."""

    zh = "集团家庭"
    kind: Category["organisation", "household"] = fixed(zh="群体类别", levels_zh={"organisation": "集团", "household": "家庭"})
    name: Text = current(sensitivity="personal", zh="群体名称")
    industry: Text = fixed(sensitivity="internal", zh="行业")
    founded_on: Date = since(zh="成立日期")
    secrecy_level: Ordered["none", "confidential", "secret"] = current(
        zh="保密等级", levels_zh={"none": "无", "confidential": "秘密", "secret": "机密"}
    )
    competitor_contract_end: Date = current(zh="竞争对手合约到期日")
    known_lines: Integer = current(min=0, unit="line", zh="已知号码数")
    manager: Key[Manager] = current()


class Customer(Entity):
    """One row a customer: a person, a family or an organisation."""

    default = True
    zh = "客户"
    joined_on: Date = since(zh="入网日期")
    kind: Category["person", "family", "organisation"] = fixed(
        zh="客户类别", levels_zh={"person": "个人", "family": "家庭", "organisation": "集团"}
    )
    name: Text = fixed(sensitivity="personal", zh="姓名")
    phone: Text = current(sensitivity="personal", zh="联系电话")
    gender: Category["female", "male"] = fixed(zh="性别", levels_zh={"female": "女", "male": "男"})
    birth_date: Date = fixed(sensitivity="personal", zh="出生日期")
    nationality: Text = fixed(sensitivity="sensitive", zh="国籍")
    region: Text = current(sensitivity="internal", zh="地区")
    unit: Key[Unit] = current()
    manager: Key[Manager] = current()
    education: Ordered["primary", "secondary", "college", "bachelor", "postgraduate"] = current(
        sensitivity="personal",
        zh="学历",
        levels_zh={"primary": "小学", "secondary": "中学", "college": "大专", "bachelor": "本科", "postgraduate": "研究生"},
    )
    occupation: Text = current(sensitivity="personal", zh="职业")
    industry: Text = current(sensitivity="internal", zh="行业")
    income_band: Ordered["low", "middle", "high"] = current(
        sensitivity="personal", zh="收入档", levels_zh={"low": "低收入", "middle": "中等收入", "high": "高收入"}
    )
    social_class: Ordered["basic", "middle", "upper"] = current(
        sensitivity="sensitive", zh="社会阶层", levels_zh={"basic": "基层", "middle": "中层", "upper": "上层"}
    )
    lifestyle: Text = current(sensitivity="personal", zh="生活方式")
    family_stage: Category["single", "couple", "young_children", "grown_children", "empty_nest"] = current(
        sensitivity="personal",
        zh="家庭阶段",
        levels_zh={
            "single": "单身", "couple": "二人世界", "young_children": "子女年幼", "grown_children": "子女成年",
            "empty_nest": "空巢",
        },
    )  # fmt: skip
    household_size: Integer = current(min=1, max=20, unit="person", sensitivity="personal", zh="家庭人口")
    personality: Text = current(sensitivity="sensitive", zh="性格")
    brand: Category["premium", "mass", "youth", "local"] = current(
        zh="客户品牌", levels_zh={"premium": "高端品牌", "mass": "大众品牌", "youth": "青年品牌", "local": "本地资费"}
    )
    vip_level: Ordered["none", "silver", "gold", "diamond"] = current(
        zh="贵宾等级", levels_zh={"none": "无", "silver": "银卡", "gold": "金卡", "diamond": "钻石卡"}
    )


class Interest(Facts):
    """One interest of a customer, from the day it was noted."""

    zh = "兴趣"
    customer: Key[Customer]
    noted_on: Date = event(zh="记录日期")
    interest: Text = column(sensitivity="personal", zh="兴趣")


class Consent(Facts):
    """One answer of a customer to one purpose on one channel; the latest one up to D counts."""

    zh = "授权"
    customer: Key[Customer]
    since_on: Date = event(zh="生效日期")
    purpose: Category["care", "offer", "retention"] = column(
        zh="目的", levels_zh={"care": "关怀", "offer": "营销", "retention": "挽留"}
    )
    channel_kind: Category["sms", "call", "app", "store", "web", "visit", "kiosk"] = column(zh="渠道")
    status: Category["granted", "refused", "withdrawn"] = column(
        zh="授权状态", levels_zh={"granted": "同意", "refused": "拒绝", "withdrawn": "撤回"}
    )
    do_not_contact: Boolean = column(zh="谢绝来电")


class Account(Entity):
    """One row an account, which pays bills; arrears live here."""

    zh = "账户"
    customer: Key[Customer] = fixed()
    opened_on: Date = since(zh="开户日期")
    payment_method: Category["cash", "direct_debit", "wallet", "prepaid"] = current(
        zh="付费方式", levels_zh={"cash": "现金", "direct_debit": "银行托收", "wallet": "电子钱包", "prepaid": "预付费"}
    )
    credit_limit: Money = current(min=0, unit="yuan", zh="信用额度")
    status: Category["open", "barred", "closed"] = current(
        zh="账户状态", levels_zh={"open": "正常", "barred": "停机", "closed": "销户"}
    )


class Plan(Entity):
    """One row a price plan."""

    zh = "套餐"
    monthly_fee: Money = fixed(min=0, unit="yuan/month", zh="月费")
    included_minutes: Integer = fixed(min=0, zh="含通话分钟")
    included_mb: Integer = fixed(min=0, unit="MB", zh="含流量")
    tier: Ordered["basic", "standard", "premium"] = fixed(
        zh="套餐档次", levels_zh={"basic": "基础", "standard": "标准", "premium": "高端"}
    )
    networks: Ordered["2g", "3g", "4g", "5g"] = fixed(zh="最高网络制式")


class Line(Entity):
    """One row a line: one subscription of one service type."""

    zh = "用户"
    customer: Key[Customer] = fixed()
    account: Key[Account] = fixed()
    plan: Key[Plan] = current()
    channel: Key[Channel] = fixed()
    main_line: Key["Line"] = current(parent=False, zh="主卡用户")
    service_type: Category["mobile", "fixed", "broadband", "iptv"] = fixed(
        zh="业务类型", levels_zh={"mobile": "移动", "fixed": "固话", "broadband": "宽带", "iptv": "电视"}
    )
    phone: Text = fixed(sensitivity="personal", zh="号码")
    is_sub_card: Boolean = fixed(zh="副卡")
    network: Ordered["2g", "3g", "4g", "5g"] = current(zh="网络制式")
    device_id: Text = current(sensitivity="personal", zh="终端串号")
    device_brand: Text = current(sensitivity="internal", zh="终端品牌")
    device_price: Money = current(min=0, unit="yuan", zh="终端价格")
    device_network: Ordered["2g", "3g", "4g", "5g"] = current(zh="终端制式")
    ported_in: Boolean = fixed(zh="携入")
    status: Category["active", "suspended", "left"] = current(
        zh="用户状态", levels_zh={"active": "在网", "suspended": "停机", "left": "离网"}
    )
    activated_on: Date = since(zh="开通日期")
    deactivated_on: Date = later(by="deactivated_on", zh="销户日期")


class PlanChange(Facts):
    """One change of a line's plan."""

    zh = "套餐变更"
    line: Key[Line]
    changed_on: Date = event(zh="变更日期")
    from_plan: Key[Plan] = column(parent=False, zh="原套餐")
    to_plan: Key[Plan] = column(parent=False, zh="新套餐")
    asked_by_customer: Boolean = column(zh="客户主动")


class Suspension(Facts):
    """One period in which a line was barred."""

    zh = "停机"
    line: Key[Line]
    from_on: Date = event(zh="停机日期")
    to_on: Date = later(by="to_on", zh="复机日期")
    reason: Category["arrears", "asked", "fraud", "lost"] = column(
        zh="停机原因", levels_zh={"arrears": "欠费", "asked": "报停", "fraud": "涉诈", "lost": "挂失"}
    )


class Contract(Facts):
    """One row a contract: a commitment of a line for a term."""

    zh = "合约"
    line: Key[Line]
    kind: Category["sim_only", "handset", "prepaid_fee", "broadband"] = column(
        zh="合约类型",
        levels_zh={"sim_only": "单卡合约", "handset": "购机合约", "prepaid_fee": "存费送费", "broadband": "宽带合约"},
    )
    start_on: Date = event(zh="合约生效日")
    end_on: Date = planned(zh="合约到期日")
    term_months: Integer = column(min=1, max=60, unit="month", zh="合约月数")
    committed_monthly: Money = column(min=0, unit="yuan/month", zh="月承诺消费")
    device_cost: Money = column(min=0, unit="yuan", zh="终端成本")
    fee_subsidy: Money = column(min=0, unit="yuan", zh="话费补贴")


class Membership(Facts):
    """One row a customer's role in an organisation or a household, from the day it began."""

    zh = "成员关系"
    customer: Key[Customer]
    customer_group: Key[CustomerGroup]
    since_on: Date = event(zh="加入日期")
    group_kind: Category["organisation", "household"] = column(
        zh="群体类别", levels_zh={"organisation": "集团", "household": "家庭"}
    )
    role: Category["decision_maker", "key_person", "head", "member"] = column(
        zh="角色", levels_zh={"decision_maker": "决策者", "key_person": "关键人", "head": "户主", "member": "成员"}
    )


class Bill(Facts):
    """One line's bill for one calendar month, and what the line cost us in it."""

    zh = "账单"
    line: Key[Line]
    month: Month = event(zh="账期")
    plan_fee: Money = column(min=0, unit="yuan", zh="套餐费")
    voice_local: Money = column(min=0, unit="yuan", zh="本地通话费")
    voice_long_distance: Money = column(min=0, unit="yuan", zh="长途通话费")
    voice_roaming: Money = column(min=0, unit="yuan", zh="漫游通话费")
    data: Money = column(min=0, unit="yuan", zh="流量费")
    sms: Money = column(min=0, unit="yuan", zh="短信费")
    vas: Money = column(min=0, unit="yuan", zh="增值业务费")
    other: Money = column(min=0, unit="yuan", zh="其他费用")
    discount: Money = column(min=0, unit="yuan", zh="优惠额")
    total: Money = column(min=0, unit="yuan", zh="账单总额")
    interconnect: Money = column(min=0, unit="yuan", zh="网间结算")
    network_share: Money = column(min=0, unit="yuan", zh="网络成本分摊")
    staff: Money = column(min=0, unit="yuan", zh="人工成本")
    promotion: Money = column(min=0, unit="yuan", zh="促销成本")
    device_subsidy_amortised: Money = column(min=0, unit="yuan", zh="终端补贴摊销")
    fee_subsidy: Money = column(min=0, unit="yuan", zh="话费补贴")
    service_cost: Money = column(min=0, unit="yuan", zh="服务成本")
    commission: Money = column(min=0, unit="yuan", zh="渠道酬金")


class Payment(Facts):
    """One invoice of an account, and its payment where there was one."""

    zh = "缴费"
    account: Key[Account]
    due_on: Date = event(zh="应缴日期")
    amount_due: Money = column(min=0, unit="yuan", zh="应缴金额")
    paid_on: Date = later(by="paid_on", zh="缴费日期")
    amount_paid: Money = later(by="paid_on", min=0, unit="yuan", zh="实缴金额")
    payment_method: Category["cash", "direct_debit", "wallet", "prepaid"] = later(by="paid_on", zh="付费方式")


class Usage(Facts):
    """One line's usage on one day; a day without a row is a day without usage."""

    zh = "使用量"
    line: Key[Line]
    day: Date = event(zh="日期")
    calls_out: Integer = column(min=0, unit="call", zh="主叫次数")
    calls_in: Integer = column(min=0, unit="call", zh="被叫次数")
    minutes_out: Volume = column(min=0, unit="minute", zh="主叫分钟")
    minutes_in: Volume = column(min=0, unit="minute", zh="被叫分钟")
    sms_out: Integer = column(min=0, unit="sms", zh="短信条数")
    data_mb: Volume = column(min=0, unit="MB", zh="流量")
    dropped_calls: Integer = column(min=0, unit="call", zh="掉话次数")
    competitor_hotline_calls: Integer = column(min=0, unit="call", zh="拨打竞争对手热线次数")
    competitor_number_calls: Integer = column(min=0, unit="call", zh="与竞争对手号码通话次数")
    distinct_peers: Integer = column(min=0, unit="person", zh="当日对端号码数")
    night_share: Number = column(min=0, max=1, unit="share", zh="夜间通话占比")


class Subscription(Facts):
    """One product a line took, from the day it started."""

    zh = "产品订购"
    line: Key[Line]
    product: Text = column(sensitivity="internal", zh="产品")
    category: Category[
        "newspaper", "mailbox", "wifi", "long_distance", "roaming", "ring_tone", "weather", "assistant", "sms_pack",
        "data_pack", "family_number", "group_network", "group_ring_tone", "security", "cloud", "video",
    ] = column(
        zh="产品类别",
        levels_zh={
            "newspaper": "手机报", "mailbox": "手机邮箱", "wifi": "无线上网", "long_distance": "长途包", "roaming": "漫游包",
            "ring_tone": "彩铃", "weather": "天气预报", "assistant": "来电助手", "sms_pack": "短信包", "data_pack": "流量包",
            "family_number": "亲情号", "group_network": "集团网", "group_ring_tone": "集团彩铃", "security": "安全防护",
            "cloud": "云盘", "video": "视频",
        },
    )  # fmt: skip
    started_on: Date = event(zh="订购日期")
    ended_on: Date = later(by="ended_on", zh="退订日期")
    price: Money = column(min=0, unit="yuan/month", zh="月价")


class Ticket(Facts):
    """One complaint or request of a customer."""

    zh = "工单"
    customer: Key[Customer]
    opened_on: Date = event(zh="受理日期")
    closed_on: Date = later(by="closed_on", zh="办结日期")
    kind: Category[
        "price", "billing", "service", "network", "security", "real_name", "port_out", "retention"
    ] = column(
        zh="工单类别",
        levels_zh={
            "price": "资费", "billing": "账务", "service": "服务", "network": "网络", "security": "安全", "real_name": "实名",
            "port_out": "携转咨询", "retention": "挽留",
        },
    )  # fmt: skip
    severity: Ordered["low", "medium", "high"] = column(zh="严重程度", levels_zh={"low": "低", "medium": "中", "high": "高"})
    satisfaction: Integer = later(by="closed_on", min=1, max=5, zh="满意度")
    reopened: Boolean = column(zh="重开")


class Offer(Entity):
    """One row an offer that campaigns make."""

    zh = "营销产品"
    name: Text = fixed(sensitivity="public", zh="营销产品名称")
    purpose: Category["care", "offer", "retention"] = fixed(zh="目的")
    category: Category["upgrade", "data", "vas", "contract", "discount", "device", "gift"] = fixed(zh="营销产品类别")
    price_band: Ordered["low", "middle", "high"] = fixed(zh="价格档")
    monthly_value: Money = fixed(min=0, unit="yuan/month", zh="月价值")
    cost: Money = fixed(min=0, unit="yuan", zh="成本")
    discount: Number = fixed(min=0, max=1, unit="share", zh="折扣")
    needs_device_network: Ordered["2g", "3g", "4g", "5g"] = fixed(zh="所需终端制式")
    allowed_in_contract: Boolean = fixed(zh="合约期内可办")


class Campaign(Entity):
    """One row a campaign."""

    zh = "营销活动"
    name: Text = fixed(sensitivity="public", zh="活动名称")
    purpose: Category["care", "offer", "retention", "warning"] = fixed(zh="目的")
    starts_on: Date = since(zh="开始日期")
    ends_on: Date = planned(zh="结束日期")
    offer: Key[Offer] = fixed()


class Contact(Facts):
    """One touch of a customer on a channel."""

    zh = "接触"
    customer: Key[Customer]
    on: Date = event(zh="接触日期")
    channel: Category["sms", "call", "app", "store", "web", "visit", "kiosk"] = column(
        zh="渠道",
        levels_zh={
            "sms": "短信", "call": "电话", "app": "客户端", "store": "营业厅", "web": "网站", "visit": "上门", "kiosk": "自助终端",
        },
    )  # fmt: skip
    direction: Category["in", "out"] = column(zh="方向", levels_zh={"in": "呼入", "out": "呼出"})
    purpose: Category["care", "offer", "retention", "warning"] = column(
        zh="目的", levels_zh={"care": "关怀", "offer": "营销", "retention": "挽留", "warning": "预警"}
    )
    campaign: Key[Campaign] = column()
    offer: Key[Offer] = column(parent=False)
    outcome: Category["reached", "accepted", "refused", "no_answer", "complained"] = column(
        zh="结果",
        levels_zh={"reached": "已触达", "accepted": "接受", "refused": "拒绝", "no_answer": "未接", "complained": "投诉"},
    )
    cost: Money = column(min=0, unit="yuan", zh="接触成本")


class Browse(Facts):
    """One customer's views of one page group on one day."""

    zh = "页面浏览"
    customer: Key[Customer]
    day: Date = event(zh="日期")
    page_group: Category["points_mall", "tariff", "device", "bill", "service", "competitor_offer"] = column(zh="页面类别")
    views: Integer = column(min=0, unit="view", zh="浏览次数")


class Points(Facts):
    """One movement of a customer's points."""

    zh = "积分"
    customer: Key[Customer]
    moved_on: Date = event(zh="变动日期")
    earned: Integer = column(min=0, unit="point", zh="积分增加")
    redeemed: Integer = column(min=0, unit="point", zh="积分兑换")
    balance: Integer = column(min=0, unit="point", zh="积分余额")
    lapses_on: Date = planned(zh="积分失效日")


class Referral(Facts):
    """One customer brought by another."""

    zh = "推荐"
    customer: Key[Customer] = column(zh="推荐人")
    referred: Key[Customer] = column(parent=False, zh="被推荐人")
    referred_on: Date = event(zh="推荐日期")


class ChurnEvent(Facts):
    """One line's end with us, and how it came about."""

    zh = "离网事件"
    line: Key[Line]
    churned_on: Date = event(zh="离网日期")
    kind: Category["left", "ported_out", "non_payment", "moved"] = column(
        zh="离网方式",
        levels_zh={"left": "销户离网", "ported_out": "携号转出", "non_payment": "欠费拆机", "moved": "转本网新号"},
    )


class Visit(Facts):
    """One visit that a manager planned to a customer, and whether it was made."""

    zh = "走访计划"
    manager: Key[Manager]
    customer: Key[Customer] = column(parent=False)
    planned_on: Date = event(zh="计划走访日")
    visited_on: Date = later(by="visited_on", zh="实际走访日")


class CompetitorCampaign(Facts):
    """One competitor's campaign in one unit, from the day it began."""

    zh = "竞争对手活动"
    unit: Key[Unit]
    starts_on: Date = event(zh="活动开始日")
    ends_on: Date = planned(zh="活动结束日")
    operator: Text = column(sensitivity="internal", zh="竞争对手")
    strength: Ordered["weak", "medium", "strong"] = column(zh="活动力度", levels_zh={"weak": "弱", "medium": "中", "strong": "强"})
