from parvis.web.access import Public, SignedIn, Table

ACCESS: Table = {
    "account_login": Public(for_agents=True),
    "account_inactive": Public(for_agents=True),
    "account_unlock": Public(for_agents=True),
    "account_change_agent": Public(for_agents=True),
    "mfa_authenticate": Public(for_agents=True),
    "account_logout": SignedIn(),
    "account_me": SignedIn(),
    "account_lock": SignedIn(),
    "account_change_password": SignedIn(),
    "account_reauthenticate": SignedIn(),
    "mfa_reauthenticate": SignedIn(),
    "mfa_index": SignedIn(),
    "mfa_activate_totp": SignedIn(),
    "mfa_deactivate_totp": SignedIn(),
    "mfa_view_recovery_codes": SignedIn(),
    "mfa_generate_recovery_codes": SignedIn(),
}
