"""What a list says of itself, in English and Chinese: the key of a phrase in, the phrase in one language out."""

from __future__ import annotations

from c360.errors import UsageError

LANGUAGES = ("en", "zh")

SAID = {
    # stages of the waterfall
    "all": ("all {entity} rows on {day}", "{day}的全部{entity}"),
    "keys": ("in the {given:,} given keys", "在给定的{given:,}个编号内"),
    "universe": ("in the universe {name}: {title}", "在范围“{title}”内（{name}）"),
    "limit": ("the first {limit:,} in order", "按排序取前{limit:,}个"),
    "written": ("rows in the list", "名单行数"),
    "suppressed": ("left out of lists for {purpose}: {title}", "{purpose}名单剔除：{title}"),
    "never": ("not to be contacted: {title}", "不得接触：{title}"),
    "consent": ("no consent to {purpose} on {channels}", "未授权{purpose}（{channels}）"),
    "reach": ("out of reach on {channels}", "无法通过{channels}触达"),
    "cap": ("contacted too often: at most {most} in {days} days{scope}", "接触过频：{days}天内至多{most}次{scope}"),
    "apart": ("had {name} within {days} days", "{days}天内已参加{name}"),
    "lost": ("goes to {name} instead", "归入{name}"),
    "not arbitrated": ("not recommended this in {month}", "{month}未获推荐"),
    "one per": ("another of the same {title} comes first", "同一{title}仅留一个"),
    "capacity": ("no room left on {channels}", "{channels}容量已满"),
    "holdout": ("held out to compare with, {share:g}% by chance", "随机留存对照{share:g}%"),
    "care": ("care", "关怀"),
    "offer": ("offers", "营销"),
    "retention": ("retention", "挽留"),
    "analysis": ("analysis", "分析"),
    "channel": ("channel", "渠道"),
    "channel means": ("the channel chosen for the customer", "为该客户选定的渠道"),
    "purpose": ("purpose", "目的"),
    "campaign": ("campaign", "活动"),
    "contact day": ("day of contact", "接触日"),
    "by channel": ("by channel", "按渠道"),
    "arms": ("contacted / held out", "接触／留存"),
    "recipient": ("recipient", "接收方"),
    "delete after": ("delete after", "请于此日后删除"),
    "list id": ("list id", "名单编号"),
    # the list's sheet
    "sheet": ("List", "名单"),
    "page": ("page &P of &N", "第&P页，共&N页"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "key": ("{entity} ID", "{entity}编号"),
    # the account's facts
    "segment": ("segment", "客群"),
    "description": ("description", "说明"),
    "owner": ("owner", "负责人"),
    "words": ("definition", "定义"),
    "drawn from": ("universe", "范围"),
    "everyone": ("all {entity} rows", "全部{entity}"),
    "as of": ("as of", "截止日"),
    "rows": ("rows", "行数"),
    "order": ("order", "排序"),
    "rising": ("{title}, rising", "{title}升序"),
    "falling": ("{title}, falling", "{title}降序"),
    "run id": ("run id", "运行编号"),
    "hash": ("definition hash", "定义哈希"),
    "masked": ("masked columns", "脱敏字段"),
    "nothing": ("none", "无"),
    "notes": ("notes", "备注"),
    "given keys": ("given keys", "给定编号"),
    "keys told": ("{given:,} given, {unknown:,} of them unknown", "给定{given:,}个，其中{unknown:,}个查无此编号"),
    # the account's tables
    "waterfall": ("How the list came about", "名单形成过程"),
    "stage": ("stage", "步骤"),
    "condition": ("condition", "条件"),
    "entered": ("entered", "进入"),
    "removed": ("removed", "剔除"),
    "unknown": ("of it unknown", "其中未知"),
    "left": ("left", "剩余"),
    "columns": ("Columns", "字段"),
    "title": ("title", "名称"),
    "means": ("means", "含义"),
    "name": ("name", "字段名"),
    "type": ("type", "类型"),
    "unit": ("unit", "单位"),
    "class": ("class", "敏感级别"),
    "is masked": ("{sensitivity}, masked", "{sensitivity}，已脱敏"),
    "parameters": ("Parameters", "参数"),
    "parameter": ("parameter", "参数"),
    "used by": ("used by", "用于"),
    "value": ("value", "取值"),
    "default": ("default", "默认值"),
    "source": ("source", "来源"),
    "source S": ("the field's sources", "行业资料"),
    "source D": ("our default", "本库默认"),
    "terms": ("What the definition builds on", "引用的定义"),
    "own column": ("column {name} of source {source}", "来源“{source}”的字段{name}"),
    "own key": ("the key of source {source}", "来源“{source}”的主键"),
    # classes
    "public": ("public", "公开"),
    "internal": ("internal", "内部"),
    "personal": ("personal", "个人信息"),
    "sensitive": ("sensitive", "敏感"),
    # kinds of definition and of value
    "tag": ("tag", "标签"),
    "boolean": ("yes/no", "是/否"),
    "integer": ("integer", "整数"),
    "number": ("number", "数值"),
    "money": ("money", "金额"),
    "volume": ("volume", "用量"),
    "rate": ("rate", "比率"),
    "text": ("text", "文本"),
    "date": ("date", "日期"),
    "month": ("month", "月份"),
    "list": ("list", "列表"),
    "category": ("category", "类别"),
    "ordered": ("ordered category", "有序类别"),
}


def say(phrase: str, lang: str, **values: object) -> str:
    """Return *phrase* in *lang* with *values* in their places; raises UsageError for another language."""
    if lang not in LANGUAGES:
        raise UsageError(f"lists are in {' or '.join(LANGUAGES)}, found '{lang}'", hint="write --lang en or --lang zh")
    return SAID[phrase][LANGUAGES.index(lang)].format(**values)
