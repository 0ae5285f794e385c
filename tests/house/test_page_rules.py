"""The inspector sees what it is paid to see: each rule is shown a page that breaks it."""

from __future__ import annotations

import pytest

from tests.house.page_rules import faults_of, malformations_of

GOOD = """<!doctype html>
<html lang="fr">
<head><title>Votre profil | Consultations</title><link rel="stylesheet" href="/static/a.css"></head>
<body>
<header><a href="#contenu">Aller au contenu</a></header>
<main id="contenu">
<h1>Votre profil</h1>
<h2>Coordonnées</h2>
<p>Une question\u00a0: «\u00a0l’avenir des pôles\u00a0»\u00a0? Suite… à 18\u00a0h, voir http://x.</p>
<form method="post">
<input type="hidden" name="csrf_token" value="x">
<label for="nom">Nom</label><input id="nom" name="nom" aria-describedby="nom-erreur">
<p class="error-msg" id="nom-erreur">Saisissez un nom</p>
<fieldset aria-describedby="type-erreur"><legend>Type</legend>
<p class="error-msg small" id="type-erreur">Choisissez un type</p>
<label><input type="radio" name="type" value="a"> Entreprise</label>
<label><input type="radio" name="type" value="b"> Pôle</label>
</fieldset>
<button>Enregistrer le profil</button>
</form>
</main>
</body>
</html>"""


def test_a_good_page_passes() -> None:
    assert faults_of(GOOD) == []
    assert malformations_of(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('<html lang="fr">', "<html>", "no lang"),
        (" | Consultations", "", "title"),
        ("<main", "<main></main><main", "one main"),
        ("<h1>Votre profil</h1>", "<p>Votre profil</p>", "one h1"),
        ("<h2>", "<h1>Encore</h1><h2>", "one h1"),
        ("<h2>Coordonnées</h2>", "<h3>Coordonnées</h3>", "h3 « Coordonnées » follows h1"),
        ("<h2>Coordonnées</h2>", "<h2> </h2>", "h2 without text"),
        ("<h2>", '<h2 id="nom">', "used 2 times"),
        ('aria-describedby="nom-erreur"', 'aria-describedby="rien"', "is not there"),
        ('<label for="nom">', '<label for="prenom">', "is not there"),
        ('<label for="nom">Nom</label>', "", "has no label"),
        ('<label for="nom">Nom</label>', '<label for="nom"></label>', "has no label"),
        ("Enregistrer le profil", "", "has no name"),
        ("<legend>Type</legend>", "", "no fieldset with a legend"),
        ('aria-describedby="nom-erreur"', "", "describes no field"),
        ('id="type-erreur"', "", "describes no field"),
        ("<h2>", '<h2 style="color: red">', "style attribute"),
        ("</head>", "<style>h1 { color: red }</style></head>", "inline style"),
        ("</head>", "<script>alert(1)</script></head>", "inline script"),
        ("</head>", "<script src='//cdn.example/x.js'></script></head>", "from elsewhere"),
        ("<button>", '<button onclick="go()">', "onclick"),
        ('href="#contenu"', 'href="#"', "leads nowhere"),
        ('href="#contenu"', 'href="#parti"', "leads nowhere"),
        ('href="#contenu"', 'href="javascript:x()"', "leads nowhere"),
        ("Aller au contenu", "", "has no name"),
        ("<h2>", '<img src="/static/a.png"><h2>', "has no alt"),
        ('name="csrf_token" value="x"', 'name="csrf_token" value=""', "0 csrf_token"),
        ('<form method="post">', "<form>", "in an address"),
        ("question\u00a0:", "question :", "breaking space before"),
        ("question\u00a0:", "question\n:", "breaking space before"),
        ("«\u00a0l’avenir", "« l’avenir", "without U+00A0 after"),
        ("l’avenir", "l'avenir", "straight apostrophe"),
        ("Suite…", "Suite...", "three dots"),
        ("18\u00a0h", "18\u202fh", "U+202F"),
        ('<input id="nom"', '<input placeholder="Nom :" id="nom"', "breaking space before"),
    ],
)
def test_a_broken_rule_is_named(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    faults = faults_of(GOOD.replace(good, bad))
    assert any(fault in sentence for sentence in faults), faults


@pytest.mark.parametrize(
    "exempt",
    [
        "<p data-typed>L'avenir : quoi ?</p>",
        "<div data-typed><p>L'avenir : quoi ?</p></div>",
        '<p lang="en">The region\'s future</p>',
        "<code>x ? y : z</code>",
    ],
)
def test_what_a_person_typed_is_left_as_typed(exempt: str) -> None:
    assert faults_of(GOOD.replace("<h2>", f"{exempt}<h2>")) == []


def test_text_after_an_exempt_element_is_still_read() -> None:
    page = GOOD.replace("<h2>", "<p><span data-typed>L'avenir</span> : quoi</p><h2>")
    assert len(faults_of(page)) == 1


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x85", "\ufdd0", "\uffff", "\U0001ffff"])
def test_what_no_page_can_hold_is_refused(character: str) -> None:
    assert faults_of(GOOD.replace("</p>", f"{character}</p>", 1))


def test_malformed_html_is_refused() -> None:
    assert malformations_of(GOOD.replace("</fieldset>", ""))
    assert malformations_of(GOOD.replace("<!doctype html>", ""))
