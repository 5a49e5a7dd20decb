"""Looking up answers and policies by words, through Wagtail's search."""

import re

from manuals.models import AnswerIndexPage, AnswerPage, AnswerPolicySection, PolicyPage

LIMIT = 20
MAX_CHARACTERS = 500
WORD = re.compile(r"\w+(?:['’-]\w+)*")


def find(query: str) -> tuple[list[AnswerPage], list[PolicyPage]]:
    """Return the published answers and policies that have any of the words, best first, at most 20 of each."""
    # Words only: quotes and control characters are nothing anyone asks with, and databases choke on some.
    query = " ".join(WORD.findall(query[:MAX_CHARACTERS]))
    if not query:
        return [], []
    answers = AnswerPage.objects.live().search(query, operator="or")[:LIMIT]
    policies = PolicyPage.objects.live().defer_streamfields().search(query, operator="or")[:LIMIT]
    return list(answers), list(policies)


def answers_by_policy(index: AnswerIndexPage) -> list[tuple[str, list[AnswerPage]]]:
    """Return the published answers under the policy that each rests on first, in the order of the policies' codes.

    Answers without one come last, under "Other". Three queries, however many there are.
    """
    links = AnswerPolicySection.objects.order_by("-sort_order").values_list("answer_id", "section__page_id")
    first_policy = dict(links)
    groups: dict[int | None, list[AnswerPage]] = {}
    for answer in AnswerPage.objects.child_of(index).live().order_by("title").defer_streamfields():
        groups.setdefault(first_policy.get(answer.pk), []).append(answer)
    policies = dict(PolicyPage.objects.order_by("code").values_list("pk", "title"))
    found = [(title, groups.pop(key)) for key, title in policies.items() if key in groups]
    other = sorted((answer for left in groups.values() for answer in left), key=lambda answer: answer.title)
    return [*found, *([("Other", other)] if other else [])]
