"""The blocks that chapters and policies are made of.

A body is a stream of sections, and each section a stream of the blocks below. A section's block id is its permanent
address: it survives editing and reordering, and everything that points into a page points at it.
"""

from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from manuals import markdown
from manuals.chooser import PolicySectionChooserBlock
from manuals.question_chooser import QuestionChooserBlock

RICH_TEXT_FEATURES = [
    "bold",
    "italic",
    "h3",
    "h4",
    "ol",
    "ul",
    "link",
    "document-link",
    "superscript",
    "subscript",
]
INLINE_HELP = "**bold**, *italic* and [links](https://…) as in Markdown. [[$30.00]] marks a sample value."


class MarkdownBlock(blocks.TextBlock):
    """Prose written in Markdown, cleaned when it is shown."""

    class Meta:
        icon = "code"
        label = "Markdown text"
        group = "Text"
        template = "manuals/blocks/markdown.html"
        help_text = "Markdown: lists, tables, **bold**. [[$30.00]] marks a sample value."

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add `html`, the rendered and cleaned text."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["html"] = markdown.render(value)
        return context


class ProcedureBlock(blocks.StructBlock):
    """Numbered steps, done in order."""

    title = blocks.CharBlock(required=False, max_length=150)
    steps = blocks.ListBlock(blocks.TextBlock(rows=2, label="Step", help_text=INLINE_HELP), min_num=1)

    class Meta:
        icon = "list-ol"
        label = "Procedure"
        group = "Work"
        template = "manuals/blocks/procedure.html"


class SayBlock(blocks.StructBlock):
    """Words to read out loud to a customer."""

    language = blocks.ChoiceBlock(choices=[("en", "English"), ("es", "Spanish")], default="en")
    text = blocks.TextBlock(rows=3, help_text="Write it as you would say it. An empty line starts a new paragraph.")

    class Meta:
        icon = "openquote"
        label = "Say this"
        group = "Work"
        template = "manuals/blocks/say.html"


class NoticeBlock(blocks.StructBlock):
    """A warning or a tip."""

    title = blocks.CharBlock(required=False, max_length=150)
    text = blocks.TextBlock(rows=3, help_text=INLINE_HELP)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add `html`, the rendered and cleaned text."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["html"] = markdown.render(value["text"])
        return context


class WarningBlock(NoticeBlock):
    """Something that does harm if it is missed."""

    class Meta:
        icon = "warning"
        label = "Warning"
        group = "Text"
        template = "manuals/blocks/warning.html"


class TipBlock(NoticeBlock):
    """Something that helps."""

    class Meta:
        icon = "info-circle"
        label = "Tip"
        group = "Text"
        template = "manuals/blocks/tip.html"


class RateTableBlock(TypedTableBlock):
    """A table of fees, rates or days, with a caption."""

    text = blocks.CharBlock(required=False)

    class Meta:
        icon = "table"
        label = "Fee or rate table"
        group = "Work"
        template = "manuals/blocks/table.html"


class CaseBlock(blocks.StructBlock):
    """One branch of a decision."""

    condition = blocks.CharBlock(label="If", max_length=400, help_text=INLINE_HELP)
    action = blocks.TextBlock(label="Then", rows=2, help_text=INLINE_HELP)

    class Meta:
        icon = "arrow-right"
        label = "Case"


class DecisionBlock(blocks.StructBlock):
    """A question, and what to do for each answer to it."""

    question = blocks.CharBlock(max_length=250)
    cases = blocks.ListBlock(CaseBlock(), min_num=2)

    class Meta:
        icon = "help"
        label = "If … then"
        group = "Work"
        template = "manuals/blocks/decision.html"


class PolicyLinkBlock(blocks.StructBlock):
    """A link to a section of a policy, chosen and not pasted, so that it follows the section wherever it moves."""

    section = PolicySectionChooserBlock()
    note = blocks.CharBlock(required=False, max_length=250, help_text="Why it matters here.")

    class Meta:
        icon = "link"
        label = "Policy section"
        group = "Links and files"
        template = "manuals/blocks/policy_link.html"


class PictureBlock(blocks.StructBlock):
    """An image with its description and caption."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=250)

    class Meta:
        icon = "image"
        label = "Image"
        group = "Links and files"
        template = "manuals/blocks/image.html"


class DocumentBlock(blocks.StructBlock):
    """A file to open or download."""

    document = DocumentChooserBlock()
    title = blocks.CharBlock(required=False, max_length=150, help_text="Shown in place of the document's own title.")

    class Meta:
        icon = "doc-full"
        label = "Document"
        group = "Links and files"
        template = "manuals/blocks/document.html"


class KnowledgeCheckBlock(QuestionChooserBlock):
    """A question to answer on the spot: marked at once, recorded nowhere."""

    class Meta:
        label = "Knowledge check"
        group = "Work"
        template = "manuals/blocks/knowledge_check.html"
        description = "A question to answer on the spot. Readers are told at once how they did, and it does not count."


class SectionContentBlock(blocks.StreamBlock):
    """What may stand inside a section."""

    markdown = MarkdownBlock(rows=8)
    rich_text = blocks.RichTextBlock(
        features=RICH_TEXT_FEATURES, label="Rich text", group="Text", template="manuals/blocks/rich_text.html"
    )
    procedure = ProcedureBlock()
    say = SayBlock()
    warning = WarningBlock()
    tip = TipBlock()
    table = RateTableBlock()
    decision = DecisionBlock()
    policy = PolicyLinkBlock()
    image = PictureBlock()
    document = DocumentBlock()
    knowledge_check = KnowledgeCheckBlock(
        help_text="Readers see it while its question is published and not retired. It is left out in print."
    )


class SectionBlock(blocks.StructBlock):
    """A section: a heading and what stands under it."""

    heading = blocks.CharBlock(max_length=150, form_classname="title")
    content = SectionContentBlock()

    class Meta:
        icon = "title"
        label = "Section"
        label_format = "{heading}"
        template = "manuals/blocks/section.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a chapter or a policy: a run of sections."""

    section = SectionBlock()

    class Meta:
        block_counts = {"section": {"min_num": 1}}


class StepsBlock(blocks.StreamBlock):
    """The steps of an answer, in order."""

    step = blocks.TextBlock(rows=2, label="Step", icon="list-ol", help_text=INLINE_HELP)

    class Meta:
        required = False
