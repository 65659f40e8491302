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
