"""The roles of cooperation.permissions as groups in the database."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from cooperation.permissions import ROLES


@transaction.atomic
def sync_roles() -> None:
    """Give every role exactly its permissions, no more and no fewer. May run any number of times."""
    stored = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, models in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(
            stored[label.split(".")[0], f"{action}_{label.split('.')[1]}"]
            for label, actions in models.items()
            for action in actions
        )
