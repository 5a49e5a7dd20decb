"""Every address of the portal. All of them need sign-in but the sign-in page itself and the health check."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from manuals import verification_views
from portal import health, uploads

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", uploads.image, name="uploaded_image"),
    path("healthz/", health.health, name="health"),
    path("still-correct/<int:pk>/", verification_views.still_correct, name="still_correct"),
    path("", include("portal.people.urls")),
    path("", include("portal.home.urls")),
    path("", include("search.urls")),
    path("", include("quizzes.urls")),
    path("training/", include("portal.training.urls")),
    path("verify/", include("portal.training.verify_urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("editions/", include("manuals.edition_urls")),
    path("remarks/", include("manuals.remark_urls")),
    path("", include("manuals.acknowledgement_urls")),
    # Wagtail's own addresses have no dots; the number of a minor edition has one.
    re_path(r"^((?:[\w\-]+/)+editions/\d+\.\d+/)$", serve, name="minor_edition"),
    path("", include(wagtail_urls)),
]
