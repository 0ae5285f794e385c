"""What to say about a source that does not parse: the cause first, then what to write."""

from lark import Token

from consultation.questionnaires.expressions.errors import NBSP, quoted

_HINTS = {
    "=": "le signe = est double pour comparer : écrivez ==.",
    "!": "écrivez not pour nier, ou != pour « différent de ».",
    "&": "écrivez and pour « et ».",
    "|": "écrivez or pour « ou ».",
    "'": "ce guillemet n’est pas fermé.",
    '"': "ce guillemet n’est pas fermé.",
    "$": "écrivez la clé de la question seule, sans ${ }.",
    "{": "écrivez la clé de la question seule, sans accolades.",
    "}": "écrivez la clé de la question seule, sans accolades.",
    ";": "séparez les éléments par une virgule.",
    "%": "écrivez le nombre seul, sans le signe\u00a0%.",
    ".": "un point s’écrit entre deux chiffres, ou entre une clé et sa ligne.",
    "_": "une clé commence par une lettre minuscule.",
    "≠": "écrivez != pour « différent de ».",
    "≤": "écrivez <= pour « au plus ».",
    "≥": "écrivez >= pour « au moins ».",
    "×": "écrivez * pour multiplier.",
    "÷": "écrivez / pour diviser.",
    "−": "écrivez le signe moins du clavier.",
    "–": "écrivez le signe moins du clavier.",
} | dict.fromkeys("’‘“”«»`", "écrivez des guillemets droits, ' ou \".")


def _spaced(text: str) -> str:
    """No-break spaces where French wants them, so that the hints above stay legible."""
    for plain, tied in ((" :", NBSP + ":"), ("« ", "«" + NBSP), (" »", NBSP + "»")):
        text = text.replace(plain, tied)
    return text


def explain_character(source: str, offset: int) -> tuple[int, str]:
    """The offset to point at and the reason, for a character that begins nothing."""
    character = source[offset] if offset < len(source) else ""
    if character in _HINTS:
        return offset, _spaced(f"{quoted(character)} ne se lit pas ici, {_HINTS[character]}")
    if character.isalpha() and character.lower() == character:
        return offset, f"{quoted(character)} ne peut pas faire partie d’une clé (a-z, 0-9, _)."
    if character.isalpha():
        return offset, _spaced(f"{quoted(character)} est une majuscule : écrivez en minuscules.")
    return offset, f"{quoted(character)} ne se lit pas ici."


def explain_token(source: str, token: Token | None, expected: set[str]) -> str:
    """The reason, for a word or a sign that cannot come here; `None` is the end of the source."""
    if not source.strip():
        return "l’expression est vide."
    if token is None:
        return _explain_end(expected)
    if token.type == "_COMMA":
        return "la virgule sépare des éléments entre parenthèses ou crochets" + _spaced(
            " : pour un nombre décimal, écrivez un point."
        )
    if token.type == "COMPARATOR" and "_AND" in expected:
        return _spaced("une comparaison ne s’enchaîne pas : écrivez a < b and b < c.")
    if token.type == "_CLOSE":
        return "cette parenthèse fermante n’est pas attendue ici."
    if "_AND" in expected:
        return _spaced(f"{quoted(token)} n’est pas attendu ici : il manque un signe, and ou or.")
    if expected == {"_OPEN_LIST"}:
        return "écrivez une liste entre crochets après in, par exemple ['a', 'b']."
    if expected == {"IN"}:
        return "écrivez not in pour « n’est pas parmi »."
    return _spaced(f"{quoted(token)} n’est pas attendu ici : il manque une valeur.")


def _explain_end(expected: set[str]) -> str:
    if "_CLOSE" in expected:
        return "l’expression s’arrête trop tôt, il manque une parenthèse fermante."
    if "_CLOSE_LIST" in expected:
        return "l’expression s’arrête trop tôt, il manque un crochet fermant."
    if "_OPEN_LIST" in expected:
        return "écrivez une liste entre crochets après in, par exemple ['a', 'b']."
    return "l’expression s’arrête trop tôt, il manque une valeur."
