"""Addresses of the editions of pages that were taken down or deleted."""

from django.urls import path

from manuals import edition_views

app_name = "editions"
urlpatterns = [
    path("", edition_views.gone, name="gone"),
    path("<int:page_id>/", edition_views.gone_history, name="history"),
    path("<int:page_id>/compare/", edition_views.gone_compare, name="compare"),
    path("<int:page_id>/<str:number>/", edition_views.gone_edition, name="edition"),
]
