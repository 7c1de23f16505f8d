"""Cards for tests."""

from datetime import UTC, datetime

import factory

from parvis.permits.models import Permit
from parvis.permits.states import State
from tests.offices.factories import OfficeFactory
from tests.people.factories import PersonFactory


class PermitFactory(factory.django.DjangoModelFactory[Permit]):
    """A card in stock; ``gone`` has been handed over."""

    class Meta:
        model = Permit

    class Params:
        gone = factory.Trait(state=State.HANDED_OVER, handed_over_at=datetime(2017, 12, 8, 10, 0, tzinfo=UTC))

    office = factory.SubFactory(OfficeFactory)
    number = factory.Sequence(lambda n: f"TEST{n:06}")
    person = factory.SubFactory(PersonFactory)
    kind = "temporary_permit"
    place = "Tiroir 1"
    received_at = datetime(2017, 12, 1, 9, 0, tzinfo=UTC)
