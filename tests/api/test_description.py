"""The interface describes itself, for programs and for people."""

from tests.api.program import Program


def test_the_description_names_every_address(program: Program) -> None:
    described = program.get("/openapi.json").json()
    assert described["info"]["title"] == "Parvis"
    paths = set(described["paths"])
    assert {"/api/v1/appointments", "/api/v1/appointments/{token}", "/api/v1/offices/{office}/slots"} <= paths
    page = program.client.get("/api/").content.decode()
    for path in paths:
        assert path in page
    assert "Idempotency-Key" in page
    assert "<script" not in page.split("<main")[1]
