"""Addresses of the answer search."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("answers/", views.call_mode, name="answers"),
    path("answers/suggest/", views.suggest, name="suggest"),
    path("answers/asked/", views.asked, name="asked"),
    path("answers/open/<int:pk>/", views.open_result, name="open"),
]
