from parvis.web.access import Permission, Table

AGENTS = Permission("offices.manage_agents")

ACCESS: Table = {
    "steering:agents": AGENTS,
    "steering:new_agent": AGENTS,
    "steering:agent": AGENTS,
    "steering:reset_password": AGENTS,
    "steering:deactivate_agent": AGENTS,
}
