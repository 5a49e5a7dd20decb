"""Addresses of quizzes; the quizzes themselves are pages."""

from django.urls import path

from quizzes import knowledge_checks, marking_views, preview_views, views

app_name = "quizzes"
urlpatterns = [
    path("attempts/start/<int:pk>/", views.start, name="start"),
    path("attempts/<uuid:pk>/", views.sitting, name="sitting"),
    path("attempts/<uuid:pk>/answers/<int:place>/", views.save_answer, name="save_answer"),
    path("attempts/<uuid:pk>/answers/<int:place>/check/", views.check_answer, name="check_answer"),
    path("attempts/<uuid:pk>/results/", views.results, name="results"),
    path("knowledge-checks/<uuid:pk>/", knowledge_checks.check, name="knowledge_check"),
    path("marking/", marking_views.queue, name="marking"),
    path("marking/<int:pk>/", marking_views.mark, name="mark"),
    path("quiz-preview/<int:pk>/", preview_views.preview, name="preview"),
]
