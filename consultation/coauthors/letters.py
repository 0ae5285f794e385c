"""The letters that co-authors receive: subject and text, in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consultation.questionnaires.kinds.question import say
from consultation.web.typography import date_fr, in_paris, spaced


@dataclass(frozen=True, slots=True)
class About:
    """What every letter names: the title of the consultation by language, the organisation, and
    the address that the person opens next."""

    title: Mapping[str, str]
    organisation: str
    address: str


Written = tuple[str, str]


def invitation(about: About, inviter: str, role: str, expires_at: datetime) -> Written:
    """The invitation to write; ``address`` holds the secret of the link."""
    what = (
        "la rédiger, la signer et l’envoyer" if role == "signatory" else "la rédiger avec d’autres"
    )
    return _letter(
        f"Écrire la contribution de « {about.organisation} »",
        f"{inviter} vous invite à contribuer au nom de « {about.organisation} » à la consultation "
        f"« {say(about.title)} ». Vous pourrez {what}.\n\n"
        f"Ouvrez ce lien, valable jusqu’au {date_fr(in_paris(expires_at).date())} :",
        about,
        "Il demande de se connecter. Si cette invitation ne vous concerne pas, ignorez-la.",
    )


def asked(about: About, name: str, message: str) -> Written:
    """To a signatory: somebody asks to join."""
    words = f"\n\nSon message :\n{message}" if message else ""
    return _letter(
        f"Une demande pour la contribution de « {about.organisation} »",
        f"{name} demande à participer à la contribution de « {about.organisation} »."
        f"{words}\n\nAcceptez ou refusez sur la page de l’équipe :",
        about,
    )


def accepted(about: About) -> Written:
    """To whoever asked: they are a co-author."""
    return _letter(
        f"Votre demande est acceptée : {about.organisation}",
        f"Vous participez à la contribution de « {about.organisation} » à la consultation "
        f"« {say(about.title)} ».",
        about,
    )


def declined(about: About) -> Written:
    """To whoever asked, who is told nothing of those who declined."""
    return _letter(
        "Votre demande n’est pas acceptée",
        "Votre demande de participer à la contribution officielle de votre organisme à la "
        f"consultation « {say(about.title)} » n’est pas acceptée.\n\n"
        "Vous pouvez répondre à titre personnel :",
        about,
    )


def joined(about: About, name: str) -> Written:
    """To the signatories: somebody came by themselves or by an invitation."""
    return _letter(
        f"{name} participe à la contribution de « {about.organisation} »",
        f"{name} vient de rejoindre la contribution de « {about.organisation} ». "
        "La page de l’équipe dit qui y participe et à quel titre :",
        about,
    )


def signatory(about: About, reason: str = "") -> Written:
    """To whoever may now sign; ``reason`` is that of the organisers, who named them."""
    return _letter(
        f"Vous êtes signataire pour « {about.organisation} »",
        f"Vous pouvez désormais signer et envoyer la contribution de « {about.organisation} » à la "
        f"consultation « {say(about.title)} », et choisir qui y participe.{_because(reason)}",
        about,
    )


def appointed(about: About, name: str, reason: str) -> Written:
    """To the co-authors: the organisers named a signatory."""
    return _letter(
        f"{name} est signataire pour « {about.organisation} »",
        f"L’organisateur de la consultation « {say(about.title)} » a désigné {name} pour signer la "
        f"contribution de « {about.organisation} » et choisir qui y participe.{_because(reason)}",
        about,
    )


def removed(about: About, reason: str = "") -> Written:
    """To whoever is no longer a co-author; ``reason`` is that of the organisers."""
    return _letter(
        f"Vous ne participez plus à la contribution de « {about.organisation} »",
        f"Vous ne participez plus à la contribution de « {about.organisation} » à la consultation "
        f"« {say(about.title)} ». Ce que vous avez écrit y reste.{_because(reason)}\n\n"
        "Vous pouvez répondre à titre personnel :",
        about,
    )


def identified(about: About, siren: str, reason: str) -> Written:
    """To the co-authors: the organisers changed the name or the SIREN of the organisation."""
    return _letter(
        f"Votre contribution porte le nom de « {about.organisation} »",
        f"L’organisateur de la consultation « {say(about.title)} » a corrigé l’organisme de votre "
        f"contribution : {about.organisation}, SIREN {siren}.\n"
        f"Raison : {reason}\n\nVos réponses ne changent pas.",
        about,
    )


def taken_over(about: About, gone: str, reason: str, to_sign: bool) -> Written:
    """To the co-authors of both responses: two organisations became one."""
    signed = (
        f"La réponse envoyée par « {gone} » ne compte plus : un signataire relit, signe et envoie "
        f"la contribution de « {about.organisation} ».\n\n"
        if to_sign
        else ""
    )
    return _letter(
        f"« {gone} » et « {about.organisation} » ne font plus qu’une contribution",
        f"L’organisateur de la consultation « {say(about.title)} » a réuni les contributions de "
        f"{gone} et de « {about.organisation} ». Celle de « {about.organisation} » continue.\n"
        f"Raison : {reason}\n\n{signed}"
        f"Tout ce qui a été écrit pour « {gone} » reste lisible par l’équipe réunie.",
        about,
    )


def freed(about: About, gone: str, siren: str, reason: str) -> Written:
    """To the co-authors of the response that absorbed a SIREN: it may open another one."""
    return _letter(
        f"« {gone} » peut de nouveau répondre à part",
        f"L’organisateur de la consultation « {say(about.title)} » a libéré le SIREN {siren} de "
        f"« {gone} », que la contribution de « {about.organisation} » avait reprise : une autre "
        f"contribution officielle peut s’ouvrir avec ce numéro.\nRaison : {reason}\n\n"
        "Votre contribution ne change pas.",
        about,
    )


def _because(reason: str) -> str:
    return f"\nRaison : {reason}" if reason else ""


def _letter(subject: str, text: str, about: About, end: str = "") -> Written:
    body = spaced(f"Bonjour,\n\n{text}\n\n")
    closing = f"\n{spaced(end)}\n" if end else ""
    return spaced(subject), f"{body}{about.address}\n{closing}"
