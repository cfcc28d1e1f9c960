from django.urls import path

from programs import agency_report_page, views
from programs.changes.feed import changes_feed
from programs.changes.views import changes_csv, changes_page
from programs.evidence.views import evidence_file
from programs.explanations import views as explanations
from programs.periods import views as periods
from programs.reporting import answer_views as answers
from programs.reporting import views as reporting

plan_patterns = [
    path("hoat-dong/", views.activity_list, name="activity-list"),
    path("hoat-dong/<slug:code>/", views.activity_detail, name="activity-detail"),
    path("bao-cao/don-vi/", agency_report_page.agency_report_page, name="agency-report"),
    path("chuong-trinh/", views.program_list, name="program-list"),
    path("chuong-trinh/<slug:code>/", views.program_detail, name="program-detail"),
    path("so-lieu-chot/", periods.sealed_list, name="sealed-list"),
    path("thay-doi/", changes_page, name="changes"),
    path("thay-doi/nguon.atom", changes_feed, name="changes-feed"),
    path("thay-doi/so-lieu.csv", changes_csv, name="changes-csv"),
]
urlpatterns = [
    path("ky-bao-cao/<int:pk>/", periods.period_detail, name="period-detail"),
    path("so-lieu-chot/<int:pk>/", periods.sealed_period, name="sealed-period"),
    path("so-lieu-chot/<int:pk>/so-lieu.json", periods.sealed_content, name="sealed-content"),
    path("so-lieu-chot/<int:pk>/so-lieu.csv", periods.sealed_csv, name="sealed-csv"),
    path("co-quan/<slug:slug>/", views.agency_detail, name="agency-detail"),
    path("minh-chung/<uuid:uuid>/", evidence_file, name="evidence-file"),
    path("bao-cao/hoat-dong/<slug:code>/", reporting.report_write, name="report-write"),
    path("xac-nhan/hoat-dong/<slug:code>/", answers.completion_answer, name="completion-answer"),
    path("duyet/", reporting.report_queue, name="report-queue"),
    path("duyet/<int:pk>/", reporting.report_review, name="report-review"),
    path("giai-trinh/", explanations.explanation_list, name="explanation-list"),
    path("giai-trinh/<int:pk>/", explanations.explanation_detail, name="explanation-detail"),
    path(
        "giai-trinh/hoat-dong/<slug:code>/", explanations.ask_about_activity, name="explanation-ask-activity"
    ),
    path("giai-trinh/linh-vuc/<int:pk>/", explanations.ask_about_area, name="explanation-ask-area"),
]
