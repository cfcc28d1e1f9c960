"""The admin's looser Content-Security-Policy, and only the admin's."""

from django.conf import settings
from django.urls import reverse


class AdminPolicyMiddleware:
    """Under /admin/ the skin's script library (Alpine) evaluates expressions: allow it there alone."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(self.prefix):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response
