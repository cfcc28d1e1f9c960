"""The admin's looser Content-Security-Policy, and only the admin's; smaller pages for readers."""

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
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


class PublicGZipMiddleware(GZipMiddleware):
    """Compress what readers get. Who is signed in, or has a form's token, gets pages as they are: the size
    of a compressed page can tell a secret that stands beside text of a stranger's choosing (BREACH)."""

    def process_response(self, request, response):
        secrets = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        if secrets & {*request.COOKIES, *response.cookies}:
            return response
        return super().process_response(request, response)
