"""gunicorn's settings. The application loads before the workers fork: a wrong setting stops the start."""

import os

bind = f"{os.environ.get('PORTAL_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
preload_app = True
timeout = 60
accesslog = os.environ.get("PORTAL_ACCESS_LOG")
control_socket_disable = True  # it would stand in the home folder, one for all portals of this user
