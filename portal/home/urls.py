"""Addresses of the front page and of uploaded files."""

from django.urls import path

from portal.home import views

app_name = "home"
urlpatterns = [
    path("", views.front_page, name="front_page"),
]
