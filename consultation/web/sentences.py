"""What WTForms says in English, said as we speak: in French, and what to do."""

from __future__ import annotations

from consultation.web.typography import NBSP, number_fr

SENTENCES = {
    "This field is required.": "Remplissez ce champ",
    "Not a valid choice.": "Choisissez une proposition de la liste",
    "Not a valid choice": "Choisissez une proposition de la liste",
    "Invalid Choice: could not coerce.": "Choisissez une proposition de la liste",
    "Invalid choice(s): one or more data inputs could not be coerced.": (
        "Choisissez des propositions de la liste"
    ),
    "'%(value)s' is not a valid choice for this field.": "Choisissez une proposition de la liste",
    "'%(value)s' are not valid choices for this field.": "Choisissez des propositions de la liste",
    "Not a valid integer value.": "Saisissez un nombre entier, par exemple 12",
    "Not a valid decimal value.": "Saisissez un nombre, par exemple 12,5",
    "Not a valid float value.": "Saisissez un nombre, par exemple 12,5",
    "Not a valid date value.": "Saisissez une date, par exemple 11/03/2022",
    "Not a valid datetime value.": "Saisissez une date et une heure",
    "Not a valid time value.": "Saisissez une heure, par exemple 18:00",
    "Not a valid week value.": "Saisissez une semaine, par exemple 2022-W10",
    "Date must be at least %(min)s.": "Saisissez une date à partir du %(min)s",
    "Date must be at most %(max)s.": "Saisissez une date jusqu’au %(max)s",
    "Date must be between %(min)s and %(max)s.": "Saisissez une date du %(min)s au %(max)s",
    "Invalid email address.": "Saisissez une adresse complète, par exemple prenom.nom@organisme.fr",
    "Invalid URL.": "Saisissez une adresse complète, par exemple https://exemple.fr",
    "Invalid input.": "Vérifiez ce que vous avez saisi",
    "Invalid IP address.": "Saisissez une adresse IP, par exemple 192.0.2.1",
    "Invalid Mac address.": "Saisissez une adresse MAC, par exemple 00:00:5e:00:53:01",
    "Invalid UUID.": "Saisissez un identifiant complet, de 36 caractères",
    "Invalid value, must be one of: %(values)s.": "Choisissez parmi %(values)s",
    "Invalid value, can't be any of: %(values)s.": "Choisissez autre chose que %(values)s",
    "Invalid field name '%s'.": "Vérifiez ce que vous avez saisi",
    "This field cannot be edited.": "Laissez ce champ tel qu’il était",
    "This field is disabled and cannot have a value.": "Laissez ce champ vide",
    "File was empty.": "Choisissez un fichier qui n’est pas vide",
    "File does not have an approved extension: {extensions}": (
        f"Choisissez un fichier de l’un de ces formats{NBSP}: {{extensions}}"
    ),
    "File does not have an approved extension.": "Choisissez un fichier d’un format accepté",
    "Number must be at least %(min)s.": "Saisissez un nombre supérieur ou égal à %(min)s",
    "Number must be at most %(max)s.": "Saisissez un nombre inférieur ou égal à %(max)s",
    "Number must be between %(min)s and %(max)s.": "Saisissez un nombre de %(min)s à %(max)s",
    "Field must be equal to %(other_name)s.": "Saisissez deux fois la même chose",
    "CSRF token missing.": "Cette page est restée ouverte longtemps. Envoyez à nouveau",
    "Invalid CSRF Token.": "Cette page est restée ouverte longtemps. Envoyez à nouveau",
    "CSRF failed.": "Cette page est restée ouverte longtemps. Envoyez à nouveau",
    "CSRF token expired.": "Cette page est restée ouverte longtemps. Envoyez à nouveau",
}
COUNTED = {
    "Field must be at least %(min)d character long.": "Écrivez au moins %(min)d caractère",
    "Field must be at least %(min)d characters long.": "Écrivez au moins %(min)d caractères",
    "Field cannot be longer than %(max)d character.": "Limitez-vous à %(max)d caractère",
    "Field cannot be longer than %(max)d characters.": "Limitez-vous à %(max)d caractères",
    "Field must be exactly %(max)d character long.": "Écrivez exactement %(max)d caractère",
    "Field must be exactly %(max)d characters long.": "Écrivez exactement %(max)d caractères",
    "Field must be between %(min)d and %(max)d characters long.": (
        "Écrivez de %(min)d à %(max)d caractères"
    ),
}


class French:
    """The translations that WTForms asks for."""

    def gettext(self, sentence: str) -> str:
        return SENTENCES.get(sentence) or COUNTED.get(sentence) or sentence

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if abs(count) < 2 else many)

    def too_long(self, most: int) -> str:
        return f"Limitez-vous à {number_fr(most)} caractères"

    def too_large(self, most: int) -> str:
        return f"Saisissez un nombre plus petit que {number_fr(most)}"


FRENCH = French()
