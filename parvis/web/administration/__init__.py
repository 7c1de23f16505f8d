"""The agents: who works at the office, with which roles, able to serve which lines."""
