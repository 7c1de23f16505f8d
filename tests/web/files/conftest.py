from tests.casefiles.conftest import house

__all__ = ["house"]
