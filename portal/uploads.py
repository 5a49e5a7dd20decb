"""Uploaded images, for people who are signed in.

Documents are not among them: Wagtail's own view serves those, and minds the privacy of their collection.
"""

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

# Where Wagtail keeps images as uploaded, as resized, and the pictures of people.
IMAGE_FOLDERS = {"original_images", "images", "avatar_images"}


@require_safe
@cache_control(private=True, max_age=3600)
def image(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return the image file at this path under MEDIA_ROOT. Raises `Http404` for any other file, and for folders."""
    folder, _, name = posixpath.normpath(path).partition("/")
    if folder not in IMAGE_FOLDERS or not name:
        raise Http404
    return serve(request, path, document_root=str(settings.MEDIA_ROOT))
