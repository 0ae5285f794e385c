"""One survey with a question of every type, in two languages."""

from __future__ import annotations

from tests.questionnaires.formats.limesurvey.survey import Survey

ROWS = {"r1": "Première", "r2": "Deuxième"}
COLUMNS = {"c1": "Gauche", "c2": "Droite"}
OPTIONS = {"A1": "Peu", "A2": "Assez", "A3": "Beaucoup"}


def every_type() -> Survey:
    """Return the survey: 29 questions, 30 sub-questions, 21 answer options."""
    made = Survey(languages=("fr", "en"), welcome="<p>Bienvenue</p>")
    made.group("Choisir", "<b>Des listes</b>")
    made.question("L", "list", "Liste", options=OPTIONS, other="Y", mandatory="Y")
    made.question("!", "menu", "Menu", options=OPTIONS)
    made.question("O", "listcomment", "Liste et commentaire", options=OPTIONS)
    made.question("5", "five", "De un à cinq")
    made.question("Y", "yesno", "Oui ou non")
    made.question("G", "gender", "Genre")
    made.question("I", "lang", "Langue")
    made.question("M", "boxes", "Cases", rows=ROWS, other="Y")
    made.question("P", "boxescomment", "Cases et commentaires", rows=ROWS)
    made.question("R", "rank", "Classer", options=OPTIONS)
    made.group("Tableaux")
    for letter in "ABCE":
        made.question(letter, f"array{letter}", f"Tableau {letter}", rows=ROWS)
    made.question("F", "arrayF", "Tableau F", rows=ROWS, options=OPTIONS)
    made.question("H", "arrayH", "Tableau H", rows=ROWS, options=OPTIONS)
    made.question(
        "1", "dual", "Deux échelles", rows=ROWS, options={"a": "A"}, options_2={"b": "B", "c": "C"}
    )
    made.question(":", "grid", "Nombres", rows=ROWS, columns=COLUMNS)
    made.question(";", "textgrid", "Textes", rows=ROWS, columns=COLUMNS)
    made.group("Écrire")
    made.question("S", "short", "Court")
    made.question("T", "long", "Long")
    made.question("U", "huge", "Très long")
    made.question("Q", "shorts", "Plusieurs", rows=ROWS)
    made.question("N", "number", "Nombre")
    made.question("K", "numbers", "Nombres", rows=ROWS)
    made.question("D", "day", "Jour")
    made.question("|", "file", "Fichier", attributes={"allowed_filetypes": "pdf, odt"})
    made.question("X", "text", "À lire")
    made.question("*", "equation", "{number * 2}", attributes={"hidden": "1"})
    return made
