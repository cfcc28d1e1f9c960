from django.urls import path

from programs import evidence, views

plan_patterns = [
    path("hoat-dong/", views.activity_list, name="activity-list"),
    path("hoat-dong/<slug:code>/", views.activity_detail, name="activity-detail"),
    path("chuong-trinh/", views.program_list, name="program-list"),
    path("chuong-trinh/<slug:code>/", views.program_detail, name="program-detail"),
]
urlpatterns = [
    path("co-quan/<slug:slug>/", views.agency_detail, name="agency-detail"),
    path("minh-chung/<uuid:uuid>/", evidence.evidence_file, name="evidence-file"),
]
