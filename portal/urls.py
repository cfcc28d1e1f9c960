"""The map. A plan's pages stand twice: bare for the main plan, under /ke-hoach/<slug>/ for any other."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView

from cooperation import urls as cooperation
from enterprises import urls as enterprises
from portal import timeline, views, work
from programs import urls as programs

plan_patterns = [
    path("", views.home, name="home"),
    path("linh-vuc/<int:number>/", views.area_detail, name="area-detail"),
    path("dong-thoi-gian/", timeline.timeline, name="timeline"),
    *programs.plan_patterns,
    *enterprises.plan_patterns,
]

urlpatterns = [
    path("viec-cua-toi/", work.my_work, name="my-work"),
    # One page changes the password: the one that checks the old one with the throttle.
    path("admin/password_change/", login_required(RedirectView.as_view(pattern_name="account-password"))),
    # Django's way to a record's public page knows no row scope: it leads nowhere (ScopedAdmin links itself).
    path("admin/r/<path:address>", RedirectView.as_view()),
    path("admin/", admin.site.urls),
    *cooperation.urlpatterns,
    *programs.urlpatterns,
    *enterprises.urlpatterns,
    *plan_patterns,
    path("ke-hoach/<slug:plan>/", include(plan_patterns)),
]
