"""The library as lists to look through."""

from manuals.models import AnswerPage, AnswerPolicySection, PolicyPage


def answers_by_policy() -> list[tuple[str, list[AnswerPage]]]:
    """Return the published answers under the policy that each rests on first, in the order of the policies' codes.

    Answers without one come last, under "Other". Three queries, however many there are.
    """
    links = AnswerPolicySection.objects.order_by("-sort_order").values_list("answer_id", "section__page_id")
    first_policy = dict(links)
    groups: dict[int | None, list[AnswerPage]] = {}
    for answer in AnswerPage.objects.live().order_by("title").defer_streamfields():
        groups.setdefault(first_policy.get(answer.pk), []).append(answer)
    policies = dict(PolicyPage.objects.order_by("code").values_list("pk", "title"))
    found = [(title, groups.pop(key)) for key, title in policies.items() if key in groups]
    other = sorted((answer for left in groups.values() for answer in left), key=lambda answer: answer.title)
    return [*found, *([("Other", other)] if other else [])]
