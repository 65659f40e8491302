"""What columns and codes are called elsewhere, in English and Chinese; plain tables that only suggestions rest on."""

from __future__ import annotations

import re

from c360.bindings.words import plain

# Contract name: the headings under which warehouses keep it. A heading may stand for several; the values decide.
_HEADINGS = """
customer: 客户编号 客户ID 客户标识 客户号 客户代码 客户编码 会员编号 会员号 cust_id cust_no customer_no customer_number client_id
customer: member_id
line: 用户编号 用户ID 用户标识 用户号码 用户号 业务号码 服务号码 号码 手机号 手机号码 电话号码 serv_id service_id subs_id
line: subscriber_id user_id
line: msisdn acc_nbr phone_no phone_number serv_no device_number
account: 账户编号 账户ID 帐户编号 账户标识 账号 acct_id account_no acct_no
household: 家庭编号 家庭ID 户号 household_key hh_id family_id
plan: 套餐 套餐编号 套餐ID 套餐编码 主套餐 资费 资费编号 plan_code offer_id prod_offer_id package_id tariff_id product_id
contract: 合约编号 合约ID 合同编号 contract_no agreement_id
name: 姓名 客户名称 客户姓名 用户姓名 名称 cust_name full_name customer_name user_name
phone: 手机 手机号 手机号码 联系电话 联系方式 电话 电话号码 联系号码 mobile mobile_no mobile_phone phone_no telephone
phone: contact_phone msisdn
gender: 性别 sex sex_code gender_code
birth_date: 出生日期 出生年月日 生日 birthday date_of_birth dob birth_day
birth_on: 出生日期 生日 birthday date_of_birth dob
age: 年龄 cust_age
region: 地市 城市 地区 区域 所属地市 所在城市 归属地 本地网 区县 city province area area_name latn_id region_name city_name
city: 城市 地市 所在城市 city_name
kind: 客户类型 客户类别 客户性质 类型 类别 cust_type customer_type type category
joined_on: 开通日期 入网日期 入网时间 开户日期 开户时间 注册日期 注册时间 加入日期 create_date open_date join_date created_at
joined_on: signup_date
joined_on: registration_date register_date start_date entry_date
activated_on: 开通日期 入网日期 入网时间 激活日期 激活时间 启用日期 开通时间 activation_date open_date start_date innet_date
activated_on: create_date
deactivated_on: 销户日期 离网日期 离网时间 拆机日期 停机日期 注销日期 termination_date close_date end_date cancel_date offnet_date
service_type: 业务类型 产品类型 服务类型 product_type serv_type prod_type network_type
month: 账期 月份 账务月 账务月份 出账月份 统计月份 计费月 帐期 acct_month bill_month billing_month billing_cycle cycle period
month: month_id
month: stat_month acct_cycle yyyymm statis_month
total: 出账费用 出账金额 账单金额 账单费用 总费用 应收费用 应收金额 应收 费用合计 合计 消费金额 fee_amt total_fee bill_amt
total: bill_amount
total: amount amt charge total_amt total_amount total_charge due_amount receivable
plan_fee: 套餐费 套餐费用 月租 月租费 基本费 固定费用 package_fee rent_fee monthly_rent base_fee
monthly_fee: 月费 月租 月租费 套餐月费 套餐价格 资费金额 price monthly_price rent
discount: 优惠 优惠金额 优惠费用 减免 减免金额 折扣 折扣金额 赠送金额 discount_fee discount_amt favour_fee
included_minutes: 套内通话 套内分钟 套餐分钟数 包含通话时长 free_minutes bundle_minutes
included_mb: 套内流量 套餐流量 包含流量 free_flow bundle_data
tier: 档次 等级 级别 套餐档次 level grade
day: 日期 统计日期 使用日期 账期日 stat_date usage_date day_id date statis_date acct_date
calls_out: 主叫次数 呼出次数 outgoing_calls mo_calls outbound_calls call_out_cnt
calls_in: 被叫次数 呼入次数 incoming_calls mt_calls inbound_calls call_in_cnt
minutes_out: 主叫时长 主叫分钟 呼出时长 通话时长 outgoing_minutes mou mou_out call_duration
data_mb: 流量 上网流量 使用流量 流量使用量 data_usage flow gprs_flow data_volume dou
competitor_hotline_calls: 异网客服拨打次数 竞对热线拨打次数 拨打竞争对手客服次数
opened_on: 受理日期 受理时间 投诉日期 投诉时间 建单日期 工单日期 created_on accept_date complaint_date open_date received_date
closed_on: 办结日期 办结时间 结单日期 完成日期 关闭日期 close_date finish_date resolved_date closed_date
satisfaction: 满意度 满意度评分 评分 satisfaction_score csat rating
reopened: 是否重开 是否重复投诉 重复投诉 is_reopen reopen_flag
on: 日期 接触日期 接触时间 触达日期 联系日期 contact_date touch_date date
channel: 渠道 接触渠道 触达渠道 渠道类型 contact_channel channel_type
purpose: 目的 接触目的 场景 营销场景 campaign_type scene
outcome: 结果 接触结果 触达结果 反馈结果 result response contact_result
start_on: 合约开始日期 合约生效日期 生效日期 签约日期 起始日期 开始日期 start_date effective_date sign_date begin_date
end_on: 合约结束日期 合约到期日 合约到期日期 到期日 到期日期 失效日期 终止日期 结束日期 end_date expiry_date expire_date
term_months: 合约期 合约期限 合约时长 合约月数 期限 term contract_months contract_term
committed_monthly: 承诺消费 承诺月消费 保底消费 最低消费 月承诺消费 min_charge commit_fee guaranteed_fee
since_on: 加入日期 生效日期 起始日期 开始日期 since start_date
group_kind: 群组类型 组织类型 集团类型 group_type
role: 角色 成员角色 成员类型 member_role role_type
lifetime_value: 客户终身价值 终身价值 cltv clv ltv customer_lifetime_value
tenure_months: 在网时长 网龄 在网月数 入网月数 tenure months_in_service on_net_months
has_left: 是否离网 离网标志 是否流失 流失标志 churn churn_label churn_flag is_churn churned
status: 状态 客户状态 用户状态 在网状态 user_status cust_status state
note: 备注 说明 描述 remark remarks memo comment
email: 邮箱 电子邮箱 邮件地址 e_mail mail email_address
address: 地址 住址 联系地址 addr
id_number: 证件号码 身份证号 身份证号码 证件号 id_card cert_no
"""

# Words and codes that mean the same in one column, a group a line.
_MEANINGS = """
male m man 男 男性 先生
female f woman 女 女性 女士
yes y true t 1 是 有 已 on active 开通
no n false f 0 否 无 没有 未 off inactive 未开通
person personal individual private consumer residential 个人 个人客户 自然人 公众 公众客户
family household 家庭 家庭客户
organisation organization enterprise business corporate company group government 企业 企业客户 政企 政企客户 集团 集团客户 单位 公司
mobile cellular wireless gsm 移动 手机 移动业务 移网
fixed landline pstn 固话 固定电话 座机
broadband adsl 宽带 固定宽带 有线宽带
iptv tv 电视 网络电视
none no nothing 无 没有
left churned churn cancelled terminated 离网 流失 销户 已离网 拆机
stayed active retained current 在网 正常 在用
joined new 新入网 新增 新客户
basic 基础 普通
standard 标准
premium vip 高级 尊享
high 高 高价值
mid medium middle 中 中等
low 低
sms 短信
call phone 外呼 电话 语音
app 客户端 手机客户端
store shop 营业厅 门店 厅店
web online 网厅 网上营业厅
care 关怀 客户关怀
offer marketing 营销 推荐
retention 挽留 维系
warning 预警
reached 接通 已接触 成功接触
accepted agreed 接受 同意 办理成功
refused rejected declined 拒绝
no_answer unanswered 无人接听 未接通
price tariff 资费 价格
billing bill 账单 计费 费用
service 服务
network coverage 网络 信号 网络质量
security fraud 安全 骚扰诈骗
port_out mnp 携转 携号转网
decision_maker 决策人 决策者
key_person 关键人 联系人
head householder 户主
member 成员 普通成员
month_to_month monthly 按月 月付
one_year 一年 一年期
two_year 两年 两年期
"""


def _headings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _HEADINGS.strip().splitlines():
        name, _, headings = line.partition(":")
        found.setdefault(name, set()).update(plain(heading) for heading in headings.split())
    return {name: frozenset(headings) for name, headings in found.items()}


HEADINGS = _headings()
MEANINGS = tuple(frozenset(plain(word) for word in line.split()) for line in _MEANINGS.strip().splitlines())


def is_heading_of(name: str, heading: str) -> bool:
    """Whether *heading* is one under which the contract column *name* is kept elsewhere."""
    return plain(heading) in HEADINGS.get(name, frozenset())


def chinese_part_of(name: str, heading: str) -> int:
    """Return how many characters of a Chinese *heading* are a known heading of *name*: 性别 in 客户性别; 0 for none."""
    text = plain(heading)
    known = (part for part in HEADINGS.get(name, frozenset()) if re.search(r"[\u4e00-\u9fff]", part))
    return max((len(part) for part in known if part in text), default=0)


def contract_name_of(heading: str) -> str:
    """Return the contract name that *heading* is best known as; empty where the tables do not know it."""
    text = plain(heading)
    return next((name for name, headings in HEADINGS.items() if text in headings or text == plain(name)), "")


def mean_the_same(code: str, level: str) -> bool:
    """Whether a code in a file and a level of a contract are words for one thing."""
    a, b = plain(code), plain(level)
    return any(a in group and b in group for group in MEANINGS)
