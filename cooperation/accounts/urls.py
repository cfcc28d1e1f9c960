from django.urls import path

from cooperation.accounts import views

urlpatterns = [
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/mat-khau/", views.password, name="account-password"),
    path("tai-khoan/xac-thuc/", views.verify, name="account-verify"),
    path("tai-khoan/xac-thuc/cai-dat/", views.setup, name="account-second-factor"),
]
