"""Plays: what authors write, what is refused at their line, and which plays fit a segment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from c360.catalog import Catalog, build_catalog
from c360.catalog.findings import WARNING
from c360.catalog.fitting import levels_left, plays_for
from c360.catalog.interchange import from_document, to_document
from c360.catalog.lint import findings
from c360.errors import C360Error, DefinitionError, DuplicateName, GrainError, TypeMismatch, UnknownName

HEAD = """\
from c360 import Boolean, Category, Date, Entity, Integer, Key, fixed, first_match, param, play, segment, since, tag

class Customer(Entity):
    default = True
    joined_on: Date = since()
    sort: Category["person", "family"] = fixed()
    points: Integer = fixed()
    vip: Boolean = fixed()

class Line(Entity):
    customer: Key[Customer] = fixed()
    is_main: Boolean = fixed()

stage = tag(first_match(young=Customer.points < 1, ripe=Customer.points < 5, otherwise="late", missing="unknown"))
kind = tag(Customer.sort)
points = tag(Customer.points)
is_vip = tag(Customer.vip)
main = tag(Line.is_main)
everyone = segment(points >= 0)
"""
FIRST_LINE = HEAD.count("\n") + 1
PLAY = 'x = play(title="Call", zh="致电", law="cost", text="Call them.", answers=[{answers}]{more})\n'


def build(folder: Path, text: str = "", **others: str) -> Catalog:
    """Build a catalogue from tags/all.py: the contracts above and *text*; *others* are further files of tags/."""
    (folder / "tags").mkdir(parents=True, exist_ok=True)
    for name, body in {"all": HEAD + text, **others}.items():
        (folder / "tags" / f"{name}.py").write_text(body, encoding="utf-8")
    return build_catalog(folder, {})


def fault(folder: Path, answers: str, more: str = "") -> C360Error:
    with pytest.raises(C360Error) as caught:
        build(folder, PLAY.format(answers=answers, more=more))
    assert caught.value.where == f"tags/all.py:{FIRST_LINE}"
    return caught.value


def fits(folder: Path, rule: str, *answers: str, before: str = "") -> bool:
    """Return whether the play that answers *answers* fits the segment with *rule*; *before* defines what it needs."""
    text = before + PLAY.format(answers=", ".join(answers), more="") + f"asked = segment({rule})\n"
    catalog = build(folder, text)
    return bool(plays_for(catalog, catalog.definition("asked")))


# What authors write.


def test_a_play_takes_the_name_of_its_variable_and_the_levels_it_answers(tmp_path: Path) -> None:
    more = ', strategy="endow_value", moment="leaving", trigger=is_vip, text_zh="给他们打电话"'
    catalog = build(tmp_path, PLAY.format(answers='stage.is_in("ripe", "late"), is_vip', more=more))
    (play,) = catalog.plays.values()
    assert (play.name, play.title, play.zh, play.entity) == ("x", "Call", "致电", "customer")
    assert (play.law, play.strategy, play.moment, play.trigger) == ("cost", "endow_value", "leaving", "is_vip")
    assert (play.text, play.text_zh, play.where) == ("Call them.", "给他们打电话", f"tags/all.py:{FIRST_LINE}")
    assert [(a.kind, a.name, a.levels) for a in play.answers] == [
        ("tag", "stage", ("ripe", "late")),
        ("tag", "is_vip", (True,)),
    ]


def test_an_answer_may_be_any_condition_on_one_tag(tmp_path: Path) -> None:
    answers = '~(stage == "young")', 'kind != "family"', "is_vip.or_false() == False", "~everyone"
    catalog = build(tmp_path, PLAY.format(answers=", ".join(answers), more=""))
    assert [(a.kind, a.name, a.levels) for a in catalog.plays["x"].answers] == [
        ("tag", "stage", ("ripe", "late", "unknown")),
        ("tag", "kind", ("person",)),
        ("tag", "is_vip", (False, None)),
        ("segment", "everyone", (False,)),
    ]


def test_a_play_imported_by_another_file_is_one_play(tmp_path: Path) -> None:
    text = PLAY.format(answers="is_vip", more="")
    catalog = build(tmp_path, text, other="from tags.all import x\n\nsame = x\n")
    assert list(catalog.plays) == ["x"]


def test_a_workspace_overrides_the_play_of_the_one_it_extends(tmp_path: Path) -> None:
    build(tmp_path / "hq", PLAY.format(answers="is_vip", more="") + PLAY.format(answers="everyone", more="").replace("x =", "y ="))
    (tmp_path / "shop" / "tags").mkdir(parents=True)
    own = "from c360 import play\nfrom tags.all import is_vip\n" + PLAY.format(answers="is_vip", more="").replace("Call", "Visit")
    (tmp_path / "shop" / "tags" / "own.py").write_text(own, encoding="utf-8")
    catalog = build_catalog(tmp_path / "shop", {}, [tmp_path / "hq"])
    assert {name: play.title for name, play in catalog.plays.items()} == {"y": "Call", "x": "Visit"}


def test_a_play_thrown_away_is_a_finding(tmp_path: Path) -> None:
    catalog = build(tmp_path, PLAY.format(answers="is_vip", more="").removeprefix("x = "))
    assert [f.where for f in findings(catalog) if (f.severity, f.code) == (WARNING, "unnamed")] == [f"tags/all.py:{FIRST_LINE}"]


def test_plays_come_back_from_the_json_of_the_catalogue(tmp_path: Path) -> None:
    catalog = build(tmp_path, PLAY.format(answers='stage == "ripe", is_vip', more=""))
    document = json.loads(json.dumps(to_document(catalog)))
    assert from_document(document).plays == catalog.plays
    assert document["plays"][0]["answers"][0]["levels"] == ["ripe"]
    document.pop("plays")
    assert from_document(document).plays == {}


# What is refused, at the author's line.


@pytest.mark.parametrize(
    ("answers", "kind", "told"),
    [
        ('stage == "rip"', DefinitionError, "ripe"),
        ('(stage == "ripe") & is_vip', TypeMismatch, "one tag or segment"),
        ("stage", TypeMismatch, "one tag or segment"),
        ("Customer.vip", TypeMismatch, "one tag or segment"),
        ("points > 3", TypeMismatch, "answers levels; 'points' is integer"),
        ('stage == param("a.stage", "ripe")', TypeMismatch, "one tag or segment"),
        ("is_vip & ~is_vip", DefinitionError, "answers no level of 'is_vip'"),
        ('stage.is_in("young", "ripe", "late", "unknown") | stage.is_null()', DefinitionError, "answers every level of 'stage'"),
        ('stage == "ripe", stage == "late"', DuplicateName, "answers 'stage' twice"),
        ("is_vip, main", GrainError, ""),
        ("", DefinitionError, "answers something"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(tmp_path: Path, answers: str, kind: type[C360Error], told: str) -> None:
    found = fault(tmp_path, answers)
    assert isinstance(found, kind)
    assert told in str(found)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (', strategy="endow"', "endow_value"),
        (', moment="leave"', "leaving"),
        (", trigger=points", "a yes/no tag or a segment"),
        (", trigger=True", "a yes/no tag or a segment"),
    ],
)
def test_a_word_of_another_table_is_refused(tmp_path: Path, more: str, told: str) -> None:
    assert told in str(fault(tmp_path, "is_vip", more))


def test_a_play_needs_a_known_law_and_words(tmp_path: Path) -> None:
    text = PLAY.format(answers="is_vip", more="")
    for wrong in (text.replace("cost", "costs"), text.replace('"Call"', '""'), text.replace('"Call them."', '""')):
        with pytest.raises(DefinitionError):
            build(tmp_path, wrong)


@pytest.mark.parametrize("name", ["stage", "customer", "select", "CamelCase"])
def test_a_name_is_given_once_and_can_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises((DuplicateName, DefinitionError)):
        build(tmp_path, PLAY.format(answers="is_vip", more="").replace("x =", f"{name} ="))
    with pytest.raises(DuplicateName, match="first at tags/all.py"):
        build(tmp_path, PLAY.format(answers="is_vip", more="") * 2)


def test_an_answer_must_be_of_a_named_tag_of_the_catalogue(tmp_path: Path) -> None:
    text = "from c360 import play, tag\nfrom tags.all import Customer\n"
    with pytest.raises(UnknownName, match="unknown tag or segment 'elsewhere'"):
        build(
            tmp_path,
            other=text
            + PLAY.format(
                answers='tag(Customer.vip, name="elsewhere")',
                more="",
            ),
        )


# Which plays fit.


@pytest.mark.parametrize(
    ("rule", "answers", "expected"),
    [
        ('stage == "ripe"', ['stage == "ripe"'], True),
        ('stage == "late"', ['stage == "ripe"'], False),
        ('stage.is_in("late", "ripe")', ['stage == "ripe"'], True),
        ('stage != "ripe"', ['stage == "ripe"'], False),
        ('~(stage == "late")', ['stage == "ripe"'], True),
        ("points > 3", ['stage == "ripe"'], False),
        ('(stage == "ripe") & (points > 3)', ['stage == "ripe"'], True),
        ('(stage == "ripe") | (points > 3)', ['stage == "ripe"'], False),
        ('(stage == "ripe") | (stage == "late")', ['stage == "late"'], True),
        ('(stage == "ripe") | ((stage == "late") & (points > 3))', ['stage == "young"'], False),
        ('~((stage == "ripe") | (points > 3))', ['stage == "ripe"'], False),
        ('~((stage == "ripe") & (points > 3))', ['stage == "young"'], False),
        ('(stage == "ripe") & is_vip', ['stage == "ripe"', "is_vip"], True),
        ('(stage == "ripe") & ~is_vip', ['stage == "ripe"', "is_vip"], False),
        ('stage == "ripe"', ['stage == "ripe"', "is_vip"], True),
        ("is_vip", ['stage == "ripe"', "is_vip"], True),
        ("is_vip.or_false()", ["is_vip"], True),
        ("~is_vip.or_false()", ["is_vip"], False),
        ("is_vip.or_else(True)", ["is_vip"], True),
        ("is_vip.is_known()", ["is_vip"], True),
        ("is_vip.is_null()", ["is_vip"], False),
        ('(stage == "ripe") & (stage == "late")', ['stage == "ripe"'], False),
        ("main.any()", ["is_vip"], False),
    ],
)  # fmt: skip
def test_a_play_fits_when_a_level_is_shared_in_every_tag_both_fix(
    tmp_path: Path, rule: str, answers: list[str], expected: bool
) -> None:
    assert fits(tmp_path, rule, *answers) is expected


@pytest.mark.parametrize(
    ("before", "rule", "answer", "expected"),
    [
        ('ripe_ones = segment(stage == "ripe")\n', "ripe_ones & (points > 3)", 'stage == "ripe"', True),
        ('ripe_ones = segment(stage == "ripe")\n', "ripe_ones | (points > 3)", 'stage == "ripe"', False),
        ('ripe_ones = segment(stage == "ripe")\n', "~ripe_ones", 'stage == "ripe"', False),
        ('ripe_ones = segment(stage == "ripe")\n', "~ripe_ones", 'stage == "late"', True),
        ('ripe_ones = segment(stage == "ripe")\n', "everyone - ripe_ones", 'stage == "late"', True),
        ('ripe_ones = segment(stage == "ripe")\n', "everyone - ripe_ones", 'stage == "ripe"', False),
        ('ripe_ones = segment(stage == "ripe")\n', "points > 3, universe=ripe_ones", 'stage == "ripe"', True),
        ('ripe_ones = segment(stage == "ripe")\n', "points > 3, universe=ripe_ones", 'stage == "late"', False),
        (
            'most = segment(stage == "ripe")\nripe_ones = segment(points > 3, universe=most)\n',
            "~ripe_ones",
            'stage == "ripe"',
            True,
        ),
        (
            'most = segment(stage == "ripe")\nripe_ones = segment(points > 3, universe=most)\n',
            "~ripe_ones",
            'stage == "late"',
            False,
        ),
        ('ripe_ones = segment(stage == "ripe")\n', "ripe_ones & is_vip", "ripe_ones", True),
        ('ripe_ones = segment(stage == "ripe")\n', "everyone - ripe_ones", "ripe_ones", False),
        ('ripe_ones = segment(stage == "ripe")\n', 'stage == "ripe"', "ripe_ones", False),
    ],
)
def test_segments_and_universes_are_looked_through(tmp_path: Path, before: str, rule: str, answer: str, expected: bool) -> None:
    assert fits(tmp_path, rule, answer, before=before) is expected


def test_a_segment_that_a_play_answers_is_fitted_by_it(tmp_path: Path) -> None:
    catalog = build(tmp_path, PLAY.format(answers="everyone", more=""))
    assert [play.name for play in plays_for(catalog, catalog.definition("everyone"))] == ["x"]


def test_a_play_for_lines_fits_no_segment_of_customers(tmp_path: Path) -> None:
    catalog = build(tmp_path, PLAY.format(answers="main", more="") + "mains = segment(main)\n")
    assert plays_for(catalog, catalog.definition("everyone")) == []
    assert [play.name for play in plays_for(catalog, catalog.definition("mains"))] == ["x"]


def test_parameters_of_the_rule_count_as_resolved(tmp_path: Path) -> None:
    catalog = build(tmp_path, PLAY.format(answers='stage == "ripe"', more="") + 's = segment(stage == param("a.b", "late"))\n')
    assert plays_for(catalog, catalog.definition("s")) == []
    (answer,) = catalog.plays["x"].answers
    assert levels_left(catalog, catalog.definition("s"), answer) == {"late"}
    assert levels_left(catalog, catalog.definition("everyone"), answer) is None
