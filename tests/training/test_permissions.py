"""Every address of the portal outside /admin/ is tried by everyone, and does what was decided about it, or is refused.

An address without a decision fails the first test. To mend it, decide: add a line below.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import get_page_models

from portal.people.positions import Position
from portal.training import calendar_address
from tests.training.world import World, make_world

pytestmark = pytest.mark.django_db

LEARNER = {"learner"}
SUPERVISORS = {Position.SUPERVISOR.value}
WRITERS = SUPERVISORS | {Position.SENIOR.value}
LEARNER_AND_WRITERS = WRITERS | LEARNER
EVERYONE = LEARNER_AND_WRITERS | {Position.CSR_1.value, Position.CSR_2.value}
ANYONE = EVERYONE | {"signed_out"}
NOBODY: set[str] = set()

Arguments = Callable[[World], list[Any]]


class Decision(NamedTuple):
    """Who may open an address, given what stands in it; `posts` where it is there to be posted to only, and what."""

    allowed: set[str]
    of: Arguments = lambda world: []
    posts: Callable[[World], dict[str, Any]] | None = None
    query: Callable[[World], str] = lambda world: ""


def nothing(world: World) -> dict[str, Any]:
    return {}


def enrolment(world: World) -> list[Any]:
    return [world.enrolment.pk]


def step(name: str) -> Arguments:
    return lambda world: [world.enrolment.pk, world.keys[name]]


ADDRESSES = {
    "health": Decision(ANYONE),
    "people:sign_in": Decision(ANYONE),
    "people:sign_out": Decision(EVERYONE, posts=nothing),
    "people:account": Decision(EVERYONE),
    "people:change_password": Decision(EVERYONE),
    "people:forgotten_password": Decision(ANYONE),
    "people:password_link_sent": Decision(ANYONE),
    "people:set_password": Decision(ANYONE, lambda world: ["MQ", "set-password"]),
    "home:front_page": Decision(EVERYONE),
    "uploaded_image": Decision(EVERYONE, lambda world: [world.image.file.name]),
    "wagtaildocs_serve": Decision(EVERYONE, lambda world: [world.document.pk, world.document.filename]),
    "wagtaildocs_authenticate_with_password": Decision(NOBODY, lambda world: [0], posts=nothing),
    "wagtailcore_authenticate_with_password": Decision(
        EVERYONE, lambda world: [world.restriction.pk, world.restriction.page_id], posts=nothing
    ),
    "wagtailcore_login": Decision(ANYONE),
    "wagtail_serve": Decision(EVERYONE, lambda world: [world.chapter.url.lstrip("/")]),
    "minor_edition": Decision(EVERYONE, lambda world: [f"{world.chapter.url.lstrip('/')}editions/1.1/"]),
    "search:answers": Decision(EVERYONE),
    "search:suggest": Decision(EVERYONE),
    "search:asked": Decision(EVERYONE),
    "search:open": Decision(EVERYONE, lambda world: [world.answer.pk]),
    "editions:gone": Decision(WRITERS),
    "editions:history": Decision(WRITERS, lambda world: [world.gone.pk]),
    "editions:compare": Decision(WRITERS, lambda world: [world.gone.pk]),
    "editions:edition": Decision(WRITERS, lambda world: [world.gone.pk, "1"]),
    "acknowledgements:mine": Decision(EVERYONE),
    "notifications:list": Decision(EVERYONE),
    "notifications:open": Decision(LEARNER, lambda world: [world.notification.pk]),
    "notifications:mark_read": Decision(EVERYONE, posts=nothing),
    "notifications:preferences": Decision(EVERYONE),
    "remarks:list": Decision(EVERYONE),
    "remarks:new": Decision(EVERYONE, query=lambda world: f"?page={world.chapter.pk}"),
    "remarks:remark": Decision(LEARNER_AND_WRITERS, lambda world: [world.remark.pk]),
    "still_correct": Decision(WRITERS, lambda world: [world.policy.pk]),
    "quizzes:start": Decision(EVERYONE, lambda world: [world.quiz.pk], posts=nothing),
    "quizzes:sitting": Decision(LEARNER, lambda world: [world.sitting.pk]),
    "quizzes:save_answer": Decision(LEARNER, lambda world: [world.sitting.pk, 1], posts=nothing),
    "quizzes:check_answer": Decision(LEARNER, lambda world: [world.sitting.pk, 1], posts=nothing),
    "quizzes:results": Decision(LEARNER_AND_WRITERS, lambda world: [world.attempt.pk]),
    "quizzes:knowledge_check": Decision(EVERYONE, lambda world: [world.question.pk], posts=nothing),
    "quizzes:marking": Decision(WRITERS),
    "quizzes:mark": Decision(WRITERS, lambda world: [world.essay]),
    "quizzes:preview": Decision(WRITERS, lambda world: [world.quiz.pk]),
    "training:mine": Decision(EVERYONE),
    "training:path": Decision(LEARNER_AND_WRITERS, enrolment),
    "training:read": Decision(
        LEARNER,
        lambda world: [world.chapter.pk],
        posts=lambda world: {"anchor": "count", "edition": world.chapter.edition.sequence},
    ),
    "training:changes": Decision(LEARNER, step("chapter")),
    "training:to_sign": Decision(SUPERVISORS),
    "training:sign": Decision(SUPERVISORS, lambda world: [world.learner.pk, world.task.pk]),
    "training:sign_off": Decision(LEARNER_AND_WRITERS, lambda world: [world.sign_off.pk]),
    "training:correct_sign_off": Decision(SUPERVISORS, lambda world: [world.sign_off.pk]),
    "training:records": Decision(LEARNER_AND_WRITERS, lambda world: [world.learner.pk]),
    "training:attend": Decision(SUPERVISORS, step("attend")),
    "training:attendance": Decision(LEARNER_AND_WRITERS, lambda world: [world.attendance.pk]),
    "training:correct_attendance": Decision(SUPERVISORS, lambda world: [world.attendance.pk]),
    "training:waive": Decision(SUPERVISORS, step("chapter")),
    "training:refresher": Decision(EVERYONE),
    "training:certificates": Decision(EVERYONE),
    "training:certificate": Decision(LEARNER_AND_WRITERS, lambda world: [world.certificate.pk]),
    "training:certificate_pdf": Decision(LEARNER_AND_WRITERS, lambda world: [world.certificate.pk]),
    "training:withdraw_certificate": Decision(SUPERVISORS, lambda world: [world.certificate.pk]),
    "training:reissue_certificate": Decision(SUPERVISORS, lambda world: [world.certificate.pk]),
    "verify:ask": Decision(ANYONE),
    "verify:check": Decision(ANYONE, lambda world: [world.certificate.code]),
    "training:team": Decision(WRITERS),
    "training:person": Decision(LEARNER_AND_WRITERS, lambda world: [world.learner.pk]),
    "training:readiness": Decision(EVERYONE),
    "training:readiness_of": Decision(LEARNER_AND_WRITERS, lambda world: [world.learner.pk]),
    "training:team_readiness": Decision(WRITERS),
    "training:enrol": Decision(SUPERVISORS),
    "training:enrol_file": Decision(SUPERVISORS),
    "training:enrolment": Decision(SUPERVISORS, enrolment),
    "training:calendar": Decision(EVERYONE),
    "training:calendar_feed": Decision(ANYONE, lambda world: [calendar_address.renew(world.learner).secret]),
}

# The addresses that pages have besides their own, by the names of their routes.
ROUTES = {
    "index_route": Decision(EVERYONE, lambda world: [""]),
    "print": Decision(EVERYONE, lambda world: ["print/"]),
    "editions": Decision(EVERYONE, lambda world: ["editions/"]),
    "compare_editions": Decision(EVERYONE, lambda world: ["editions/compare/"]),
    "edition": Decision(EVERYONE, lambda world: ["editions/1/"]),
    "acknowledge": Decision(EVERYONE, lambda world: ["acknowledge/"]),
}


def addresses() -> Iterator[str]:
    """Yield the name of every address outside /admin/; one without a name as its pattern."""
    waiting: list[tuple[Any, str, str]] = [(one, "", "") for one in get_resolver().url_patterns]
    for pattern, before, namespace in waiting:
        whole = f"{before}{pattern.pattern}"
        if whole.startswith("admin/"):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else whole
            continue
        inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
        waiting += [(one, whole, inside) for one in pattern.url_patterns]


def routes() -> set[str]:
    """Return the names of the routes of all kinds of pages."""
    models = [model for model in get_page_models() if hasattr(model, "get_subpage_urls")]
    return {str(route.name) for model in models for route in model.get_subpage_urls()}


def test_there_is_a_decision_about_every_address_and_about_nothing_else():
    assert set(addresses()) == set(ADDRESSES)
    assert routes() == set(ROUTES)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("actor", sorted(ANYONE))
def test_everyone_gets_where_it_was_decided_and_nowhere_else(world, actor):
    client = Client(raise_request_exception=False)
    if world.actors[actor]:
        client.force_login(world.actors[actor])
    wrong = []
    for name, url, decision in tried(world):
        got = outcome(send(client, url, world, decision))
        wanted = "opened" if actor in decision.allowed else "sign in" if actor == "signed_out" else "refused"
        # Whoever may not look at it may not post to it either; an address that takes no posts says so (405).
        posted = outcome(keep_nothing(client, "post", url)) if wanted != "opened" else wanted
        if got != wanted or posted not in (wanted, "405"):
            wrong.append(f"{name}: wanted {wanted}, got {got}, posted {posted} ({url})")
    assert wrong == []


def tried(world: World) -> Iterator[tuple[str, str, Decision]]:
    """Yield every address with what was decided about it."""
    for name, decision in ADDRESSES.items():
        yield name, reverse(name, args=decision.of(world)) + decision.query(world), decision
    for name, decision in ROUTES.items():
        page = world.chapter.get_parent() if name == "print" else world.policy
        yield name, page.get_url() + decision.of(world)[0], decision


def send(client: Client, url: str, world: World, decision: Decision) -> HttpResponse:
    """Ask for an address as it is there to be asked for, and have everything as it was afterwards."""
    if decision.posts is None:
        return keep_nothing(client, "get", url)
    return keep_nothing(client, "post", url, decision.posts(world))


def keep_nothing(client: Client, method: str, *arguments: Any) -> HttpResponse:
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method)(*arguments)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def outcome(response: HttpResponse) -> str:
    """Return what came of a request in a word or two."""
    if response.status_code == 302 and "/sign-in/?next=" in response["Location"]:
        return "sign in"
    if response.status_code in (403, 404):
        return "refused"
    return "opened" if response.status_code < 400 else str(response.status_code)
