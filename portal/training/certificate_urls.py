"""Addresses of certificates."""

from django.urls import path

from portal.training import certificate_views as views

urlpatterns = [
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/<int:pk>/", views.certificate, name="certificate"),
    path("certificates/<int:pk>/pdf/", views.certificate_as_pdf, name="certificate_pdf"),
    path("certificates/<int:pk>/withdraw/", views.withdraw, name="withdraw_certificate"),
    path("certificates/<int:pk>/issue-again/", views.issue_again, name="reissue_certificate"),
]
