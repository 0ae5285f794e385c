"""Languages as other tools name them: « English (en) », ``de-informal``, ``Français``."""

from __future__ import annotations

import re

_NAMES = {
    "english": "en", "anglais": "en", "french": "fr", "français": "fr", "francais": "fr",
    "spanish": "es", "español": "es", "espanol": "es", "german": "de", "deutsch": "de",
    "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl",
    "nederlands": "nl", "arabic": "ar", "chinese": "zh", "swahili": "sw", "kiswahili": "sw",
    "russian": "ru", "polish": "pl", "romanian": "ro", "greek": "el", "turkish": "tr",
    "ukrainian": "uk", "hindi": "hi", "bengali": "bn", "nepali": "ne", "burmese": "my",
    "vietnamese": "vi", "thai": "th", "indonesian": "id", "khmer": "km", "lao": "lo",
    "persian": "fa", "dari": "prs", "pashto": "ps", "urdu": "ur", "kurdish": "ku",
    "haitian creole": "ht", "creole": "ht", "somali": "so", "amharic": "am", "hausa": "ha",
    "catalan": "ca", "basque": "eu", "breton": "br", "occitan": "oc", "corsican": "co",
}  # fmt: skip


def language_code(name: str) -> str:
    """Return a short code: the one in brackets, a known one, or the name made safe."""
    bracketed = re.search(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\)\s*$", name)
    if bracketed:
        return bracketed.group(1).replace("_", "-")
    bare = name.strip()
    if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", bare) and bare.lower() not in _NAMES:
        return bare.replace("_", "-")
    known = _NAMES.get(bare.lower())
    return known or re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")[:20] or "und"
