"""Our own format in JSON and YAML, and the codebook made of it."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import digest, encode
from consultation.questionnaires.formats import ddi
from consultation.questionnaires.formats.neutral import read_json, read_yaml, write_json
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.questionnaires.starters.shelf import starter

CLUSTERS = starter("poles_2022")
DDI = {"d": ddi.NAMESPACE}


def test_what_is_written_is_read_back_the_same() -> None:
    found = read_json(write_json(CLUSTERS), "poles.json")

    assert digest(found.questionnaire) == digest(CLUSTERS)
    assert found.report.as_json()["kinds"]["matrix"] == 4
    assert (found.report.sections, found.report.questions) == (8, 39)
    assert found.report.conditions.translated == 20
    assert found.report.constraints.translated == 1


def test_yaml_says_the_same_as_json() -> None:
    text = yaml.safe_dump(encode(CLUSTERS), allow_unicode=True)

    assert digest(read_yaml(text.encode(), "poles.yaml").questionnaire) == digest(CLUSTERS)


def test_a_broken_rule_is_reported_where_it_is() -> None:
    document = encode(CLUSTERS)
    document["sections"][1]["questions"][0]["options"] = []

    problems = read_json(yaml_to_json(document), "poles.json").report.problems

    assert [p.where for p in problems] == ["/sections/1/questions/0"]


def yaml_to_json(document: dict[str, object]) -> bytes:
    import json

    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: *a\n",
        "a: &a [*a]",
        "- 1",
        "{",
        "date: 2022-13-45",
        "!!python/object/apply:os.system ['true']",
        "a: " + "[" * 3000,
    ],
)
def test_a_tricky_yaml_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableFile, match="n’est pas un questionnaire"):
        read_yaml(text.encode(), "x.yaml")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    for read in (read_json, read_yaml):
        with pytest.raises(UnreadableFile):
            read(data, "x")


def test_the_codebook_has_a_variable_for_each_column_of_the_export() -> None:
    book = etree.fromstring(ddi.write(CLUSTERS))
    version = compile_version(CLUSTERS)
    columns = [c.name for i in version.items.values() for c in i.kind.columns(i.resolved)]

    assert book.xpath("//d:dataDscr/d:var/@name", namespaces=DDI) == columns
    identifiers = book.xpath("//d:var/@ID", namespaces=DDI)
    assert len(set(identifiers)) == len(identifiers)
    grouped = " ".join(book.xpath("//d:varGrp/@var", namespaces=DDI)).split()
    assert set(grouped) == set(identifiers)


def test_the_codebook_names_the_options_in_both_languages_and_the_missing_ones() -> None:
    book = etree.fromstring(ddi.write(CLUSTERS))
    labels = book.xpath(
        "//d:var[@name='label_utilite']/d:catgry[d:catValu='nsp']/d:labl/text()", namespaces=DDI
    )

    assert labels == ["Ne se prononce pas", "No opinion"]
    assert book.xpath(
        "//d:var[@name='label_utilite']/d:catgry[@missing='Y']/d:catValu/text()", namespaces=DDI
    ) == ["nsp"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "il faut «\u00a0object\u00a0», pas «\u00a0array\u00a0»"),
        ('{"code": "a"}', "manque"),
        ('{"code": "a", "licorne": 1}', "le champ «\u00a0licorne\u00a0» n’existe pas"),
        ('{"code": 3}', "à l’endroit $.code"),
        ('{"code": ', "coupé"),
        ("{code}", "octet"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "questionnaire de cette plateforme"),
    ],
)
def test_a_document_of_another_shape_is_refused_in_french(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_json(text.encode(), "x.json")
    assert says in str(refused.value)
    assert not re.search(r"[Ee]xpected|Object|malformed|truncated", str(refused.value))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_document_saved_by_windows_is_read(encoding: str) -> None:
    text = write_json(starter("satisfaction")).decode()

    assert read_json(text.encode(encoding), "x.json").questionnaire == starter("satisfaction")


ORDER = ("labl", "qstn", "universe", "catgry", "varFormat")


@pytest.mark.parametrize("name", ["poles_2022", "contrats_ruralite", "satisfaction"])
def test_the_codebook_refers_only_to_what_it_holds(name: str) -> None:
    """What its schema asks: identifiers once, references that exist, elements in their order."""
    book = etree.fromstring(ddi.write(starter(name)))
    identifiers = book.xpath("//@ID")
    referred = {i for value in book.xpath("//@files | //@var") for i in value.split()}

    assert len(set(identifiers)) == len(identifiers)
    assert referred <= set(identifiers)
    assert [etree.QName(e).localname for e in book] == ["stdyDscr", "fileDscr", "dataDscr"]
    for variable in book.iterfind(".//d:var", DDI):
        places = [ORDER.index(etree.QName(e).localname) for e in variable]
        assert places == sorted(places)


def test_two_rows_whose_codes_look_alike_are_two_variables() -> None:
    made = starter("satisfaction")
    matrix = next(q for s in made.sections for q in s.questions if hasattr(q, "rows"))
    matrix.rows[0].value, matrix.rows[1].value = "a/b", "a b"
    identifiers = etree.fromstring(ddi.write(made)).xpath("//d:var/@ID", namespaces=DDI)

    assert len(set(identifiers)) == len(identifiers)
