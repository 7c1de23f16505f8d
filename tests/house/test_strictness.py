"""The session is as strict as it says."""

import socket
import warnings

import pytest
from django.contrib.auth.models import Group
from django.template import Context, Template
from pytest_socket import SocketConnectBlockedError

from tests.strictness import UnknownVariable


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_an_unknown_template_variable_fails() -> None:
    with pytest.raises(UnknownVariable, match="nobody"):
        Template("{{ nobody.name }}").render(Context({}))


def test_a_known_template_variable_is_written() -> None:
    assert Template("{{ name }}{% if absent %}!{% endif %}").render(Context({"name": "Exemple"})) == "Exemple"


def test_the_network_is_out_of_reach() -> None:
    with socket.socket() as door, pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"):
        door.connect(("192.0.2.1", 80))


@pytest.mark.django_db
def test_rows_nobody_ordered_come_in_any_order() -> None:
    names = [f"group {number:02}" for number in range(12)]
    Group.objects.bulk_create([Group(name=name) for name in names])
    orders = {tuple(group.name for group in Group.objects.all()) for _attempt in range(5)}
    assert len(orders) > 1
    assert all(sorted(order) == names for order in orders)
    assert [group.name for group in Group.objects.order_by("name")] == names
