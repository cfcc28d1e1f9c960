from django.urls import path

from cooperation import views
from cooperation.accounts import urls as accounts
from cooperation.saved_filters import saved_filters

urlpatterns = [
    *accounts.urlpatterns,
    path("ke-hoach/", views.plan_list, name="plan-list"),
    path("thoa-thuan/", views.agreement_list, name="agreement-list"),
    path("thoa-thuan/<slug:slug>/", views.agreement_detail, name="agreement-detail"),
    path("co-quan/", views.agency_list, name="agency-list"),
    path("nguon/", views.source_list, name="source-list"),
    path("bo-loc-cua-toi/", saved_filters, name="saved-filters"),
]
