"""Files of contacts, as people make them: every encoding, every separator, every mistake."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from time import process_time

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultation.invitations.reading import model_file
from consultation.invitations.reading.columns import find_columns, plain
from consultation.invitations.reading.line import Known
from consultation.invitations.reading.report import MOST_LINES, Reading, read_contacts
from consultation.invitations.reading.sheet import LARGEST, MOST_ROWS
from consultation.questionnaires.formats.report import UnreadableFile

KNOWN = Known.of(
    [("pole", "Pôle de compétitivité (gouvernance ou équipe)"), ("entreprise_pme", "PME")],
    [("84", "Auvergne-Rhône-Alpes"), ("01", "Guadeloupe"), ("53", "Bretagne")],
)
HEADER = "E-mail;Nom;Organisme;Type d’acteur;Région;SIRET;Contrat"
LINE = "Contact@Pole.example.org;Zoé Lê;Pôle d’été;Pôle de compétitivité (gouvernance ou équipe);bretagne;55210055400013;2019"  # noqa: E501


def read(text: str | bytes, encoding: str = "utf-8", present: set[str] | None = None) -> Reading:
    data = text.encode(encoding) if isinstance(text, str) else text
    return read_contacts(data, KNOWN, present or set())


def workbook(rows: list[list[object]], name: str = "Contacts") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_in_any_of_the_usual_forms(encoding: str, separator: str, end: str) -> None:
    rows = [HEADER.split(";"), LINE.split(";")]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    [(number, contact)] = read(text.getvalue(), encoding).kept
    assert number == 2
    assert contact.email == "contact@pole.example.org"
    assert (contact.name, contact.organisation) == ("Zoé Lê", "Pôle d’été")
    assert (contact.actor_type, contact.region_code) == ("pole", "53")
    assert (contact.siret, contact.attributes) == ("55210055400013", {"Contrat": "2019"})


def test_a_workbook_with_a_title_above_and_numbers_as_numbers() -> None:
    rows = [
        ["Pôles de compétitivité"],
        [],
        ["Courriel", "Région", "SIRET", "Effectif"],
        ["a@pole.example.org", 1, 55210055400013, 12.5],
        [],
        ["b@pole.example.org", "84", None, None],
    ]
    reading = read(workbook(rows))
    assert [number for number, _ in reading.kept] == [4, 6]
    first = reading.kept[0][1]
    assert (first.region_code, first.siret) == ("01", "55210055400013")
    assert first.attributes == {"Effectif": "12.5"}
    assert reading.sheet == "Contacts"


def test_a_formula_of_a_workbook_is_read_as_what_the_spreadsheet_had_found() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Contacts")
        sheet.write_row(0, 0, ["Courriel", "Nom", "Organisme"])
        sheet.write_formula(1, 0, '="a"&"@pole.example.org"', None, "a@pole.example.org")
        sheet.write_string(1, 1, "=1+1")
        sheet.write_formula(1, 2, '=WEBSERVICE("http://example.org")', None, "")
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_string(2, 1, "Zoé")
    reading = read(data.getvalue())
    [(number, kept)] = reading.kept
    assert (number, kept.email, kept.name, kept.organisation) == (
        2,
        "a@pole.example.org",
        "=1+1",
        "",
    )
    assert [line.number for line in reading.lines] == [3]


def test_the_sheet_that_holds_addresses_is_found() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("Carnet")
    sheet.append(["mail"])
    sheet.append(["a@pole.example.org"])
    data = io.BytesIO()
    book.save(data)
    reading = read(data.getvalue())
    assert (reading.sheet, len(reading.kept)) == ("Carnet", 1)


def test_each_line_to_correct_is_said_with_its_number() -> None:
    text = "\n".join(
        [
            "e-mail;nom;siret;région",
            "bon@pole.example.org;Anne;;",
            "pas une adresse;Bob;;",
            "",
            "bon@pole.example.org;Deux fois;;",
            "deja@pole.example.org;;;",
            ";Sans adresse;;",
            "siret@pole.example.org;;5,52101E+13;",
            "region@pole.example.org;;;Lotharingie",
            'cite@pole.example.org;"Sur\ndeux lignes";;',
            "fin@pole.example.org;;;",
        ]
    )
    reading = read(text, present={"deja@pole.example.org"})
    said = {line.number: (line.kind, line.sentence) for line in reading.lines}
    assert [number for number, _ in reading.kept] == [2, 10, 11]
    assert reading.kept[1][1].name == "Sur deux lignes"
    assert list(said) == [3, 7, 8, 9, 5, 6] or sorted(said) == [3, 5, 6, 7, 8, 9]
    assert "n’est pas une adresse" in said[3][1]
    assert said[5] == ("duplicate", "Cette adresse est déjà à la ligne 2")
    assert said[6] == ("duplicate", "Cette adresse est déjà dans le carnet")
    assert "L’adresse manque" in said[7][1]
    assert "mettez la colonne au format texte" in said[8][1]
    assert "Lotharingie" in said[9][1]
    assert (reading.errors, reading.duplicates) == (4, 2)


def test_the_line_by_which_excel_names_the_separator_does_not_count() -> None:
    reading = read("sep=,\r\nmail,nom\r\na@pole.example.org,Anne\r\nfaux,Bob\r\n")
    assert [number for number, _ in reading.kept] == [2]
    assert reading.lines[0].number == 3


def test_first_name_and_name_make_one_name() -> None:
    reading = read("prénom,nom,mail\nZoé,Lê,z@pole.example.org")
    assert reading.kept[0][1].name == "Zoé Lê"


def test_a_second_column_of_the_same_kind_is_left_out_and_said() -> None:
    reading = read("mail;e-mail;Ville;Ville\na@pole.example.org;b@pole.example.org;Brest;Lyon")
    assert reading.columns.repeated == ("e-mail", "Ville")
    assert reading.kept[0][1].attributes == {"Ville": "Brest"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"\n\n  \n", "vide"),
        (b"nom;prenom\nA;B\n", "Aucune colonne"),
        (b"mail\n\0\0\0", "ni un CSV ni un classeur"),
        (b"%PDF-1.7 blah", "ni un CSV ni un classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"PK\x03\x04" + b"\0" * 100, "classeur"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "abîmé"),
        (b'mail\n"jamais ferme\n' + b"x@y.fr\n" * 100, "guillemet"),
        (b"mail\n" + b"a" * 200_000, "guillemet"),
        (b"mail\n" + b"a@b.fr\n" * (MOST_ROWS + 5), "lignes"),
        (b"mail\n" + b"x" * LARGEST, "Découpez"),
    ],
    ids=range(12),
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words) as refused:
        read(data)
    assert "questionnaire" not in str(refused.value)


def test_a_workbook_that_swells_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    with pytest.raises(UnreadableFile, match="trop grand"):
        read(data.getvalue())


FORMULAS = ['=HYPERLINK("http://x")', "+33 1", "-1+1", "@SUM(A1)", "\t=1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_looks_like_a_formula_stays_text_when_it_comes_back(cell: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["mail", "nom"], ["faux", cell]])
    [line] = read(text.getvalue()).lines
    back = model_file.as_csv([line.cells]).decode("utf-8-sig")
    for written in next(csv.reader([back], delimiter=";")):
        assert not written.startswith(("=", "+", "-", "@", "\t"))


def test_the_models_can_be_imported_once_the_example_is_replaced() -> None:
    known = Known.of(
        [("pole", "Pôle de compétitivité (gouvernance ou équipe)")],
        [("84", "Auvergne-Rhône-Alpes")],
    )
    words = [("Type d’acteur", ["=1+1"])]
    for data in (model_file.model_csv(), model_file.model_xlsx(words)):
        reading = read_contacts(data, known)
        assert (len(reading.kept), reading.lines) == (1, [])
        assert reading.kept[0][1].actor_type == "pole"


def test_the_report_is_bounded_and_its_counts_are_not() -> None:
    reading = read("mail\n" + "faux\n" * (MOST_LINES + 10))
    assert (len(reading.lines), reading.errors) == (MOST_LINES, MOST_LINES + 10)


def test_twenty_thousand_lines_are_read_quickly() -> None:
    line = "p{0}@organisme-{1}.example.org;Nom {0};Organisme {0};;84;"
    lines = [line.format(number, number % 700) for number in range(20_000)]
    start = process_time()
    reading = read(HEADER + "\n" + "\n".join(lines))
    assert len(reading.kept) == 20_000
    assert process_time() - start < 10


@settings(max_examples=300)
@given(st.binary(max_size=400))
@example(b"sep=\n")
@example(b"mail\r")
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    try:
        read(data)
    except UnreadableFile as refused:
        assert str(refused).endswith(".")


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(0, 5000))
def test_no_damaged_workbook_makes_the_reader_fail(noise: bytes, place: int) -> None:
    data = bytearray(_WORKBOOK)
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(UnreadableFile):
        read(bytes(data))


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_WORKBOOK = workbook([["mail", "nom"], ["a@pole.example.org", "Anne"]])


@settings(max_examples=200)
@given(st.lists(st.lists(cells, max_size=8), max_size=8))
def test_whatever_a_file_holds_what_is_kept_is_clean(rows: list[list[str]]) -> None:
    text = io.StringIO()
    header = ["mail", "nom", "organisme", "autre"]
    csv.writer(text, delimiter=";").writerows([header, *rows])
    reading = read(text.getvalue())
    emails = [contact.email for _, contact in reading.kept]
    assert len(emails) == len(set(emails))
    assert len(reading.kept) + reading.errors + reading.duplicates <= len(rows) * 31
    for _, contact in reading.kept:
        for value in (contact.name, contact.organisation, *contact.attributes.values()):
            assert value.isprintable()
    for line in reading.lines:
        assert "\0" not in line.sentence + "".join(line.cells)


@given(st.text(max_size=40))
def test_names_of_columns_compare_without_accents_nor_signs(title: str) -> None:
    assert plain(plain(title)) == plain(title)
    find_columns([title, "mail"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Zoé Lê <zoe@pole.example.org>", "Zoé Lê"),
        ('"Lê, Zoé" <Zoe@pole.example.org>;', "Lê, Zoé"),
        ("zoe@pole.example.org <zoe@pole.example.org>", ""),
        ("zoe@pole.example.org (Zoé Lê)", "Zoé Lê"),
        ("MAILTO:zoe@pole.example.org", ""),
        ("'zoe@pole.example.org'", ""),
        ("zoe @pole.example.org.", ""),
        ('="zoe@pole.example.org"', ""),
    ],
)
def test_claire_pastes_addresses_as_her_mail_program_writes_them(typed: str, name: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["E-mail", "Nom"], [typed, ""], [typed, "Zoé"]])
    reading = read(text.getvalue())
    assert [(contact.email, contact.name) for _, contact in reading.kept] == [
        ("zoe@pole.example.org", name)
    ]
    assert [line.kind for line in reading.lines] == ["duplicate"]


def test_claire_is_told_of_two_addresses_in_a_cell_and_of_an_accent() -> None:
    reading = read("E-mail;Nom\na@pole.example.org, b@pole.example.org;\nzoé@pole.example.org;\n")
    several, accent = [line.sentence for line in reading.lines]
    assert "plusieurs adresses" in several
    assert "accent avant le @" in accent


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Nom;Adresse;Ville;E-mail", "Lê;1 rue du Pôle;Lyon;zoe@pole.example.org"),
        ("Nom;Adresse;Ville;Adresse de messagerie", "Lê;1 rue;Lyon;zoe@pole.example.org"),
        ("Nom;Mail 1;Mail 2;Mail envoyé", "Lê;zoe@pole.example.org;b@pole.example.org;oui"),
        ("Nom;Mail envoyé;Courriel (pro)", "Lê;oui;zoe@pole.example.org"),
        ("Nom;Adresse", "Lê;zoe@pole.example.org"),
        ("Nom;Contact principal", "Lê;zoe@pole.example.org"),
        ("Nom|Courriel", "Lê|zoe@pole.example.org"),
    ],
)
def test_the_column_that_holds_addresses_is_found_whatever_its_title(
    header: str, line: str
) -> None:
    reading = read(f"{header}\n{line}\n")
    [(_, contact)] = reading.kept
    assert (contact.email, contact.name) == ("zoe@pole.example.org", "Lê")
    assert "Adresse" not in reading.columns.repeated


def test_a_list_of_addresses_without_a_title_is_read() -> None:
    reading = read("a@pole.example.org;Zoé\nb@pole.example.org;Yan\n")
    assert [(number, contact.email) for number, contact in reading.kept] == [
        (1, "a@pole.example.org"),
        (2, "b@pole.example.org"),
    ]
    assert reading.kept[0][1].attributes == {"Colonne 2": "Zoé"}
    assert [contact.email for _, contact in read("a@pole.example.org\n").kept] == [
        "a@pole.example.org"
    ]


@pytest.mark.parametrize(
    "text", ["<html><td>e-mail</td></html>", "Nom;Page\nLê;@lyon\nKo;x\nSy;y\n", "EMAIL:a@b.fr\n"]
)
def test_what_only_mentions_mail_is_no_list_of_addresses(text: str) -> None:
    with pytest.raises(UnreadableFile, match="Aucune colonne"):
        read(text)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
def test_the_accents_of_a_mac_and_of_ms_dos_are_read(encoding: str) -> None:
    reading = read("Courriel;Prénom;Société\nzoe@pole.example.org;Zoé;Pôle d’été".replace(
        "’", "'"), encoding)  # fmt: skip
    [(_, contact)] = reading.kept
    assert (contact.name, contact.organisation) == ("Zoé", "Pôle d'été")


def test_a_quotation_mark_left_open_never_swallows_the_people_below() -> None:
    with pytest.raises(UnreadableFile, match="guillemet ouvert vers la ligne 2"):
        read('E-mail;Nom\na@pole.example.org;"Zoé\nb@pole.example.org;Yan\n')
    reading = read('E-mail;Note\na@pole.example.org;"1 rue du Pôle\nLyon"\n')
    assert reading.kept[0][1].attributes == {"Note": "1 rue du Pôle Lyon"}


def test_lines_corrected_and_imported_again_leave_their_number_and_their_fault() -> None:
    reading = read("Ligne;À corriger;E-mail;Contrat\n2;faux;zoe@pole.example.org;2019\n")
    assert reading.kept[0][1].attributes == {"Contrat": "2019"}


def test_regions_are_known_by_their_short_names() -> None:
    reading = read("E-mail;Région\na@pole.example.org;AURA\nb@pole.example.org;PACA\n")
    assert [contact.region_code for _, contact in reading.kept] == ["84"]
    assert "PACA" in reading.lines[0].sentence  # no such region here
