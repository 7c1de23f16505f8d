from tests.reception.conftest import house

__all__ = ["house"]
