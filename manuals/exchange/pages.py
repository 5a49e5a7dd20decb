"""A page as a file's text, and a file's contents as a page's fields.

The two are each other's reverse: a page written, read and written again gives the same text. So what an import changes
is told by comparing texts.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from manuals.exchange import body, directives, front_matter, grammar, schema
from manuals.exchange.folder import ContentFile
from manuals.exchange.references import References
from manuals.models import (
    AnswerPage,
    AnswerPolicySection,
    ChapterPage,
    EditionedPage,
    JobFunction,
    ManualPage,
    PolicyPage,
    Wording,
)
from manuals.models.editioned_page import ACKNOWLEDGE_WITHIN
from portal.people.models import User
from portal.people.positions import Position

LibraryPage = ManualPage | ChapterPage | PolicyPage | AnswerPage
MODELS: dict[str, type[LibraryPage]] = {
    "manual": ManualPage,
    "chapter": ChapterPage,
    "policy": PolicyPage,
    "answer": AnswerPage,
}
KINDS = {model: kind for kind, model in MODELS.items()}
# Fields of a page that hold the text or date of the key with the same name.
PLAIN = {
    *("title", "introduction", "summary", "code", "rule", "source", "source_url", "effective_date", "who_decides"),
    *("question_es", "short_answer", "short_answer_es", "refer_to", "review_by"),
}


@dataclass
class Known:
    """What files name and pages hold by key: job functions, groups, people, references."""

    references: References

    @cached_property
    def job_functions(self) -> dict[str, JobFunction]:
        """Job functions by slug, in their order."""
        return {function.slug: function for function in JobFunction.objects.all()}

    @cached_property
    def groups(self) -> dict[str, Group]:
        """The group of each position."""
        groups = {group.name: group for group in Group.objects.filter(name__in=Position.labels)}
        return {position.value: groups[position.label] for position in Position if position.label in groups}

    @cached_property
    def people(self) -> dict[str, User]:
        """People by username in lower case."""
        return {person.username.casefold(): person for person in User.objects.all()}


def write(page: LibraryPage, known: Known) -> str:
    """Return the text of a page's file."""
    positions = {group.pk: position for position, group in known.groups.items()}
    functions = {function.pk for function in page.job_functions.all()}
    audience = {positions.get(group.pk) for group in page.audience.all()}
    values: dict[str, Any] = {
        "tags": sorted(tag.name for tag in page.tags.all()),
        "job_functions": [slug for slug, function in known.job_functions.items() if function.pk in functions],
        "audience": [position for position in schema.POSITIONS if position in audience],
        "owner": page.owner.username if page.owner else "",
    }
    if isinstance(page, EditionedPage):
        by = {positions.get(group.pk) for group in page.acknowledged_by.all()}
        values["acknowledged_by"] = [position for position in schema.POSITIONS if position in by]
        values["acknowledge_within"] = page.acknowledge_within if by else None
    if isinstance(page, AnswerPage):
        values["also_asked_as"] = [" ".join(wording.text.split()) for wording in page.also_asked_as.all()]
        values["policies"] = [known.references.section_name(link.section_id) for link in page.policy_sections.all()]
    written = {}
    for key in schema.KEYS[KINDS[type(page)]]:
        value = getattr(page, key.name) if key.name in PLAIN else values[key.name]
        if isinstance(value, str):
            value = front_matter.as_text(grammar.trimmed(value))
        written[key.name] = value
    return front_matter.write(written, _write_body(page, known.references))


def _write_body(page: LibraryPage, references: References) -> str:
    """Return what stands below the front matter."""
    if isinstance(page, ManualPage):
        return ""
    if not isinstance(page, AnswerPage):
        return body.write(page.body, references)
    parts = [
        f"## {heading}\n\n{grammar.escape(grammar.trimmed(script))}"
        for heading, script in zip(grammar.LANGUAGES.values(), (page.script_en, page.script_es), strict=True)
        if script.strip()
    ]
    if page.steps:
        parts.append(f"## {grammar.STEPS}\n\n{grammar.write_list([step.value for step in page.steps])}")
    return "\n\n".join(parts)


def fill(page: LibraryPage, file: ContentFile, known: Known) -> None:
    """Give a page what its file says. Adds the file's errors, those that the editor would find included."""
    values = schema.checked(file.kind, file.front, file.errors)
    for name in PLAIN & values.keys():
        setattr(page, name, values[name])
    page.draft_title = page.title
    page.slug = file.slug
    page.owner = _owner(values["owner"], file, known)
    page.job_functions = [f for f in _functions(values["job_functions"], file, known) if f]
    page.audience = [known.groups[position] for position in values["audience"] if position in known.groups]
    page.tags.set(values["tags"])
    if isinstance(page, EditionedPage):
        page.acknowledged_by = [known.groups[one] for one in values["acknowledged_by"] if one in known.groups]
        page.acknowledge_within = values["acknowledge_within"] or ACKNOWLEDGE_WITHIN
    if isinstance(page, AnswerPage):
        _fill_answer(page, values, file, known)
    elif not isinstance(page, ManualPage):
        _fill_body(page, file, known)
    elif file.front.body.strip():
        file.errors.add(
            file.front.body_line, "A manual's text is its introduction; everything else goes into chapters."
        )
    if not file.errors.found:
        _check(page, file)


def _owner(username: str, file: ContentFile, known: Known) -> User | None:
    person = known.people.get(username.casefold())
    if username and person is None:
        file.errors.add(
            file.front.line_of("owner"),
            f"There is no person with the username “{username}”: import the staff first.",
        )
    return person


def _functions(slugs: list[str], file: ContentFile, known: Known) -> list[JobFunction | None]:
    for place, slug in enumerate(slugs):
        if slug not in known.job_functions:
            file.errors.add(
                file.front.line_of("job_functions", place),
                f"“{slug}” is not a job function of job-functions.md.",
            )
    return [known.job_functions.get(slug) for slug in slugs]


def _fill_body(page: ChapterPage | PolicyPage, file: ContentFile, known: Known) -> None:
    """Read the sections of a chapter or policy."""
    before = page.body
    sections = body.split(file.front.body, file.front.body_line, file.errors)
    if not sections and not file.errors.found:
        file.errors.add(file.front.body_line, "There is no section: start one with “## Heading {#address}”.")
    raw = body.read(sections, known.references, file.errors)
    if file.errors.found:
        return
    page.body = raw
    body.keep_identities(before, page.body, known.references)
    body.check(page.body, sections, file.errors)


def _fill_answer(page: AnswerPage, values: dict[str, Any], file: ContentFile, known: Known) -> None:
    """Read what an answer has besides plain fields."""
    names = []
    for place, name in enumerate(values["policies"]):
        key = known.references.section(name)
        if key is None:
            file.errors.add(
                file.front.line_of("policies", place),
                f"There is no policy section “{name}”. Write it as policy-slug#section-address.",
            )
        else:
            names.append(key)
    page.also_asked_as = [Wording(text=text, sort_order=n) for n, text in enumerate(values["also_asked_as"])]
    page.policy_sections = [AnswerPolicySection(section_id=key, sort_order=n) for n, key in enumerate(names)]
    parts = _parts(file)
    page.script_en = parts.get(grammar.LANGUAGES["en"], "")
    page.script_es = parts.get(grammar.LANGUAGES["es"], "")
    steps, _ = grammar.read_list(parts.get(grammar.STEPS, "").split("\n"))
    before = [(step.value, step.id) for step in page.steps or []]
    page.steps = [{"type": "step", "value": step} for step in steps]
    for (_, identity), step in zip(before, page.steps, strict=False):
        step.id = identity


def _parts(file: ContentFile) -> dict[str, str]:
    """Return what stands under each heading of an answer's body."""
    known = [*grammar.LANGUAGES.values(), grammar.STEPS]
    found: dict[str, str] = {}
    last = -1
    for section in body.split(file.front.body, file.front.body_line, file.errors):
        if section.heading not in known:
            file.errors.add(
                section.line, f"“{section.heading}” is not a heading of an answer. Known: {', '.join(known)}."
            )
            continue
        if known.index(section.heading) <= last:
            file.errors.add(section.line, f"The headings stand once each, in this order: {', '.join(known)}.")
        last = known.index(section.heading)
        text = directives.text_of(section.lines)
        if section.heading == grammar.STEPS:
            steps, stray = grammar.read_list(section.lines)
            if stray is not None:
                file.errors.add(section.line + stray + 1, "Steps are a numbered list: write this as “1. …”.")
            elif not steps or not all(steps):
                file.errors.add(section.line, "There is no step here, or one of them is empty.")
            text = "\n".join(section.lines)
        found[section.heading] = text
    if grammar.LANGUAGES["en"] not in found and not file.errors.found:
        file.errors.add(file.front.body_line, f"The heading “## {grammar.LANGUAGES['en']}” is missing.")
    return found


def _check(page: LibraryPage, file: ContentFile) -> None:
    """Add what the models refuse, each on the line of its key."""
    tree_fields = {"path", "depth", "url_path", "content_type", "locale", "body", "steps"}
    errors: dict[str, list[str]] = {}
    checks = (
        lambda: page.clean_fields(exclude=tree_fields),
        page.clean,
        lambda: page.validate_unique(exclude=tree_fields),
        page.validate_constraints,
    )
    for check in checks:
        try:
            check()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                errors.setdefault(name, []).extend(messages)
    if isinstance(page, AnswerPage):
        for place, wording in enumerate(page.also_asked_as.all()):
            try:
                wording.clean_fields(exclude={"answer"})
            except ValidationError as error:
                file.errors.add(file.front.line_of("also_asked_as", place), " ".join(error.messages))
    for name, messages in errors.items():
        file.errors.add(file.front.line_of(name), f"“{name}”: {' '.join(dict.fromkeys(messages))}")
