"""The nouns of the library, one module each."""

from manuals.models.acknowledgement import (
    Acknowledgement,
    AcknowledgementSettings,
    Exemption,
    Method,
    ReadAs,
)
from manuals.models.answers import (
    AnswerIndexPage,
    AnswerPage,
    AnswerPolicySection,
    AnswerTag,
    Wording,
)
from manuals.models.edition import DatedText, Edition, EditionKind, Withdrawal
from manuals.models.editioned_page import EditionedPage
from manuals.models.home import HomePage
from manuals.models.job_function import JobFunction
from manuals.models.keeping import Remark, Verification
from manuals.models.manuals import (
    ChapterPage,
    ChapterTag,
    ManualIndexPage,
    ManualPage,
    ManualTag,
    with_extent,
)
from manuals.models.policies import PolicyIndexPage, PolicyPage, PolicyTag
from manuals.models.section import Section

__all__ = [
    "Acknowledgement",
    "AcknowledgementSettings",
    "AnswerIndexPage",
    "AnswerPage",
    "AnswerPolicySection",
    "AnswerTag",
    "ChapterPage",
    "ChapterTag",
    "DatedText",
    "Edition",
    "EditionKind",
    "EditionedPage",
    "Exemption",
    "HomePage",
    "JobFunction",
    "ManualIndexPage",
    "ManualPage",
    "ManualTag",
    "Method",
    "PolicyIndexPage",
    "PolicyPage",
    "PolicyTag",
    "ReadAs",
    "Remark",
    "Section",
    "Verification",
    "Withdrawal",
    "Wording",
    "with_extent",
]
