from parvis.web.access import Public, Table

# Whoever asks: a token, a proof of the contact or a partner's key decides what they may see and do.
ACCESS: Table = {
    "api:documentation": Public(for_agents=True),
    "api:v1:api-root": Public(),
    "api:v1:openapi-json": Public(),
    **{
        f"api:v1:{name}": Public()
        for name in (
            "offices",
            "procedures",
            "days",
            "slots",
            "challenges",
            "contacts",
            "proof",
            "appointments",
            "appointment",
            "move",
            "cancel",
            "requests",
            "request",
            "withdraw",
        )
    },
}
