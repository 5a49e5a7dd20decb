"""The nouns of the library, one module each."""

from manuals.models.answers import (
    AnswerIndexPage,
    AnswerPage,
    AnswerPolicySection,
    AnswerTag,
    Wording,
)
from manuals.models.home import HomePage
from manuals.models.job_function import JobFunction
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
    "AnswerIndexPage",
    "AnswerPage",
    "AnswerPolicySection",
    "AnswerTag",
    "ChapterPage",
    "ChapterTag",
    "HomePage",
    "JobFunction",
    "ManualIndexPage",
    "ManualPage",
    "ManualTag",
    "PolicyIndexPage",
    "PolicyPage",
    "PolicyTag",
    "Section",
    "Wording",
    "with_extent",
]
