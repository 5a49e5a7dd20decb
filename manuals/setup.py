"""What a portal needs before anyone can use it: the fixed pages, what each position may do, and the review workflow."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from manuals import editions, tree
from manuals.signals import portal_set_up
from portal.people.positions import Position, ensure_groups

WORKFLOW_NAME = "Content review"

# Pages: what a position may do with everything under Home.
PAGE_PERMISSIONS = {
    Position.SENIOR: ["add_page", "change_page"],
    Position.SUPERVISOR: [
        "add_page",
        "change_page",
        "publish_page",
        "lock_page",
        "unlock_page",
        "bulk_delete_page",
    ],
}
# Images and documents: what a position may do with every file.
FILE_PERMISSIONS = [
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
]
# Everything else, as app label and codename.
MODEL_PERMISSIONS = {
    Position.SENIOR: [
        ("wagtailadmin", "access_admin"),
        ("manuals", "view_jobfunction"),
        ("people", "view_holiday"),
        ("taggit", "view_tag"),
    ],
    Position.SUPERVISOR: [
        ("wagtailadmin", "access_admin"),
        ("manuals", "view_jobfunction"),
        ("manuals", "add_jobfunction"),
        ("manuals", "change_jobfunction"),
        ("people", "view_user"),
        ("people", "add_user"),
        ("people", "change_user"),
        ("people", "view_holiday"),
        ("people", "add_holiday"),
        ("people", "change_holiday"),
        ("people", "delete_holiday"),
        ("manuals", "change_acknowledgementsettings"),
        ("taggit", "view_tag"),
        ("wagtailsearchpromotions", "add_searchpromotion"),
        ("wagtailsearchpromotions", "change_searchpromotion"),
        ("wagtailsearchpromotions", "delete_searchpromotion"),
    ],
}


@transaction.atomic
def ensure() -> None:
    """Make whatever of it is missing. Safe to run again: it adds, and takes away nothing that a city has added.

    Needs migrated tables.
    """
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    home = tree.ensure()
    groups = ensure_groups()
    for position, codenames in PAGE_PERMISSIONS.items():
        _allow_pages(groups[position], home, codenames)
        _allow_files(groups[position])
    for position, permissions in MODEL_PERMISSIONS.items():
        for app_label, codename in permissions:
            groups[position].permissions.add(
                Permission.objects.get(content_type__app_label=app_label, codename=codename)
            )
    _ensure_workflow(home, groups[Position.SUPERVISOR])
    editions.ensure_first()
    portal_set_up.send(Workflow, home=home, workflow=Workflow.objects.get(workflow_pages__page=home))


def _allow_pages(group: Group, page: Page, codenames: list[str]) -> None:
    """Give a group permissions on a page and all under it."""
    for codename in codenames:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _allow_files(group: Group) -> None:
    """Let a group upload, change and choose images and documents."""
    root = Collection.get_first_root_node()
    for codename in FILE_PERMISSIONS:
        permission = Permission.objects.get(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename=codename
        )
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _ensure_workflow(home: Page, approvers: Group) -> None:
    """Put the review on the whole library: drafted by a Senior CSR, approved by a Supervisor."""
    if WorkflowPage.objects.filter(page=home).exists():
        return
    _remove_wagtail_examples()
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW_NAME)
    task = GroupApprovalTask.objects.filter(name="Approval by a Supervisor").first()
    if task is None:
        task = GroupApprovalTask.objects.create(name="Approval by a Supervisor")
        task.groups.add(approvers)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.create(workflow=workflow, page=home)


def _remove_wagtail_examples() -> None:
    """Take away the two groups and the workflow that come with Wagtail, while nobody uses them."""
    Workflow.objects.filter(name="Moderators approval", workflow_states__isnull=True).delete()
    Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True).delete()
