"""Every address of the portal. All of them need sign-in but the sign-in page itself and the health check."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal import health, uploads

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", uploads.image, name="uploaded_image"),
    path("healthz/", health.health, name="health"),
    path("", include("portal.people.urls")),
    path("", include("portal.home.urls")),
    path("", include("search.urls")),
    path("", include("quizzes.urls")),
    path("", include(wagtail_urls)),
]
