"""What the browser does: the proof of work of a challenge."""

from typing import Any

import altcha


def solved(challenge: dict[str, Any]) -> str:
    """The payload that the browser sends back."""
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    return altcha.Payload(asked, solution).to_base64()
