"""The map. A plan's pages stand twice: bare for the main plan, under /ke-hoach/<slug>/ for any other."""

from django.contrib import admin
from django.urls import include, path

from cooperation import urls as cooperation
from enterprises import urls as enterprises
from portal import timeline, views
from programs import urls as programs

plan_patterns = [
    path("", views.home, name="home"),
    path("linh-vuc/<int:number>/", views.area_detail, name="area-detail"),
    path("dong-thoi-gian/", timeline.timeline, name="timeline"),
    *programs.plan_patterns,
    *enterprises.plan_patterns,
]

urlpatterns = [
    path("admin/", admin.site.urls),
    *cooperation.urlpatterns,
    *programs.urlpatterns,
    *enterprises.urlpatterns,
    *plan_patterns,
    path("ke-hoach/<slug:plan>/", include(plan_patterns)),
]
