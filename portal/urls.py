"""The map. A plan's pages stand twice: bare for the main plan, under /ke-hoach/<slug>/ for any other."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.generic import RedirectView

from cooperation import urls as cooperation
from enterprises import urls as enterprises
from portal import sharing, sitemaps, timeline, views, work
from portal.board import rows as board_rows
from portal.board import views as board
from portal.board.asking import ask_at_once
from portal.method.views import method
from portal.opendata import views as opendata
from portal.search.views import search
from programs import urls as programs

plan_patterns = [
    path("", views.home, name="home"),
    path("linh-vuc/<int:number>/", views.area_detail, name="area-detail"),
    path("linh-vuc/<int:number>/anh-chia-se.png", sharing.share_picture, name="share-picture"),
    path("anh-chia-se.png", sharing.share_picture, name="share-picture"),
    path("dong-thoi-gian/", timeline.timeline, name="timeline"),
    path("lanh-dao/", board.board, name="board"),
    path("lanh-dao/hoat-dong/", board_rows.board_activities, name="board-activities"),
    path("lanh-dao/ban-ghi-nho/", board_rows.board_memoranda, name="board-memoranda"),
    path("lanh-dao/hoi/", ask_at_once, name="board-ask"),
    path("du-lieu-mo/", opendata.open_data, name="open-data"),
    path("du-lieu-mo/<slug:ten>.csv", opendata.open_data_file, name="open-data-file"),
    *programs.plan_patterns,
    *enterprises.plan_patterns,
]

urlpatterns = [
    path("cach-tinh/", method, name="method"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemap_index, sitemaps.INDEX, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": sitemaps.SITEMAPS}, name="sitemap-section"),
    path("viec-cua-toi/", work.my_work, name="my-work"),
    path("tim/", search, name="search"),
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
