"""What every HTML page of the platform respects, whoever asks for it.

``faults_of(html)`` names each broken rule in a sentence; an empty list is a good page.

The rules of typography hold for what the platform writes. What a person typed is shown as typed:
its element carries ``data-typed``, and so does nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import html5lib
from html5lib.html5parser import ParseError
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
UNTYPESET = ("script", "style", "code", "pre", "kbd", "samp", "textarea")
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder", "label")
NO_LABEL_NEEDED = ("hidden", "submit", "button", "reset", "image")
FIELDS = ("input", "select", "textarea", "fieldset")
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-details")

TYPOGRAPHY = (
    (re.compile(r"[ \t\r\n][:;?!»%€]"), "a breaking space before : ; ? ! » % or €"),
    (re.compile(r"«(?!\u00a0)"), "« without U+00A0 after it"),
    (re.compile(r"[^\W\d_]'[^\W\d_]"), "a straight apostrophe between letters"),
    (re.compile(r"\.\.\."), "three dots instead of …"),
    (re.compile(NARROW_NBSP), "U+202F, which the fonts lack"),
)

NO_PAGE_HOLDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]"
)
"""Control characters and noncharacters of the first planes, errors in HTML; a form feed apart."""


def faults_of(html: str) -> list[str]:
    """Return one sentence per broken rule of ``html``, a whole page."""
    if found := NO_PAGE_HOLDS.search(html):
        return [f"a page cannot hold the character {found[0]!r}, at {found.start()}"]
    page = lxml_html.document_fromstring(html)
    return [fault for rule in RULES for fault in rule(page)]


def malformations_of(html: str) -> list[str]:
    """Return what a strict HTML parser refuses in ``html``, at most one sentence. Slow: 1 MB/s."""
    parser = html5lib.HTMLParser(strict=True)
    try:
        parser.parse(html)
    except ParseError as error:
        line, column = parser.tokenizer.stream.position()
        return [f"malformed HTML at line {line}, column {column}: {error}"]
    return []


def _frame(page: HtmlElement) -> Iterator[str]:
    if not (page.get("lang") or "").strip():
        yield "html has no lang"
    titles = [title.text_content().strip() for title in _found(page, "//head/title")]
    if len(titles) != 1 or " | " not in titles[0] or titles[0].startswith("|"):
        yield f"one title with « page | site » expected, found {titles}"
    if len(_found(page, "//main")) != 1:
        yield "one main expected"


def _headings(page: HtmlElement) -> Iterator[str]:
    headings = list(page.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    levels = [int(heading.tag[1]) for heading in headings]
    if levels.count(1) != 1:
        yield f"one h1 expected, found {levels.count(1)}"
    for heading, before, after in zip(headings[1:], levels, levels[1:], strict=False):
        if after > before + 1:
            yield f"h{after} « {_words(heading)} » follows h{before}"
    yield from (f"{heading.tag} without text" for heading in headings if not _words(heading))


def _identifiers(page: HtmlElement) -> Iterator[str]:
    counts = Counter(_found(page, "//@id"))
    yield from (f"id « {name} » used {n} times" for name, n in counts.items() if n > 1)
    for element in _found(page, f"//*[{' or '.join(f'@{name}' for name in REFERENCES)}]"):
        for attribute in REFERENCES:
            for name in element.get(attribute, "").split():
                if name not in counts:
                    yield f"{attribute} of {_open_tag(element)}: « {name} » is not there"
    for label in _found(page, "//label[@for]"):
        if label.get("for") not in counts:
            yield f"label for « {label.get('for')} », which is not there"


def _labels(page: HtmlElement) -> Iterator[str]:
    labelled = set(_found(page, "//label[normalize-space()]/@for"))
    for field in page.iter("input", "select", "textarea"):
        if field.tag == "input" and field.get("type", "text") in NO_LABEL_NEEDED:
            continue
        if not (_is_named(field) or field.get("id") in labelled or _inside(field, "label")):
            yield f"{_open_tag(field)} has no label"
    for button in _found(page, "//button"):
        if not (_words(button) or _is_named(button)):
            yield f"{_open_tag(button)} has no name"


def _groups(page: HtmlElement) -> Iterator[str]:
    choices = _found(page, "//input[@type='radio' or @type='checkbox']")
    sizes = Counter((choice.get("type"), choice.get("name")) for choice in choices)
    reported = set()
    for choice in choices:
        key = (choice.get("type"), choice.get("name"))
        if sizes[key] > 1 and key not in reported and not _in_named_group(choice):
            reported.add(key)
            yield f"choices « {choice.get('name')} » are in no fieldset with a legend"


def _errors(page: HtmlElement) -> Iterator[str]:
    described = {
        name
        for element in _found(page, "//*[@aria-describedby]")
        if element.tag in FIELDS or "role" in element.attrib
        for name in element.get("aria-describedby").split()
    }
    for message in _found(page, f"//*[@class][{_has_class('error-msg')}]"):
        if not message.get("id") or message.get("id") not in described:
            yield f"the error « {_words(message)} » describes no field"


def _strict_policy(page: HtmlElement) -> Iterator[str]:
    for element in _found(page, "//*[@style]"):
        yield f"style attribute on {_open_tag(element)}"
    for element in _found(page, "//style"):
        yield f"inline style sheet {_open_tag(element)}"
    for element in _found(page, "//script[not(@src) or normalize-space()]"):
        yield f"inline script {_open_tag(element)}"
    for element in _found(page, "//*[@*[starts-with(name(), 'on')]]"):
        for attribute in element.attrib:
            if attribute.startswith("on"):
                yield f"{attribute} on {_open_tag(element)}"
    for address in _found(page, "//script/@src | //img/@src | //link[@rel='stylesheet']/@href"):
        if re.match(r"(?i)[a-z]+:|//", address):
            yield f"« {address} » comes from elsewhere"


def _links(page: HtmlElement) -> Iterator[str]:
    identifiers = set(_found(page, "//@id"))
    for link in _found(page, "//a"):
        href = (link.get("href") or "").strip()
        dead = href in ("", "#") or href.lower().startswith("javascript:")
        if dead or (href.startswith("#") and href[1:] not in identifiers):
            yield f"{_open_tag(link)} « {_words(link)} » leads nowhere"
        elif not (_words(link) or _is_named(link) or _found(link, ".//img[@alt!='']")):
            yield f"{_open_tag(link)} has no name"
    yield from (f"{_open_tag(image)} has no alt" for image in _found(page, "//img[not(@alt)]"))


def _forms(page: HtmlElement) -> Iterator[str]:
    for form in _found(page, "//form"):
        posts = (form.get("method") or "get").lower() == "post"
        tokens = _found(form, ".//input[@name='csrf_token' and string-length(@value) > 0]")
        if posts and len(tokens) != 1:
            yield f"{_open_tag(form)} posts with {len(tokens)} csrf_token"
        if tokens and not posts:
            yield f"{_open_tag(form)} puts a csrf_token in an address"


def _typography(page: HtmlElement) -> Iterator[str]:
    texts: list[str] = []
    _add_typeset(page, "fr", texts)
    for text in texts:
        yield from _faults_of_text(text)


def _add_typeset(element: HtmlElement, language: str, texts: list[str]) -> None:
    """Add to ``texts`` what the platform writes in French in ``element``."""
    names = element.keys()
    if element.tag in UNTYPESET or "data-typed" in names:
        return
    if "lang" in names:
        language = element.get("lang") or language
    ours = language.split("-")[0] == "fr"
    if ours:
        texts.append(element.text or "")
        texts += [element.get(name) for name in names if name in SPOKEN_ATTRIBUTES]
    for child in element:
        if isinstance(child.tag, str):  # and not a comment
            _add_typeset(child, language, texts)
        if ours:
            texts.append(child.tail or "")


@lru_cache(maxsize=20_000)
def _faults_of_text(text: str) -> tuple[str, ...]:
    # Remembered: menus and buttons are on every page of a thousand tests.
    found = ((pattern.search(text), fault) for pattern, fault in TYPOGRAPHY)
    return tuple(f"{fault} in « {_around(text, m.start())} »" for m, fault in found if m)


RULES: tuple[Callable[[HtmlElement], Iterator[str]], ...] = (
    _frame,
    _headings,
    _identifiers,
    _labels,
    _groups,
    _errors,
    _strict_policy,
    _links,
    _forms,
    _typography,
)


@cache
def _path(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


def _found(element: HtmlElement, expression: str) -> list[Any]:
    """Return what ``expression`` finds from ``element``; it is compiled once for all pages."""
    found: list[Any] = _path(expression)(element)
    return found


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _open_tag(element: HtmlElement) -> str:
    shown = [f'{k}="{v}"' for k, v in element.attrib.items() if k in ("id", "name", "type", "href")]
    return f"<{' '.join([element.tag, *shown])}>"


def _is_named(element: HtmlElement) -> bool:
    return bool((element.get("aria-label") or element.get("aria-labelledby") or "").strip())


def _inside(element: HtmlElement, tag: str) -> bool:
    return any(_words(ancestor) for ancestor in element.iterancestors(tag))


def _in_named_group(choice: HtmlElement) -> bool:
    for ancestor in choice.iterancestors():
        if ancestor.tag == "fieldset" and _found(ancestor, "./legend[normalize-space()]"):
            return True
        if ancestor.get("role") in ("group", "radiogroup") and _is_named(ancestor):
            return True
    return False


def _has_class(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _around(text: str, position: int) -> str:
    return " ".join(text[max(0, position - 25) : position + 25].split(" ")).strip()
