"""The letters about a comment: subject and text, in French."""

from __future__ import annotations

from consultation.web.typography import NBSP


def confirm(title: str, text: str, address: str) -> tuple[str, str]:
    """The link by which a visitor confirms an address; ``text`` is what they wrote."""
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    return (
        "Confirmez votre commentaire",
        f"""Bonjour,

Un commentaire vient d’être écrit avec votre adresse sur cette consultation{NBSP}:
{title}

{quoted}

Si vous en êtes l’auteur, ouvrez ce lien et confirmez, dans les 7 jours{NBSP}:

{address}

Votre nom est publié avec le commentaire, après relecture. Votre adresse ne l’est jamais.

Si ce n’est pas vous, ne faites rien{NBSP}: le commentaire est effacé.
""",
    )
