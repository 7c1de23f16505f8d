"""The texts to translate, collected from the sources by Python alone: no gettext program is needed anywhere.

English covers every text. Every other language covers what the public reads.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.template import Engine, Origin, Template
from django.template.base import Node, NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import to_locale

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "locale"
SOURCE_LANGUAGE = "fr"
FULL_LANGUAGE = "en"
# Which form goes with a number. Turkish and Tamil keep two, Chinese has one, Ukrainian three, Arabic six.
PLURALS = {
    "fr-simple": "nplurals=2; plural=(n > 1);",
    "en": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "pt": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "tr": "nplurals=2; plural=(n > 1);",
    "zh-hans": "nplurals=1; plural=0;",
    "uk": "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2;",
    "ta": "nplurals=2; plural=(n != 1);",
}

# What people read at the door, on paper, on their phone, in their letters and in the waiting room.
PUBLIC = (
    "parvis/booking/errors.py",
    "parvis/booking/letters",
    "parvis/booking/papers/",
    "parvis/booking/states.py",
    "parvis/casefiles/errors.py",
    "parvis/casefiles/letters/",
    "parvis/casefiles/papers/",
    "parvis/casefiles/states.py",
    "parvis/common/errors.py",
    "parvis/messages/papers/",
    "parvis/offices/queries.py",
    "parvis/people/errors.py",
    "parvis/permits/rules/money.py",
    "parvis/procedures/errors.py",
    "parvis/reception/errors.py",
    "parvis/reception/printing",
    "parvis/web/appointments/",
    "parvis/web/display/",
    "parvis/web/draws/",
    "parvis/web/files/",
    "parvis/web/kiosk/",
    "parvis/web/public/",
    "parvis/web/words.py",
    "parvis/web/summons/",
    "parvis/web/templates/4",
    "parvis/web/templates/5",
    "parvis/web/templates/appointments/",
    "parvis/web/templates/draws/",
    "parvis/web/templates/files/",
    "parvis/web/templates/error_base.html",
    "parvis/web/templates/parvis/_clock.html",
    "parvis/web/templates/parvis/_languages.html",
    "parvis/web/templates/parvis/display/",
    "parvis/web/templates/parvis/kiosk/",
    "parvis/web/templates/parvis/live/",
    "parvis/web/templates/parvis/public/",
    "parvis/web/templates/parvis/public_base.html",
    "parvis/web/templates/parvis/refused.html",
    "parvis/web/templates/staff/return_paper.html",
)

# What a form says by itself, where Django's own catalogue of a language does not: nobody falls back to French.
FRAMEWORK = {
    "ta": {
        "Enter a valid date.": "",
        "Enter a valid email address.": "",
        "Enter a number.": "",
        "Null characters are not allowed.": "",
        "Select a valid choice. %(value)s is not one of the available choices.": "",
        "Ensure this value is greater than or equal to %(limit_value)s.": "",
        "Ensure this value is less than or equal to %(limit_value)s.": "",
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).": (
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
        ),
    },
}

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text as the sources word it, in French."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Found:
    """Every text with the files that use it."""

    files: dict[Text, set[str]] = field(default_factory=dict)

    def add(self, text: Text, file: str) -> None:
        """Note one use of a text."""
        self.files.setdefault(text, set()).add(file)

    def wanted_in(self, language: str) -> dict[Text, set[str]]:
        """The texts a language must have."""
        if language == FULL_LANGUAGE:
            return self.files
        own = {Text(msgid, plural): {"django"} for msgid, plural in FRAMEWORK.get(language, {}).items()}
        return own | {text: files for text, files in self.files.items() if any(one.startswith(PUBLIC) for one in files)}


def collect() -> Found:
    """Every text of the product."""
    found = Found()
    for package in ("parvis", "config"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for text in in_python(path.read_text()):
                found.add(text, str(path.relative_to(ROOT)))
        for path in sorted((ROOT / package).rglob("templates/**/*.html")):
            for text in in_template(path):
                found.add(text, str(path.relative_to(ROOT)))
    return found


def in_python(source: str) -> Iterator[Text]:
    """The texts of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in SINGULAR and words:
            yield Text(words[0])
        elif name in PLURAL and len(words) == 2:
            yield Text(words[0], plural=words[1])
        elif name in WITH_CONTEXT and len(words) == 2:
            yield Text(words[1], context=words[0])


def in_template(path: Path) -> Iterator[Text]:
    """The texts of a template, read by the engine that will render it."""
    engine = Engine.get_default()
    template = Template(path.read_text(), origin=Origin(str(path)), name=path.name, engine=engine)
    for node in _nodes(template.nodelist):
        if isinstance(node, TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", None)
            if isinstance(literal, str):
                yield Text(literal, context=_context(node))
        elif isinstance(node, BlockTranslateNode):
            singular, _variables = node.render_token_list(node.singular)
            plural, _variables = node.render_token_list(node.plural) if node.plural else ("", [])
            yield Text(_trimmed(singular, node), _trimmed(plural, node), _context(node))


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return LOCALE / to_locale(language) / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages the texts are translated into: all that the settings offer, but the one they are written in."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def update(language: str, found: Found) -> polib.POFile:
    """The catalogue of a language with exactly the texts it must have; translations already made are kept."""
    path = path_of(language)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    kept = {Text(one.msgid, one.msgid_plural, one.msgctxt or ""): one for one in old if not one.obsolete}
    new = polib.POFile(wrapwidth=110)
    new.metadata = {
        "Project-Id-Version": "Parvis",
        "Language": to_locale(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for text, files in sorted(found.wanted_in(language).items(), key=lambda one: (min(one[1]), one[0])):
        entry = kept.get(text) or polib.POEntry(
            msgid=text.msgid, msgid_plural=text.plural, msgctxt=text.context or None
        )
        if text.plural and not entry.msgstr_plural:
            forms = int(new.metadata["Plural-Forms"].split("=")[1].split(";")[0])
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
        entry.occurrences = [(file, "") for file in sorted(files)]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        if "%(" in text.msgid:
            entry.flags.append("python-format")
        new.append(entry)
    return new


def _nodes(nodes: NodeList) -> Iterator[Node]:
    for node in nodes:
        yield from node.get_nodes_by_type(Node)


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(getattr(getattr(node.message_context, "var", None), "literal", "") or "")


def _trimmed(text: str, node: BlockTranslateNode) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines()) if node.trimmed else text
