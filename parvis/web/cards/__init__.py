"""The cards of the office: their stock, the deliveries, what was set aside, what nobody claims, the figures."""
