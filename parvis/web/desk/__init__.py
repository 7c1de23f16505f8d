"""The greeter's desk: tickets given by hand, people found again."""
