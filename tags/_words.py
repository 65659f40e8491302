"""What the items of lists are called in Chinese, for the tags that list them: channels, product categories, services."""

CHANNELS = {
    "sms": "短信", "call": "电话", "app": "客户端", "store": "营业厅", "web": "网站", "visit": "上门", "kiosk": "自助终端",
}  # fmt: skip
CATEGORIES = {
    "newspaper": "手机报", "mailbox": "手机邮箱", "wifi": "无线上网", "long_distance": "长途包", "roaming": "漫游包",
    "ring_tone": "彩铃", "weather": "天气预报", "assistant": "来电助手", "sms_pack": "短信包", "data_pack": "流量包",
    "family_number": "亲情号", "group_network": "集团网", "group_ring_tone": "集团彩铃", "security": "安全防护",
    "cloud": "云盘", "video": "视频",
}  # fmt: skip
SERVICE_TYPES = {"mobile": "移动", "fixed": "固话", "broadband": "宽带", "iptv": "电视"}
USES = {"voice": "语音", "data": "流量", "sms": "短信", "long_distance": "长途", "roaming": "漫游", "vas": "增值业务"}
SIGNALS = {
    "contract_ending": "合约即将到期", "contract_expired": "合约到期未续", "usage_drop": "业务量突降", "zero_calls": "多日零通话",
    "competitor_hotline": "拨打竞争对手热线", "below_plan_fee": "消费低于套餐值", "complaints": "投诉", "port_out": "携号转网咨询",
    "refused_retention": "拒绝挽留", "arrears": "欠费", "competitor_calls": "竞争对手号码通话上升", "dual_sim": "双卡分流",
}  # fmt: skip
MOMENTS = {
    "leaving": "离网", "lost_phone": "挂失", "trouble": "故障", "arrears_stop": "欠费停机", "abnormal_first_bill": "首账单异常",
    "abnormal_bill": "账单异常", "balance": "余额提醒", "contract": "合约提醒", "first_bill": "首账单",
    "service_handled": "业务办理", "visit": "来访", "new_product": "新产品",
    "after_use": "使用后", "birthday": "生日", "anniversary": "入网纪念日",
    "organisation_day": "集团纪念日", "holiday": "节日",
}  # fmt: skip
