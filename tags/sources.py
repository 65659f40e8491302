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


class Customer(Entity):
    """One row a customer: a person, a family or an organisation."""

    default = True
    zh = "客户"
    joined_on: Date = since(zh="入网日期")
    kind: Category["person", "family", "organisation"] = fixed(zh="客户类别")
    name: Text = fixed(sensitivity="personal", zh="姓名")
    phone: Text = current(sensitivity="personal", zh="联系电话")
    gender: Category["female", "male"] = fixed(zh="性别")
    birth_date: Date = fixed(sensitivity="personal", zh="出生日期")
    region: Text = current(sensitivity="internal", zh="地区")


class Plan(Entity):
    """One row a price plan."""

    zh = "套餐"
    monthly_fee: Money = fixed(min=0, unit="yuan/month", zh="月费")
    included_minutes: Integer = fixed(min=0, zh="含通话分钟")
    included_mb: Integer = fixed(min=0, unit="MB", zh="含流量")
    tier: Ordered["basic", "standard", "premium"] = fixed(zh="套餐档次")


class Line(Entity):
    """One row a line: one subscription of one service type."""

    zh = "用户"
    customer: Key[Customer] = fixed()
    plan: Key[Plan] = current()
    service_type: Category["mobile", "fixed", "broadband", "iptv"] = fixed(zh="业务类型")
    activated_on: Date = since(zh="开通日期")
    deactivated_on: Date = later(by="deactivated_on", zh="销户日期")


class Contract(Facts):
    """One row a contract: a commitment of a line for a term."""

    zh = "合约"
    line: Key[Line]
    start_on: Date = event(zh="合约生效日")
    end_on: Date = planned(zh="合约到期日")
    term_months: Integer = column(min=1, max=60, unit="month", zh="合约月数")
    committed_monthly: Money = column(min=0, unit="yuan/month", zh="月承诺消费")


class Membership(Facts):
    """One row a customer's role in an organisation or a household, from the day it began."""

    zh = "成员关系"
    customer: Key[Customer]
    since_on: Date = event(zh="加入日期")
    group_kind: Category["organisation", "household"] = column(zh="群体类别")
    role: Category["decision_maker", "key_person", "head", "member"] = column(zh="角色")


class Bill(Facts):
    """One line's bill for one calendar month."""

    zh = "账单"
    line: Key[Line]
    month: Month = event(zh="账期")
    plan_fee: Money = column(min=0, unit="yuan", zh="套餐费")
    total: Money = column(min=0, unit="yuan", zh="账单总额")
    discount: Money = column(min=0, unit="yuan", zh="优惠额")


class Usage(Facts):
    """One line's usage on one day; a day without a row is a day without usage."""

    zh = "使用量"
    line: Key[Line]
    day: Date = event(zh="日期")
    calls_out: Integer = column(min=0, unit="call", zh="主叫次数")
    calls_in: Integer = column(min=0, unit="call", zh="被叫次数")
    minutes_out: Volume = column(min=0, unit="minute", zh="主叫分钟")
    data_mb: Volume = column(min=0, unit="MB", zh="流量")
    competitor_hotline_calls: Integer = column(min=0, unit="call", zh="拨打竞争对手热线次数")


class Ticket(Facts):
    """One complaint or request of a customer."""

    zh = "工单"
    customer: Key[Customer]
    opened_on: Date = event(zh="受理日期")
    closed_on: Date = later(by="closed_on", zh="办结日期")
    kind: Category["price", "billing", "service", "network", "security", "port_out", "retention"] = column(zh="工单类别")
    satisfaction: Integer = later(by="closed_on", min=1, max=5, zh="满意度")
    reopened: Boolean = column(zh="重开")


class Contact(Facts):
    """One touch of a customer on a channel."""

    zh = "接触"
    customer: Key[Customer]
    on: Date = event(zh="接触日期")
    channel: Category["sms", "call", "app", "store", "web"] = column(zh="渠道")
    purpose: Category["care", "offer", "retention", "warning"] = column(zh="目的")
    outcome: Category["reached", "accepted", "refused", "no_answer"] = column(zh="结果")
