"""Who an account is and what it may do, as Django asks it."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser, User


class RolesOnly(AuthenticationBackend):
    """An account may do what its roles may, nothing of its own: every press of an agent asks the roles alone."""

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        """The ``app.codename`` of every permission of its roles; none for an account that was closed."""
        return set(self.get_group_permissions(user_obj, obj))
