"""Addresses of remarks."""

from django.urls import path

from manuals import remark_views

app_name = "remarks"
urlpatterns = [
    path("", remark_views.listing, name="list"),
    path("new/", remark_views.new, name="new"),
    path("<int:pk>/", remark_views.remark, name="remark"),
]
