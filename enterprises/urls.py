from django.urls import path

from enterprises import views

plan_patterns = [
    path("ban-ghi-nho/", views.mou_list, name="mou-list"),
    path("ban-ghi-nho/<int:pk>/", views.mou_detail, name="mou-detail"),
    path("doanh-nghiep/", views.enterprise_list, name="enterprise-list"),
]
urlpatterns = [
    path("doanh-nghiep/<int:pk>-<slug:slug>/", views.enterprise_detail, name="enterprise-detail"),
]
