"""Addresses of sign-offs, attendances and waivers."""

from django.urls import path

from portal.training import attending_views, signing_views, waiving_views

urlpatterns = [
    path("sign-offs/", signing_views.to_sign, name="to_sign"),
    path("sign/<int:person_pk>/<int:task_pk>/", signing_views.sign, name="sign"),
    path("sign-offs/<int:pk>/", signing_views.sign_off, name="sign_off"),
    path("sign-offs/<int:pk>/correct/", signing_views.correct, name="correct_sign_off"),
    path("records/<int:person_pk>/", signing_views.records, name="records"),
    path("attend/<int:pk>/<uuid:key>/", attending_views.attend, name="attend"),
    path("attendances/<int:pk>/", attending_views.attendance, name="attendance"),
    path("attendances/<int:pk>/correct/", attending_views.correct, name="correct_attendance"),
    path("waive/<int:pk>/<uuid:key>/", waiving_views.waive, name="waive"),
]
